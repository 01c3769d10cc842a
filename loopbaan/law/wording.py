"""Days, amounts and numbers as people in Flanders write them, in Dutch and in English."""

from datetime import date, time
from typing import Literal, get_args

Lang = Literal["nl", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
# One hour, more, one minute, more.
_TIME = {
    "nl": ("uur", "uur", "minuut", "minuten"),
    "en": ("hour", "hours", "minute", "minutes"),
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
    """Return a time of talk: 4 uur, 3 uur 45 minuten, 50 minutes."""
    hours, rest = divmod(minutes, 60)
    words = _TIME[lang]
    parts = [f"{hours} {words[hours != 1]}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} {words[2 + (rest != 1)]}")
    return " ".join(parts)


def hour_text(at: time, lang: Lang) -> str:
    """Return an hour of the day: 14.30 uur, 14:30."""
    return f"{at:%H.%M} uur" if lang == "nl" else f"{at:%H:%M}"
