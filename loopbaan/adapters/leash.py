"""Runs a program on a leash: it ends when its parent does, and is an ordinary user if asked.

A program of its own, which the program it runs then replaces under the same process number: what a
process with threads does between fork and exec may hang. The leash hangs on the thread that starts
it, so it is the main thread that starts what must stay.
"""

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOST, FOLDER_SHUT, PROGRAM_SHUT = 76, 77, 78  # exit codes: what kept the program from running


def command(user: str, folder: Path, program: Path, *arguments: str | Path) -> tuple[str, ...]:
    """Return the words that run a program in a folder, as this user unless the name is empty."""
    start = (sys.executable, "-I", "-S", __file__, str(os.getpid()), user)
    return (*start, *map(str, (folder, program, *arguments)))


def main(parent: str, user: str, folder: str, program: str, *arguments: str) -> int:
    """Become the program; return only if that is not possible."""
    libc = ctypes.CDLL(None)
    if user:
        entry = pwd.getpwnam(user)
        os.initgroups(user, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    # After the change of user, which cuts a leash. PostgreSQL stops on SIGINT at once, cleanly.
    if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT)) or os.getppid() != int(parent):
        return LOST
    try:
        os.chdir(folder)
    except OSError:
        return FOLDER_SHUT
    try:
        os.execv(program, (program, *arguments))  # noqa: S606 (no shell is wanted)
    except OSError:
        return PROGRAM_SHUT


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
