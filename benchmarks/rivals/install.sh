#!/bin/sh
# The rivals that the suite is measured against: newman and Step CI in node_modules, Tavern and schemathesis in an
# environment each, all of them beside this file and of the versions that are locked here. Quick when all is there.
# Not part of CI: only `python -m benchmarks.rivals` needs it. hurl is not to be had this way (docs/benchmarks.md).
set -eu
cd "$(dirname "$0")"

python=
# A distribution's own first, as in .ci/run: it is the fastest, and all in Python run on the same one.
for candidate in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { echo "Python 3.11 or newer is needed"; exit 1; }

for tool in tavern schemathesis; do
    if ! cmp -s "$tool/requirements.txt" ".venv/$tool/installed.txt"; then
        rm -rf ".venv/$tool"
        "$python" -m venv ".venv/$tool"
        ".venv/$tool/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$tool/requirements.txt"
        cp "$tool/requirements.txt" ".venv/$tool/installed.txt"
    fi
done

if ! command -v npm >/dev/null; then
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends nodejs npm
fi
# Without scripts: none of the packages needs one.
if ! cmp -s package-lock.json node_modules/installed.json; then
    npm ci --silent --no-audit --no-fund --ignore-scripts
    cp package-lock.json node_modules/installed.json
fi
