#!/bin/sh
# What the browser's walk needs besides selftests/report/install.sh: certutil, which makes a browser trust a CA. Quick when it is there.
set -eu
if ! command -v certutil >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libnss3-tools
fi
