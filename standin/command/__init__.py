"""``python -m standin``: what can be typed.

May know: cases, server, model, http.
"""
