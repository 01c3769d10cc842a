"""`loopbaan backup FILE`: the whole database in one file, as of one moment."""

import sys
from collections.abc import Sequence
from pathlib import Path

from loopbaan.adapters import postgres_copy
from loopbaan.command.asking import asker
from loopbaan.command.database import ask_state, opened

BAD = 2
EPILOG = """\
examples:
  loopbaan backup monday.dump
  loopbaan backup demo.dump --state .demo

Works while everything runs. FILE must not be there yet; it appears once it is whole,
and only its owner can read it. Numbers of people in it are encrypted: the keys are not in it. Keep
those apart, once: the folder `keys` of the state folder, or what LOOPBAAN_SECRET and
LOOPBAAN_INSZ_KEYS hold. Letters, mail, files of the bank and what the laboratory played are not in
it either: they are other folders of the state folder.
"""


def run(arguments: Sequence[str]) -> int:
    """Write the file."""
    parser = asker("backup", __doc__ or "", EPILOG)
    parser.add_argument("file", metavar="FILE", type=Path, help="a new file")
    ask_state(parser)
    file: Path = parser.parse_args(arguments).file
    if file.exists():
        print(f"loopbaan: {file} is there already: name a new file", file=sys.stderr)
        return BAD
    with opened(of_any_version=True) as server:
        size = postgres_copy.save(server.url, file, server.source)
    print(f"{file}: {size:,} bytes; the keys are not in it (see loopbaan backup --help)")
    return 0
