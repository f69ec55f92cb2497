"""How somebody else's integration behaves: scenarios, what the server saw in them, and a report.

May know: command, cases, server, rest, oauth, model, http.
"""
