#!/bin/sh
# The clients that the stand-in is tried with: Python's in .venv, JavaScript's and Node.js itself in node_modules, Ruby's
# and curl from Debian.
# Nothing of it enters the project's own environment. Quick when all is there. The tests skip, and say so, where it is not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"

# Python 3.12 if there is one, for pyprocore; without it, that client alone is skipped.
python=
for candidate in python3.14 python3.13 python3.12 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3 python3; do
    if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { echo "Python 3.11 or newer is needed"; exit 1; }

if ! cmp -s requirements.txt .venv/installed.txt; then
    rm -rf .venv
    "$python" -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
    cp requirements.txt .venv/installed.txt
fi

missing=
command -v npm >/dev/null || missing="$missing nodejs npm"
command -v curl >/dev/null || missing="$missing curl"
ruby -e 'require "oauth2"' 2>/dev/null || missing="$missing ruby ruby-oauth2"
if [ -n "$missing" ]; then
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing
fi

if ! cmp -s package-lock.json node_modules/installed.json; then
    npm ci --silent --no-audit --no-fund --ignore-scripts
    cp package-lock.json node_modules/installed.json
fi
