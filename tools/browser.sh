#!/bin/sh
# Brings in Chromium for the tests in a browser, where that can be; silent if it is there.
#
# Where it cannot, those tests are skipped and say so, unless LOOPBAAN_BROWSER=required.
set -eu

say() { echo "browser: $*" >&2; }

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
fault="install Chromium to run the tests in a browser; without it they are skipped"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing Chromium, once, for the tests in a browser"
    export DEBIAN_FRONTEND=noninteractive
    set -- -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=30
    if apt-get "$@" update </dev/null >&2 &&
        apt-get "$@" install --yes --no-install-recommends chromium </dev/null >/dev/null; then
        exit 0
    fi
    fault="apt-get could not install Chromium, for the reason above: the tests in a browser are skipped"
fi
say "$fault"
[ "${LOOPBAAN_BROWSER:-}" != required ]
