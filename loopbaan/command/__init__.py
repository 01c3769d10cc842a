"""The command line: one file a subcommand, imported when called."""

import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from loopbaan import __version__
from loopbaan.adapters.postgres_place import NoPostgres
from loopbaan.law.checks import RulebookError, UnreadableFile

COMMANDS = {
    "law": "the numbers in force on a day, with their sources",
    "decide": "who may order a voucher: cases in YAML, workers in CSV or Parquet",
    "explain": "the whole reasoning for one worker, in Dutch or English",
    "serve": "the scheme in a browser: database, worker process and pages",
    "work": "the worker process: decides, reads the bank, lets lapse, sends",
    "books": "every invariant of the scheme, recomputed from the rows",
    "backup": "the whole database in one file, while everything runs",
    "restore": "the database of a backup back in its place, and its books looked at",
    "export": "the rows of the scheme as CSV, without INSZ and names of people",
    "lab": "a measure played out on an invented Flanders: who gets in, who falls out",
    "calculate": "the measures that the authority asked to be played out whole",
    "demo": "the law shown, then the whole scheme at work on an invented year",
}
USAGE = "usage: loopbaan COMMAND …\n\nThe Flemish career voucher: one law, with its reasons.\n"
BAD, STOPPED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(words)
        print(end="", flush=True)
    except KeyboardInterrupt:
        print("\nstopped; nothing half done was left", file=sys.stderr)
        return STOPPED
    except (RulebookError, UnreadableFile) as error:
        print(error, file=sys.stderr)
        return BAD
    except NoPostgres as error:
        print(f"loopbaan: {error}", file=sys.stderr)
        return BAD
    except OSError as error:
        # Who read the output has seen enough, or it is full: nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0
        where = error.filename or "the output"
        print(f"loopbaan: {where} cannot be written: {error.strerror}", file=sys.stderr)
        return BAD
    return code


def _run(words: list[str]) -> int:
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal or a file that does not know € or ✓ shows their code, and stops nothing.
        sys.stdout.reconfigure(errors="backslashreplace")
    if not words or words[0] in ("-h", "--help", "help"):
        print(USAGE + "".join(f"\n  {name:<11}{what}" for name, what in COMMANDS.items()))
        print("\n`loopbaan COMMAND --help` teaches one of them.")
        return 0 if words else BAD
    if words[0] == "--version":
        print(f"loopbaan {__version__}")
        return 0
    if words[0] not in COMMANDS:
        known = ", ".join(COMMANDS)
        print(f"loopbaan: there is no command {words[0]!r}; commands: {known}", file=sys.stderr)
        return BAD
    command = importlib.import_module(f"loopbaan.command.{words[0]}")
    code: int = command.run(words[1:])
    return code
