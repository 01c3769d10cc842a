"""The published figures: read by use, counted in their own words, never fitted and predicted."""

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from loopbaan.lab import orders, targets
from loopbaan.law.checks import UnreadableFile
from loopbaan.law.rulebook import current
from tests.lab import runs


def _changed(folder: Path, change) -> Path:
    """Write the targets with each row changed, and return the file."""
    with targets.FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = folder / "targets.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(change(dict(row)) for row in rows)
    return path


def _moved(series: str, period: str, use: str):
    def change(row: dict[str, str]) -> dict[str, str]:
        is_it = (row["series"], row["period"]) == (series, period)
        return {**row, "use": use} if is_it else row

    return change


def test_what_is_fitted_ends_in_2019_and_what_is_predicted_begins_later():
    rows = targets.read()
    assert max(row.last for row in rows if row.part == targets.FITTED) <= targets.LAST_FITTED
    assert min(row.last for row in rows if row.part == targets.PREDICTED) > targets.LAST_FITTED
    assert len(targets.to_fit()) == 23


def test_what_fits_does_not_even_look_at_the_value_of_another_row(tmp_path):
    def hide(row: dict[str, str]) -> dict[str, str]:
        return row if row["use"] == "calibrate" else {**row, "value": "never to be read"}

    path = _changed(tmp_path, hide)
    assert targets.to_fit(path) == targets.to_fit()
    with pytest.raises(UnreadableFile, match="never to be read"):
        targets.read(path)


@pytest.mark.parametrize("period", ["2020", "2021"])
def test_a_holdout_that_is_moved_among_the_fitted_is_refused(tmp_path, period):
    path = _changed(tmp_path, _moved("voucher1_used", period, "calibrate"))
    with pytest.raises(targets.HoldoutRead, match=f"voucher1_used {period} is to be predicted"):
        targets.to_fit(path)


def test_nothing_stands_in_both_parts():
    assert targets.overlaps(targets.read()) == []


def test_a_row_that_is_predicted_and_fitted_in_the_same_days_is_named(tmp_path):
    def both(row: dict[str, str]) -> dict[str, str]:
        if (row["series"], row["period"]) == ("voucher1_used", "2020"):
            return {**row, "period": "2019-12/2020-11"}
        return row

    (fault,) = targets.overlaps(targets.read(_changed(tmp_path, both)))
    assert fault.startswith("voucher1_used: fitted on 2019, and predicted for 2019-12/2020-11")


@pytest.mark.parametrize(
    ("series", "period", "first", "last"),
    [
        ("voucher1_used", "2013-07/2013-12", date(2013, 7, 1), date(2013, 12, 31)),
        ("requested", "2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("granted_jan_to_may", "2021", date(2021, 1, 1), date(2021, 5, 31)),
        ("voucher1_used_first_half", "2021", date(2021, 1, 1), date(2021, 6, 30)),
        ("sold_out_day", "2025-03", date(2025, 3, 1), date(2025, 3, 31)),
        ("persons_ever", "to 2021-06-30", date(2013, 7, 1), date(2021, 6, 30)),
        ("persons_ever", "to 2025-06", date(2013, 7, 1), date(2025, 6, 30)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(series, period, first, last):
    (row,) = [row for row in targets.read() if (row.series, row.period) == (series, period)]
    assert (row.first, row.last) == (first, last)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"series": "voucher3_used"}, "expected a series"),
        ({"use": "train"}, "use of"),
        ({"value": "many"}, "many"),
        ({"period": "last year"}, "'last year' is no year"),
        ({"tolerance_kind": "rough"}, "expected a tolerance_kind"),
    ],
)
def test_a_row_with_a_fault_is_named(tmp_path, change, said):
    path = _changed(tmp_path, lambda row: {**row, **change})
    with pytest.raises(UnreadableFile, match=said):
        targets.read(path)


def test_words_count_what_they_say():
    events = runs.play("2024-07-01", "2025-06-30")
    people = runs.people()
    frame = orders.frame(events, people, current())
    rows = [row for row in targets.read() if row.first.year == 2025 and row.last.month < 7]
    found = {
        (series, period): value
        for series, period, value in targets.counted(frame, 1 / people.share, rows)
    }
    january = frame.filter(
        frame["ordered_on"].is_between(date(2025, 1, 1), date(2025, 1, 31))
    ).height
    assert found["requested", "2025-01"] == pytest.approx(january / people.share)
    assert 1 <= found["sold_out_day", "2025-03"] <= 31
    lost = frame.filter(ordered_on=date(2025, 4, 1), outcome="lost", contested=False)
    assert found["sold_out_minutes", "2025-04"] == lost["minute"].min() + 0.5


def test_a_place_that_is_given_again_later_does_not_move_the_minute():
    rows = [
        (date(2025, 4, 1), 1, "lost", True),  # refused wrongly, and decided again much later
        (date(2025, 4, 1), 3, "closed", False),
        (date(2025, 4, 1), 6, "lost", False),
        (date(2025, 4, 1), None, "lost", False),
        (date(2025, 4, 20), None, "closed", False),
        (date(2025, 4, 21), None, "lost", False),
    ]
    names = {"ordered_on": pl.Date, "minute": pl.Int16, "outcome": pl.String}
    schema = {**names, "contested": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    (row,) = [row for row in targets.read() if row.period == "2025-04"]
    assert list(targets.counted(frame, 1.0, [row])) == [
        ("sold_out_minutes", "2025-04", pytest.approx(6.5))
    ]
