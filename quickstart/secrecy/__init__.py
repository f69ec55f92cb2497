"""No secret in any output.

May know: nobody.
"""
