"""The same checks with what a user would pick instead, against the stand-in: ``python -m benchmarks.rivals``."""
