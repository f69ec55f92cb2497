"""Bytes and plain data.

May know: nobody.
"""
