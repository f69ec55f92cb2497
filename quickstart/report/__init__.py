"""What a person reads: terminal, HTML, Markdown, badge, annotations.

May know: judgement, run, exchange, secrecy, upstream.
"""
