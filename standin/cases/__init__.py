"""Lies (faults) and legal peculiarities (variations), as tables.

May know: server, rest, oauth, model, http.
"""
