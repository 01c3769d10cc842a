#!/bin/sh
# Compiles requirements/*.txt, pinned with the hashes of every platform's file: from pyproject.toml,
# cluster.txt with the releases that dev.txt tests, and peers.txt from peers.in, for what the bench
# measures beside us is no part of the project.
#
# By the lowest Python that is promised, for a higher one picks releases that the lowest cannot
# install. Without the machine's own pip settings, for a local store of packages knows the hashes
# of its own files only.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3.11}
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' ||
    { echo "requirements: Python 3.11 compiles them: make requirements PYTHON=…" >&2; exit 1; }

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL
"$python" -m venv "$place"
"$place/bin/pip" install --quiet pip-tools==7.6.2

compile() {
    echo "requirements: compiling $1" >&2
    CUSTOM_COMPILE_COMMAND="make requirements" "$place/bin/pip-compile" --quiet --upgrade \
        --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
        --no-emit-find-links --no-emit-trusted-host --output-file "$@"
}
compile requirements/run.txt --build-deps-for editable pyproject.toml
compile requirements/dev.txt --build-deps-for editable --extra dev pyproject.toml
compile requirements/cluster.txt --build-deps-for editable --extra cluster \
    --constraint requirements/dev.txt pyproject.toml
compile requirements/peers.txt requirements/peers.in
