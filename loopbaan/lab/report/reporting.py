"""Puts a report together: the minister's one page, and the sections that stand behind it."""

from collections.abc import Sequence
from dataclasses import replace

from loopbaan.lab.report import access, again, money, proof, window
from loopbaan.lab.report.content import Band, Exhibit, Headline, Report, Section, decimal_text
from loopbaan.lab.report.evidence import DOCUMENTS, UNKNOWN
from loopbaan.lab.report.members import Cast
from loopbaan.lab.report.naming import month_text, short
from loopbaan.lab.report.window import Played
from loopbaan.lab.report.words import TITLES_NL, WORDS
from loopbaan.lab.scenario import FOLDER, Scenario
from loopbaan.law.wording import Lang

_ON_ONE_PAGE = 4  # of what nobody knows; the others stand behind it


def tell(cast: Cast, lang: Lang) -> Report:
    """Return the report of a scenario and what it is compared with."""
    words = WORDS[lang]
    about = cast.first.outcomes.about
    stamps = [run.outcomes.about for run in cast.runs]
    first, last = (month_text(day, lang) for day in (cast.months.first, cast.months.last))
    others = ", ".join(title(run, lang) for run in cast.runs[1:])
    told = [words["months"].format(first=first, last=last)]
    if not cast.months.is_settled:
        told.append(words["not_settled"])
    if others:
        told.insert(0, words["against"].format(names=others))
    matters = proof.matters_section(cast, lang)
    parts = (
        access.falling_out_section(cast, lang),
        access.sold_out_section(cast, lang),
        access.waiting_section(cast, lang),
        money.money_section(cast, lang),
        money.even_section(cast, lang),
        money.centres_section(cast, lang),
        replace(matters, key="weights", title=words["weights"], told=(words["matters_more"],))
        if matters.exhibits
        else None,
        proof.past_section(cast, lang),
        proof.effects_section(cast, lang),
        _documents(lang),
        _method(cast, lang),
    )
    return Report(
        lang=lang,
        title=title(cast.first, lang),
        subtitle=". ".join(told) + ".",
        sentence=sentence(cast, lang),
        headlines=tuple(_headlines(cast, lang)),
        hit=_hit(cast, lang),
        matters=replace(matters, exhibits=()),
        unknown=Section("unknown", words["unknown"], (), listed=UNKNOWN[lang][:_ON_ONE_PAGE]),
        again=again.told(stamps, _seeds(cast), str(about["commit"]), lang),
        command=_command(cast, lang),
        sections=tuple(part for part in parts if part is not None),
        about={
            **about,
            **{name: again.together(stamps, name) for name in ("scenario_hash", "rulebook")},
            "runs": len(cast.members[cast.first.name]),
        },
    )


def title(run: Played, lang: Lang) -> str:
    """Return the title of a scenario; one of one's own has the title of its file."""
    own = str(run.outcomes.about["title"])
    return TITLES_NL.get(run.name, own) if lang == "nl" else own


def sentence(cast: Cast, lang: Lang) -> str:
    """Return the one sentence: what happens, with the bands of what it names."""
    words = WORDS[lang]
    given = {
        "first": month_text(cast.months.first, lang),
        "last": month_text(cast.months.last, lang),
        "one": short(cast.first, lang),
    }
    if cast.other is None:
        return words["sentence_alone"].format(
            users=_text(cast.band(cast.first, "users"), lang, -2),
            paid=_text(cast.band(cast.first, "government_million"), lang, 1),
            **given,
        )
    given["money"] = _compared(cast, "government_million", "money", 1, lang)
    if window.has_cap(cast.first, cast.months):
        placed = cast.band(cast.first, "placed_of_100")
        return words["sentence_cap"].format(placed=_text(placed, lang), **given)
    people = _compared(cast, "users", "people", -2, lang)
    return words["sentence"].format(people=people, **given)


def _compared(cast: Cast, figure: str, what: str, digits: int, lang: Lang) -> str:
    """Return a difference in words; one whose band holds zero is about as much."""
    assert cast.other is not None
    band, words, other = cast.difference(figure), WORDS[lang], short(cast.other, lang)
    if band.low is not None and band.high is not None and band.low <= 0 <= band.high:
        ends = _of(band, digits).ends(lang, max(digits, 0))
        return words[f"{what}_same"].format(ends=ends, other=other)
    way = "more" if band.central >= 0 else "less"
    size = _text(_size(band), lang, digits)
    return words[f"{what}_{way}"].format(size=size, other=other)


def _headlines(cast: Cast, lang: Lang) -> list[Headline]:
    """Return the three numbers: who gets it, what it costs, and when it would pay for itself."""
    words = WORDS[lang]
    found = []
    for name, figure, digits in (("users", "users", -2), ("paid", "government_million", 1)):
        band = cast.band(cast.first, figure)
        note = ""
        if cast.other is not None:
            theirs = cast.band(cast.other, figure)
            note = words[f"{name}_note"].format(
                against=_text(theirs, lang, digits), other=short(cast.other, lang)
            )
        found.append(
            Headline(
                _rounded(band.central, digits, lang), words[name], _band(band, lang, digits), note
            )
        )
    worth = window.worth(cast.first, cast.months)
    needed, avoided = worth[window.NEEDED], worth[window.ASSUMED]
    note = words["cases_note"].format(avoided=_text(avoided, lang, 2))
    number = decimal_text(needed.central, 1, lang)
    found.append(Headline(number, words["cases"], _cases(needed, lang), note))
    return found


def _cases(band: Band, lang: Lang) -> str:
    """Return the band of a break-even, which is that of its assumptions and not of the runs."""
    return WORDS[lang]["cases_band"].format(ends=_of(band, 1).ends(lang, 1))


def _hit(cast: Cast, lang: Lang) -> Section:
    """Return who is hit: by education and sex, the groups of which users were published."""
    words = WORDS[lang]
    told = []
    for dimension, category in (("education", "low"), ("education", "high")):
        _, ours = access.told_of(cast, cast.first, dimension, category)
        if ours is None:
            continue
        given = {"group": _with(dimension, category, lang), "one": _text(ours, lang)}
        theirs = None
        if cast.other is not None:
            _, theirs = access.told_of(cast, cast.other, dimension, category)
        if cast.other is None or theirs is None:
            told.append(words["hit_told_alone"].format(**given))
            continue
        other = short(cast.other, lang)
        told.append(words["hit_told"].format(two=_text(theirs, lang), other=other, **given))
    if window.has_cap(cast.first, cast.months):
        told.append(words["hit_fewer"])
    pair = replace(cast, runs=cast.runs[:2])
    exhibit = access.started_by_group(pair, lang, ("education",), "hit", unit="")
    table = replace(exhibit.table, caption=words["hit_table"])
    # How counts come about stands with the table; on one page no count is told.
    # The one page has room for one of them; that of the races says it of groups as well.
    left_out = {words[cast.one_run], words["assumed_groups"] if cast.months.has_cap else ""}
    notes = tuple(note for note in exhibit.notes if note not in left_out)
    exhibits = (replace(exhibit, table=table, notes=notes),)
    return Section("hit", words["hit"], (" ".join(told) or words["hit_few"],), exhibits)


def _with(dimension: str, category: str, lang: Lang) -> str:
    """Return a group as it follows 'people'."""
    nl = {"low": "met weinig scholing", "high": "met een hoog diploma"}
    en = {"low": "with little schooling", "high": "with a higher degree"}
    assert dimension == "education"
    return {"nl": nl, "en": en}[lang][category]


def _documents(lang: Lang) -> Section:
    words = WORDS[lang]
    told = (words["documents_told"],)
    return Section("documents", words["documents"], told, listed=DOCUMENTS[lang])


def _method(cast: Cast, lang: Lang) -> Section:
    words = WORDS[lang]
    stamps = Exhibit(again.table([run.outcomes.about for run in cast.runs], lang))
    rest = tuple(f"{words['unknown_too']} {each}" for each in UNKNOWN[lang][_ON_ONE_PAGE:])
    return Section("method", words["method"], (words["method_told"],), (stamps,), listed=rest)


def _seeds(cast: Cast) -> Sequence[int]:
    """Return the seeds of all runs; that of the run in the middle is the first of them."""
    return cast.seeds or (int(cast.first.outcomes.about["seed"]),)


def _named(chosen: Scenario) -> str:
    """Return by what a command finds a scenario: its name, or the file of one of one's own."""
    is_of_the_house = chosen.path.parent == FOLDER
    return chosen.name if is_of_the_house else chosen.path.name


def _command(cast: Cast, lang: Lang) -> str:
    about = cast.first.outcomes.about
    first, *others = map(_named, cast.scenarios)
    against = "".join(f" {name}" for name in others)
    against = f" --against{against}" if against else ""
    share = f" --share {about['share']:g}" if about["share"] != 1 else ""
    runs = len(cast.members[cast.first.name])
    return (
        f"loopbaan lab report {first}{against} --seed {about['seed']} --seeds {runs}"
        f"{share} --lang {lang} --out FILE.html"
    )


def _size(band: Band) -> Band:
    """Return a difference without its sign, the band turned round with it."""
    if band.central >= 0:
        return band
    low = None if band.high is None else -band.high
    high = None if band.low is None else -band.low
    return Band(-band.central, low, high)


def _band(band: Band, lang: Lang, digits: int) -> str:
    words = WORDS[lang]
    if band.low is None:
        return words["no_band"]
    return words["band"].format(ends=_of(band, digits).ends(lang, max(digits, 0)))


def _text(band: Band, lang: Lang, digits: int = 0) -> str:
    return _of(band, digits).text(lang, max(digits, 0))


def _rounded(number: float, digits: int, lang: Lang) -> str:
    return decimal_text(round(number, digits), max(digits, 0), lang)


def _of(band: Band, digits: int) -> Band:
    """Return a band rounded: -2 is to whole hundreds."""
    low = None if band.low is None else round(band.low, digits)
    high = None if band.high is None else round(band.high, digits)
    return Band(round(band.central, digits), low, high)
