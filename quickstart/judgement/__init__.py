"""The claims' vocabulary: catalogue, expectations, verdicts, first cause and remedy.

May know: run, exchange, secrecy.
"""
