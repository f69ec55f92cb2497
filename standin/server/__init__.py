"""Hosts, TLS and routing: the sockets around the model.

May know: rest, oauth, model, http.
"""
