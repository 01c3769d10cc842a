"""What the demo shows of the laboratory: played the first time, kept, and shown ever after."""

import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from loopbaan.command import main
from loopbaan.law.wording import Lang

TRIED, SHARE, RUNS = ("cap-1000", "draw-1000"), 0.05, 6
MADE = "made"  # written last: all pages are there, in both languages


def show(state: Path, lang: Lang, *, share: float, runs: int, is_fresh: bool) -> bool:
    """Show what happened beside a draw, and make the pages of /lab; False if that cannot be."""
    folder = state / "lab"
    page = folder / f"{'-'.join(TRIED)}.{lang}.txt"
    if is_fresh:
        shutil.rmtree(folder / "pages", ignore_errors=True)
    if is_fresh or not page.exists():
        print(_WORDS[lang]["plays"].format(share=f"{share:g}"), flush=True)
        words = ("--share", str(share), "--lang", lang, "--cache", str(folder))
        with redirect_stdout(StringIO()) as said:
            code = main(("lab", "compare", *TRIED, *words))
        if code != 0:
            return False
        part = page.with_name(f".{page.name}")
        part.write_text(said.getvalue(), "utf-8")
        part.replace(page)
    print(_WORDS[lang]["tried"])
    print(page.read_text("utf-8"))
    return _make_pages(folder, lang, share, runs)


def _make_pages(folder: Path, lang: Lang, share: float, runs: int) -> bool:
    """Make the report and the replay, unless they are there."""
    pages = folder / "pages"
    if not (pages / MADE).exists():
        print(_WORDS[lang]["makes"], flush=True)
        words = ("--share", str(share), "--seeds", str(runs), "--cache", str(folder))
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            code = main(("lab", "pages", str(pages), *words))
        if code != 0:
            print(said.getvalue())
            return False
        (pages / MADE).touch()
    print(_WORDS[lang]["made"])
    return True


_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "plays": "\nThe laboratory plays 2013 to 2027 twice, on a part of the workers ({share}):",
        "tried": "\nThe laboratory: what happened, and the same places drawn by lot (docs/lab.md)",
        "makes": "It writes a report and a replay of 1 April 2025; that takes less than a minute.",
        "made": "The report, the replay, and a card to try: see /lab on the site.",
    },
    "nl": {
        "plays": "\nHet labo speelt 2013 tot 2027 twee keer, op een deel van allen ({share}):",
        "tried": "\nHet labo: wat gebeurde, en dezelfde plaatsen geloot (docs/lab.md)",
        "makes": "Het schrijft een verslag, en 1 april 2025 opnieuw; dat duurt geen minuut.",
        "made": "Het verslag, 1 april opnieuw en een kaart om te proberen: zie /lab op de site.",
    },
}
