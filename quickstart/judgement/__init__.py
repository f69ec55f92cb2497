"""The claims' vocabulary: catalogue, expectations, verdicts, waivers, first cause and remedy.

May know: run, exchange, secrecy.
"""
