"""One request and its answer: definition, client, contract.

May know: upstream.
"""
