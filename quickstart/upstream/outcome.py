"""pytest's exception for a test that says nothing. It stands alone, so that commands need not import all of pytest."""

# pytest.skip.Exception is the same, and public, but no type checker lets a class derive from it. Without it, what could
# not be tested would be an error: red, where nothing is known.
from _pytest.outcomes import Skipped

__all__ = ["Skipped"]
