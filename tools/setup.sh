#!/bin/sh
# Makes .venv: `setup.sh run` for the command `loopbaan`, `setup.sh dev` for the checks as well.
#
# .venv/ready says where the environment was made and from what. It is taken away before anything
# is installed and written last, so an interrupted setup leaves nothing that the next one believes.
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
asked=${PYTHON:-}
unset PYTHONHOME PYTHONPATH

place="place $(pwd -P)"
project="project $(cksum <pyproject.toml)"
run="run $(cat tools/setup.sh requirements/run.txt | cksum)"
dev="dev $(cat tools/setup.sh requirements/dev.txt | cksum)"

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }
has() { [ -f .venv/ready ] && grep -qxF -e "$1" .venv/ready; }

# Made in this folder from these requirements, and its Python still runs.
is_sound() {
    has "$place" && has "$run" && { has "$dev" || ! grep -q '^dev ' .venv/ready; } &&
        { [ -z "$asked" ] || has "python $asked"; } &&
        .venv/bin/python -I -c 'import flit_core' 2>/dev/null
}

is_complete() {
    has "$project" && [ -x .venv/bin/loopbaan ] && { [ "$want" = run ] || has "$dev"; }
}

# Nothing for a Python that will do, else the sentence that says what it lacks. A name on the path
# proves nothing: a version manager leaves names that do not run. The probe must parse in Python 2.
fault_of() {
    "$1" - "$1" 2>/dev/null <<'PROBE' || echo "$1 does not run"
import sys
name = "%s is Python %d.%d" % ((sys.argv[1],) + tuple(sys.version_info[:2]))
if not (3, 11) <= sys.version_info < (3, 15):
    print(name + ": 3.11 up to 3.14 is needed")
else:
    try:
        import ensurepip, venv
        ensurepip.version()
    except Exception:
        print(name + " and cannot make an environment of its own: "
              "on Debian or Ubuntu, `apt install python%d.%d-venv`" % sys.version_info[:2])
PROBE
}

choose_python() {
    nearly=
    for python in ${asked:+"$asked"} python3.14 python3.13 python3.12 python3.11 python3 python; do
        fault=$(fault_of "$python")
        [ -n "$fault" ] || return 0
        [ -z "$asked" ] || fail "$fault"
        case $fault in *"of its own"*) nearly=${nearly:-$fault} ;; esac
    done
    fail "${nearly:-no Python 3.11 up to 3.14 here: install one, or name one with PYTHON=/path/to/python}"
}

install() {
    # -qq leaves errors only. PIP_USER is a setting for a whole machine that no environment accepts.
    PIP_USER=0 .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
        "$@" </dev/null ||
        fail "pip could not install it, for the reason above; is there a network?"
}

[ "$want" = run ] || [ "$want" = dev ] || fail "it is setup.sh run or setup.sh dev, not $want"
if is_sound; then
    if is_complete; then exit 0; fi
    python=$(sed -n 's/^python //p' .venv/ready)
    if has "$dev"; then want=dev; fi
    rm .venv/ready
    say "bringing .venv up to date for $want"
else
    choose_python
    say "making .venv for $want with $("$python" -c 'import sys; print(sys.executable)')"
    rm -rf .venv
    "$python" -m venv .venv </dev/null
fi
install --require-hashes --requirement "requirements/$want.txt"
install --no-deps --no-build-isolation --editable .

printf '%s\n' "$place" "python $python" "$project" "$run" >.venv/ready.new
if [ "$want" = dev ]; then echo "$dev" >>.venv/ready.new; fi
mv .venv/ready.new .venv/ready
