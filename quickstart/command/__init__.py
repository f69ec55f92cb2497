"""The command ``procore-quickstart``, which is ``python -m quickstart``, too.

May know: plugin, report, credentials, judgement, run, exchange, secrecy.
"""
