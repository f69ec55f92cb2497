"""Steps 5 and 6: authorize, grants, token info, revocation.

May know: model, http.
"""
