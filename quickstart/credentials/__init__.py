"""What the user configures, and the tokens on disk.

May know: judgement, run, exchange, secrecy.
"""
