"""Procore on your desk: a local model of the login service and of the REST calls of the quick start.

Written from the collected facts alone (``facts/doorkeeper.md``, ``facts/procore-api.md``). It imports nothing of
the suite it serves: a model built from the schemas it is judged by would prove nothing.

The core is pure (:func:`standin.server.procore.answer_for`): a request and a world in, an answer out. Faults are
modifiers on that answer, or one field of :class:`standin.model.behaviour.Behaviour`.
Sockets, TLS and the proxy come after.
"""
