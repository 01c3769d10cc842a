"""Every table of the scheme leaves, or is said not to, column by column; nobody leaves by name."""

from django.apps import apps
from django.db.models import Model

from loopbaan.live import exporting, plans
from loopbaan.live.leaving import APART, LEAVING, STAYING
from loopbaan.live.models import Plan
from tests.live.scheme import Scheme


def _models() -> set[type[Model]]:
    return set(apps.get_app_config("live").get_models())


def test_no_table_is_forgotten_and_none_is_told_of_twice() -> None:
    told = [*LEAVING, *APART, *STAYING]
    assert len(told) == len(set(told))
    assert set(told) == _models()


def test_no_column_is_forgotten() -> None:
    for model, leaving in LEAVING.items():
        columns = [field.name for field in model._meta.concrete_fields]
        assert sorted(["id", *leaving.columns, *leaving.stays]) == sorted(columns), leaving.name


def test_every_table_has_a_name_of_its_own_and_says_what_each_column_means() -> None:
    names = [each.name for each in LEAVING.values()]
    assert len(names) == len({*names, "orders", "decisions", "facts"}) - 3
    assert all(all(each.columns.values()) for each in LEAVING.values())


def test_what_leaves_of_a_guidance_tells_how_it_went_and_not_who_it_was(committed: Scheme) -> None:
    track = committed.closed()
    with exporting.snapshot() as tables:
        found = {
            table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for table in tables
        }
    (talk,) = found["talks"]
    assert (talk["track"], talk["minutes"]) == (track.pk, track.voucher.minutes)
    (plan,) = found["plans"]
    assert plan["made_by"] == "worker"
    assert plans.parts_of(Plan.objects.get())["goal"] not in str(found)
    for who in (track.voucher.order.worker.name, "Dora", track.voucher.number, track.centre.iban):
        assert who not in str(found)
