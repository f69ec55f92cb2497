#!/bin/sh
# What the browser tests need besides requirements-dev.txt: Debian's chromium with its driver, and axe-core from npm.
# Quick when all is there. The tests skip, and say so, where it is not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
axe_version=4.14.1

if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver fonts-dejavu-core
fi

if ! grep -qs "\"version\": \"$axe_version\"" "$here/.axe/node_modules/axe-core/package.json"; then
    mkdir -p "$here/.axe"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$here/.axe" "axe-core@$axe_version"
fi
