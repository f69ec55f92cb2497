"""Nights in a row: what is kept of each run, since when something is broken, what changed between two runs.

May know: judgement, exchange, secrecy.
"""
