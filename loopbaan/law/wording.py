"""Days, amounts and numbers as people in Flanders write them, in Dutch and in English."""

from datetime import date
from typing import Literal, get_args

Lang = Literal["nl", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}


def day_text(day: date, lang: Lang) -> str:
    """Return a day in words: 2 maart 2026, 2 March 2026."""
    return f"{day.day} {_MONTHS[lang].split()[day.month - 1]} {day.year}"


def days_text(days: list[date], lang: Lang) -> str:
    """Return several days in words, the last two joined by 'en' or 'and'."""
    texts = [day_text(day, lang) for day in days]
    joined = {"nl": " en ", "en": " and "}[lang]
    return joined.join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def number_text(number: int, lang: Lang) -> str:
    """Return a whole number with its thousands marked: 2.555, 2,555."""
    text = f"{number:,}"
    return text.replace(",", ".") if lang == "nl" else text


def euro_text(cents: int, lang: Lang) -> str:
    """Return an amount in euro: € 45,00, €45.00."""
    euros = number_text(cents // 100, lang)
    return f"€ {euros},{cents % 100:02}" if lang == "nl" else f"€{euros}.{cents % 100:02}"


def hours_text(minutes: int, lang: Lang) -> str:
    """Return a time of talk: 4 uur, 4 hours, 90 minuten."""
    if minutes % 60:
        return f"{minutes} {'minuten' if lang == 'nl' else 'minutes'}"
    hours = minutes // 60
    if lang == "nl":
        return f"{hours} uur"
    return f"{hours} hour{'s' if hours != 1 else ''}"
