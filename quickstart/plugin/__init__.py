"""How pytest sees the suite: options, collection rules, verdicts, exit codes.

May know: report, history, credentials, judgement, run, exchange, secrecy, upstream.
"""
