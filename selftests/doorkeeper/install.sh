#!/bin/sh
# Procore's login service is a Rails app on the Doorkeeper gem: Debian's, with its Rails, for a server of our own. Quick
# when all is there. The tests skip, and say so, where it is not.
set -eu
ruby -e '%w[doorkeeper activerecord sqlite3 puma].each { |name| gem name }' 2>/dev/null && exit 0
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends \
    ruby ruby-doorkeeper ruby-activerecord ruby-sqlite3 puma
