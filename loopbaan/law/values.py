"""The value of a number of the law with its unit, as people write it. Free of NumPy."""

from datetime import date

from loopbaan.law.checks import Number, Value
from loopbaan.law.wording import Lang, day_text, euro_text, number_text


def value_text(number: Number, value: Value, lang: Lang) -> str:
    """Return a value with its unit, as people write it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return {"nl": ("nee", "ja"), "en": ("no", "yes")}[lang][value]
    if isinstance(value, date):
        return day_text(value, lang)
    if isinstance(value, str):
        return value
    vat = {None: "", True: " incl.", False: " excl."}[number.vat_included]
    if number.unit == "cents":
        return euro_text(value, lang) + vat
    if number.unit == "millicents_per_hour":
        hour = {"nl": "/uur", "en": "/hour"}[lang]
        digits = 2 if value % 1_000 == 0 else 3  # of an amount in euro; a fee has parts of a cent
        euros = f"{value / 100_000:.{digits}f}".replace(".", "," if lang == "nl" else ".")
        return f"{'€ ' if lang == 'nl' else '€'}{euros}{hour}{vat}"
    if number.unit == "percent":
        return f"{value} %" if lang == "nl" else f"{value}%"
    return f"{number_text(value, lang)} {_UNITS[lang].get(number.unit, '')}".strip()


_UNITS: dict[Lang, dict[str, str]] = {
    "nl": {
        "minutes": "minuten",
        "days": "dagen",
        "weeks": "weken",
        "months": "maanden",
        "years": "jaar",
    },
    "en": {name: name for name in ("minutes", "days", "weeks", "months", "years")},
}
