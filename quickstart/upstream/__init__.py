"""The private parts of pytest and pytest-html that the suite rests on, in this place alone, and what breaks without.

May know: nobody.
"""
