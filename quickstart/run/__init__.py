"""Each exchange sent once, or played from its cassette.

May know: exchange, secrecy.
"""
