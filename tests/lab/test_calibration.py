"""What is fitted stays inside its band, comes out the same, and never reads what is predicted."""

import copy
import csv
from dataclasses import replace

import pytest

from loopbaan.lab import behaviour, calibration, fitted, targets
from loopbaan.lab.behaviour import BehaviourError
from loopbaan.law.rulebook import Rulebook, current
from tests.lab import runs

SHARE = 0.01


def _fit(path=targets.FILE, rounds=1):
    return calibration.fit(runs.people(SHARE), current(), seeds=(1,), rounds=rounds, path=path)


def test_a_fit_is_better_stays_in_the_bands_and_no_holdout_moves_it(tmp_path):
    path = tmp_path / "targets.csv"
    with targets.FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            row if row["use"] == "calibrate" else {**row, "value": "not to be read"}
            for row in csv.DictReader(file)
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    one, other = _fit(), _fit(path)
    assert one == other  # to the last digit, and nothing of 2020 or later was looked at
    wanted = targets.to_fit()
    middle = calibration.modelled(runs.people(SHARE), current(), {}, wanted, (1,))
    before = (calibration.scaled(wanted, middle) ** 2).mean()
    assert one.misfit < before
    for name, row in behaviour.assumptions().items():
        if row.role == "calibrate":
            assert row.low <= one.values[name] <= row.high


def test_the_fit_of_the_house_is_of_every_assumption_that_may_be_fitted():
    rows = behaviour.assumptions()
    found = fitted.fitted()
    assert set(found.values) == {name for name, row in rows.items() if row.role == "calibrate"}
    assert set(found.about) >= {"date", "rulebook", "population", "misfit", "rows"}
    assert {(row["series"], str(row["period"])) for row in found.about["rows"]} == {
        (row.series, row.period) for row in targets.to_fit()
    }


def _law(name: str, since: str) -> Rulebook:
    """The law with one number more, or another line of one."""
    content = copy.deepcopy(current().content)
    numbers = content["numbers"]
    own = numbers.setdefault(name, {**copy.deepcopy(numbers["share_cents"]), "lines": []})
    own["lines"] = [line for line in own["lines"] if str(line["from"]) < since]
    own["lines"].append({"from": since, "announced": since, "value": 5_000, "source": ["SEED"],
                         "grade": "D"})  # fmt: skip
    return replace(current(), content=content)


def test_only_another_law_of_the_years_that_were_fitted_asks_for_another_fit():
    found = fitted.fitted()
    assert found.about["law"] == fitted.law_until(
        current(), targets.LAST_FITTED, found.about["numbers"]
    )
    assert not fitted.has_other_law(found, _law("share_cents", "2020-01-01"))
    assert not fitted.has_other_law(found, _law("a_number_that_nobody_read", "2013-07-01"))
    assert fitted.has_other_law(found, _law("share_cents", "2019-01-01"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("retry_decay", 0.8, "retry_decay is no assumption that may be fitted"),
        ("awareness_2013", 0.3, "awareness_2013 is 0.3; its band is 0.04 to 0.2"),
    ],
)
def test_a_fit_of_something_else_or_outside_its_band_is_refused(tmp_path, name, value, said):
    path = tmp_path / "fitted.yaml"
    fitted.write({name: value}, {"misfit": 1.0}, path)
    with pytest.raises(BehaviourError, match=said):
        fitted.fitted(path)


def test_without_a_fit_the_central_values_hold(tmp_path):
    assert fitted.fitted(tmp_path / "none.yaml").values == {}
