"""The machinery behind the claims of the quick start suite."""

__version__ = "1.0.0"
