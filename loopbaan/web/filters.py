"""Template filters: days, moments, amounts and numbers as people write them."""

import re
from datetime import date, datetime

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe

from loopbaan.adapters.bank import written_communication
from loopbaan.adapters.towns import towns
from loopbaan.law import wording
from loopbaan.web import clock
from loopbaan.web.language import lang

register = template.Library()
_CODE, _AS_CODE = re.compile("`([^`]+)`"), r"<code>\1</code>"
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
    day, hour = wording.day_text(local.date(), lang()), wording.hour_text(local.time(), lang())
    return f"{day}, {hour}"


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


@register.filter
def coded(text: str) -> str:
    """Write a line of a description: what stands between backticks is code."""
    told = _CODE.sub(_AS_CODE, escape(" ".join(text.split())))
    return mark_safe(told)  # noqa: S308 (escaped before)


@register.filter
def prose(text: str) -> str:
    """Write a description as paragraphs."""
    return format_html_join("", "<p>{}</p>", ((coded(part),) for part in text.split("\n\n")))
