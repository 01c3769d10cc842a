"""Template filters: days, moments, amounts and numbers as people write them."""

import re
from datetime import date, datetime

from django import template

from loopbaan.adapters.bank import written_communication
from loopbaan.adapters.towns import towns
from loopbaan.law import wording
from loopbaan.web import clock
from loopbaan.web.language import lang

register = template.Library()
_TOGETHER = re.compile(r"(?<=[€−]) ")


@register.filter
def day(value: date | None) -> str:
    """Write a day in words; nothing for no day."""
    return wording.day_text(value, lang()) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in words, as the clock in Flanders shows it."""
    if value is None:
        return ""
    local = value.astimezone(clock.BRUSSELS)
    words = wording.day_text(local.date(), lang())
    return f"{words}, {local:%H.%M} uur" if lang() == "nl" else f"{words}, {local:%H:%M}"


@register.filter
def month(value: date) -> str:
    """Write a month in words: maart 2025."""
    return wording.day_text(value, lang()).split(" ", 1)[1]


@register.filter
def euro(cents: int) -> str:
    """Write an amount; a negative one with a minus."""
    return unbroken(("− " if cents < 0 else "") + wording.euro_text(abs(cents), lang()))


@register.filter
def unbroken(text: str) -> str:
    """Keep each amount in a text on one line: its sign stays with its digits."""
    return _TOGETHER.sub("\u00a0", text)


@register.filter
def hours(minutes: int) -> str:
    """Write a time of talk."""
    return wording.hours_text(minutes, lang())


@register.filter
def duration(minutes: int) -> str:
    """Write a time that is compared with others: 2 uur 15 min."""
    whole, rest = divmod(minutes, 60)
    words = [wording.hours_text(60 * whole, lang())] if whole else []
    if rest or not whole:
        words.append(f"{rest} min.")
    return " ".join(words)


@register.filter
def number(value: int) -> str:
    """Write a whole number."""
    return wording.number_text(value, lang())


@register.filter
def communication(digits: str) -> str:
    """Write a structured communication: +++123/4567/89002+++."""
    return written_communication(digits)


@register.filter
def fours(text: str) -> str:
    """Write an account or a voucher number in groups of four."""
    return " ".join(re.findall(".{1,4}", text))


@register.filter
def town(number: int) -> str:
    """Write the name of a town of the gazetteer."""
    return towns()[number].name


@register.filter
def kbo(digits: str) -> str:
    """Write the number of an undertaking: 0403.019.261."""
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"
