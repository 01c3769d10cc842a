#!/bin/sh
# Makes .venv-peers, with the engines that `make bench-peers` measures; silent if it is there.
#
# Apart from .venv: what stands in it is licensed under the AGPL and never imported by the package.
set -eu
cd "$(dirname "$0")/.."

say() { echo "peers: $*" >&2; }

made="made $(pwd -P) $(cat tools/peers.sh requirements/peers.txt | cksum)"
if grep -qxF -e "$made" .venv-peers/ready 2>/dev/null && .venv-peers/bin/python -I -c ''; then
    exit 0
fi
say "making .venv-peers with the engines to measure"
rm -rf .venv-peers
.venv/bin/python -m venv .venv-peers </dev/null
PIP_USER=0 .venv-peers/bin/python -m pip install -qq --disable-pip-version-check --no-input \
    --require-hashes --requirement requirements/peers.txt </dev/null || {
    say "pip could not install them, for the reason above; is there a network?"
    exit 1
}
echo "$made" >.venv-peers/ready
