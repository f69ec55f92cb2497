"""No secret in any output.

May know: upstream.
"""
