#!/usr/bin/env bash
# Adds what benchmarks/mutation and benchmarks/coverage.py need to the environment of the self-tests (requirements-dev.txt).
# VENV names it; it is .venv by default.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${VENV:-${QUICKSTART_VENV:-.venv}}
"$venv/bin/python" -m pip install --quiet --require-hashes -r requirements-dev.txt -r benchmarks/mutation/requirements.txt
