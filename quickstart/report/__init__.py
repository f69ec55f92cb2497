"""What a person reads: terminal, HTML, Markdown, badge, annotations.

May know: history, judgement, run, exchange, secrecy, upstream.
"""
