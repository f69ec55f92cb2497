"""The private parts of pytest, pytest-html and Python's HTTP that the suite needs, here alone, and what breaks without.

May know: nobody.
"""
