"""`loopbaan demo`: the law shown, the scheme at work on an invented year, and a measure tried."""

import argparse
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from loopbaan.adapters.cast_centres import COLLEAGUES
from loopbaan.adapters.postgres import Server
from loopbaan.command import books, demo_lab
from loopbaan.command.asking import BRUSSELS, Asker, a_day, asker
from loopbaan.command.clock import OFFSET
from loopbaan.command.database import opened
from loopbaan.command.serve import (
    SITE,
    address_of,
    ask_address,
    listening,
    serve,
    stop_on_signals,
)
from loopbaan.command.showing import show_law
from loopbaan.law.wording import LANGS, Lang, number_text
from loopbaan.live import ready

CHECKOUT = Path(__file__).parents[2]
PEOPLE = 2_600  # besides the cast
GOES_ON = datetime(2025, 10, 1, tzinfo=ZoneInfo(BRUSSELS))  # where the calendar ticks on
CALENDAR = "calendar.json"
WRONG, BAD = 1, 2
EPILOG = """\
examples:
  loopbaan demo                       as `make demo` does: shows, fills once, serves
  loopbaan demo --no-serve --lang nl  as `make demo SERVE=0` does, in Dutch
  loopbaan demo --state DIR --port 0  another one, beside it

Keeps everything in one folder: the database, the mail, the keys. A second start finds
it filled and goes on with the same calendar. Exit code 1: a documented case is decided otherwise,
or the books do not hold.
"""


def run(arguments: Sequence[str]) -> int:
    """Show the law, fill the demo if it is not filled, look at the books, and serve."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    stop_on_signals()
    state: Path = asked.state.resolve()
    door = None if asked.no_serve else listening(parser, asked.host, asked.port)
    with _alone(parser, state):
        os.environ["LOOPBAAN_STATE"] = str(state)
        os.environ["LOOPBAAN_SANDBOX"] = "1"
        for name in (OFFSET, "LOOPBAAN_PEOPLE"):
            os.environ.pop(name, None)
        if door is not None:
            os.environ.setdefault(SITE, address_of(door))
        is_quick = door is not None and (state / CALENDAR).exists() and not asked.fresh
        wrong = 0 if is_quick else show_law(asked.lang)
        sys.stdout.flush()
        with opened(with_tables=False) as server:
            if not _filled(state, asked, _WORDS[asked.lang]):
                return BAD
            if not _show_lab(state, asked):
                wrong += 1
            os.environ[OFFSET] = str(_offset(state))
            if door is None:
                return WRONG if not _look_at_books(asked.lang) or wrong else 0
            return _serve(server, door, state, asked.lang) or (WRONG if wrong else 0)


def _parser() -> Asker:
    parser = asker("demo", __doc__ or "", EPILOG)
    parser.add_argument("--lang", choices=LANGS, default="en", help="default: en")
    parser.add_argument("--no-serve", action="store_true", help="do all but serve, and stop")
    parser.add_argument("--fresh", action="store_true", help="fill anew, whatever is there")
    is_checkout = (CHECKOUT / "pyproject.toml").exists()
    state = (CHECKOUT if is_checkout else Path()) / ".demo"
    parser.add_argument(
        "--state", metavar="DIR", type=Path, default=state, help="default: .demo in the checkout"
    )
    ask_address(parser)
    # Fewer people and fewer days, for tests.
    parser.add_argument("--workers", type=int, default=PEOPLE, help=argparse.SUPPRESS)
    parser.add_argument("--from", dest="first", type=a_day, help=argparse.SUPPRESS)
    parser.add_argument("--lab-share", type=float, default=demo_lab.SHARE, help=argparse.SUPPRESS)
    parser.add_argument("--lab-runs", type=int, default=demo_lab.RUNS, help=argparse.SUPPRESS)
    return parser


@contextmanager
def _alone(parser: Asker, state: Path) -> Iterator[None]:
    """Keep a second demo out of the same folder."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "demo").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            parser.error(f"a demo runs in {state} already: stop it, or take another --state")
        yield


def _filled(state: Path, asked: argparse.Namespace, words: dict[str, str]) -> bool:
    """Fill the demo, unless it is filled; False if the database is somebody else's."""
    ready.ready()
    stage = ready.load("stage")
    found = stage.stage()
    if found == "others":
        print(f"loopbaan: {words['others']}", file=sys.stderr)
        return False
    if found == "filled" and (state / CALENDAR).exists() and not asked.fresh:
        ready.migrate()
        return True
    (state / CALENDAR).unlink(missing_ok=True)
    print(words["fills"].format(state=state))
    started = time.perf_counter()
    stage.begin()
    given = {"first": asked.first} if asked.first else {}
    tell = _teller(started, asked.lang)
    ready.load("filling").fill(people=asked.workers, tell=tell, **given)
    stage.finish()
    seconds = time.perf_counter() - started
    # From here on the calendar ticks; this file is written last.
    offset = (GOES_ON - datetime.now(UTC)).total_seconds()
    part = state / f".{CALENDAR}"
    part.write_text(json.dumps({"offset_seconds": offset, "filled_in_seconds": round(seconds, 1)}))
    part.replace(state / CALENDAR)
    print(words["filled"].format(seconds=f"{seconds:.0f}"))
    return True


def _teller(started: float, lang: Lang) -> Any:
    words, is_screen = _WORDS[lang], sys.stdout.isatty()

    def tell(reached: Any) -> None:
        if not reached.is_month_over and not is_screen:
            return
        line = words["reached"].format(
            day=f"{reached.day:%Y-%m}" if reached.is_month_over else reached.day,
            orders=number_text(reached.orders, lang),
            granted=number_text(reached.granted, lang),
            vouchers=number_text(reached.vouchers, lang),
            talks=number_text(reached.talks, lang),
            paid=number_text(reached.paid_cents // 100, lang),
            seconds=f"{time.perf_counter() - started:.0f}",
        )
        print(line, end="\n" if reached.is_month_over else "\r", flush=True)

    return tell


def _show_lab(state: Path, asked: argparse.Namespace) -> bool:
    return demo_lab.show(
        state, asked.lang, share=asked.lab_share, runs=asked.lab_runs, is_fresh=asked.fresh
    )


def _offset(state: Path) -> float:
    """Return by how many seconds the calendar of this demo differs from the real one."""
    kept: dict[str, float] = json.loads((state / CALENDAR).read_text())
    return kept["offset_seconds"]


def _look_at_books(lang: Lang) -> bool:
    print(_WORDS[lang]["books"])
    are_clean = books.are_clean()
    sys.stdout.flush()
    return are_clean


def _serve(server: Server, door: Any, state: Path, lang: Lang) -> int:
    """Serve, and once the pages answer look at the books and say where to go, as whom."""
    logs = state / "log"
    logs.mkdir(exist_ok=True)
    words = _WORDS[lang]

    def greet() -> bool:
        if not _look_at_books(lang):
            return False
        print(words["who"])
        told = set()
        for name, status in ready.load("stage").cast_standings():
            if status not in told:
                told.add(status)
                print(f"  {name:<24}{words[f'status_{status}']}")
        for key in ("lieve", "dora", "zeger"):
            _, each = COLLEAGUES[key]
            print(f"  {each.name:<24}{words[key]}")
        print(f"  {'Els, Dirk, Claes':<24}{words['officials']}")
        print(words["served"].format(address=address_of(door), logs=logs))
        # Nothing of the database is needed here any more.
        ready.leave()
        return True

    return serve(server, door, greet=greet, logs=logs)


_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "others": "this database holds workers that no demo put there: give the demo another one",
        "fills": "\nFilling the scheme with a year, day by day, in {state}",
        "reached": "  {day:<10} {orders:>5} orders {granted:>6} granted {vouchers:>5} paid"
        " vouchers {talks:>6} talks  €{paid:>8} to centres {seconds:>4} s",
        "filled": "Filled in {seconds} s.",
        "books": "\nThe books:",
        "who": "\nLog in as (nobody here is real, and there is no password):",
        "lieve": "leads Centrum De Brug: a voucher to start, talks, what was paid and why not",
        "dora": "guides at Centrum De Brug: her workers, her talks, what was claimed for them",
        "zeger": "leads Centrum Zonder, which is not recognised and can start nothing",
        "officials": "officials: Els made a payout that Dirk can release, Claes decides on talks",
        "served": "\n{address}/  (Ctrl-C stops everything; what the parts say is in {logs})",
        "status_None": "may order, and did not yet",
        "status_received": "ordered just now",
        "status_refused": "was refused: the page says why, and how to contest it",
        "status_waiting": "waits for a place",
        "status_lost": "found no place left",
        "status_withdrawn": "withdrew the order, and may order again",
        "status_granted": "has to pay",
        "status_lapsed": "paid too little, too late or not: the order lapsed",
        "status_issued": "has a voucher, open for Centrum De Brug",
        "status_started": "is guided at De Brug: one talk waits for her answer, one she disputes",
        "status_closed": "ended the guidance, with a plan",
        "status_closed_early": "and the centre closed early: the minutes left are lost",
        "status_lapsed_unstarted": "did not start in time: the money went back",
    },
    "nl": {
        "others": "deze databank bevat werkenden die geen demo er zette: geef de demo een andere",
        "fills": "\nDe regeling wordt gevuld met een jaar, dag na dag, in {state}",
        "reached": "  {day:<10} {orders:>5} besteld {granted:>6} toegekend {vouchers:>5} betaalde"
        " cheques {talks:>6} gesprekken  €{paid:>8} naar centra {seconds:>4} s",
        "filled": "Gevuld in {seconds} s.",
        "books": "\nDe boeken:",
        "who": "\nMeld u aan als (niemand is hier echt, en er is geen wachtwoord):",
        "lieve": "leidt Centrum De Brug: een cheque om op te starten, gesprekken, de afrekening",
        "dora": "begeleidt bij Centrum De Brug: haar werkenden, haar gesprekken, wat gevorderd is",
        "zeger": "leidt Centrum Zonder, dat niet erkend is en niets kan opstarten",
        "officials": "ambtenaren: Els maakte een uitbetaling die Dirk kan vrijgeven, Claes beslist",
        "served": "\n{address}/  (Ctrl-C stopt alles; wat de delen zeggen, staat in {logs})",
        "status_None": "mag bestellen, en deed het nog niet",
        "status_received": "bestelde zonet",
        "status_refused": "werd geweigerd: de pagina zegt waarom, en hoe te betwisten",
        "status_waiting": "wacht op een plaats",
        "status_lost": "vond geen plaats meer",
        "status_withdrawn": "trok de bestelling in, en mag opnieuw bestellen",
        "status_granted": "moet betalen",
        "status_lapsed": "betaalde te weinig, te laat of niet: de bestelling verviel",
        "status_issued": "heeft een cheque, open voor Centrum De Brug",
        "status_started": "krijgt begeleiding bij De Brug: één gesprek wacht, één betwist ze",
        "status_closed": "rondde de begeleiding af, met een plan",
        "status_closed_early": "sloot samen met het centrum vroeger af: de rest is verloren",
        "status_lapsed_unstarted": "startte niet op tijd: het geld ging terug",
    },
}
