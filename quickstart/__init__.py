"""The machinery behind the claims of the quick start suite."""

from pathlib import Path

__version__ = "1.0.0"

MACHINERY = Path(__file__).absolute().parent
_INSTALLED = MACHINERY.with_name("quickstart_claims")  # made where a wheel is built (pyproject.toml)
CLAIMS = _INSTALLED if _INSTALLED.is_dir() else MACHINERY.parent
"""The folder of ``tests/``, ``schemas/``, ``cassettes/``, ``conftest.py``, ``pytest.ini``: installed, or the clone."""
