"""What exists, and how it behaves.

May know: http.
"""
