"""What a webhook names by its number, software can read: claims, payments, holds, recoveries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loopbaan.live import holds, payout
from loopbaan.live.centre_statement import Paid
from loopbaan.live.models import Claim, Hold, Payout, Recovery
from loopbaan.web.api import money, telling
from tests.live.scheme import Scheme
from tests.web.scene import Scene, log_in
from tests.web.test_api import software


def test_a_claim_is_read_by_its_number_and_in_pages(scheme: Scheme) -> None:
    track = scheme.started()
    made = [scheme.confirmed(track, 20) for _ in range(3)]
    ours = software(scheme, "claim")
    told = ours.call("claim_all").json()
    assert told["more"] is False
    assert [each["talk"] for each in told["items"]] == [each.pk for each in made]
    first = ours.call("read_claims", limit=2).json()
    rest = ours.call("read_claims", after=first["next"]).json()
    assert first["items"] + rest["items"] == told["items"]
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert ours.call("read_claim", claim=told["items"][0]["id"]).json() == told["items"][0]


def test_each_way_in_which_a_claim_stands_is_described() -> None:
    described = money.Claim.model_json_schema()["properties"]["state"]
    assert described["enum"] == list(Paid)
    assert [each for each in Paid if f"{each}:" not in described["description"]] == ["paid", "held"]


def test_the_statement_comes_in_pages_with_the_sums_of_all_its_days(scheme: Scheme) -> None:
    track = scheme.started()
    for _ in range(3):
        payout.claim(talk=scheme.confirmed(track, 20), actor="member:1", **scheme.moment)
    ours, days = software(scheme, "statement"), {"since": str(scheme.today)}
    days["until"] = days["since"]
    whole = ours.call("statement", **days).json()
    assert (len(whole["lines"]), whole["next"]) == (3, None)
    first = ours.call("statement", **days, limit=2).json()
    rest = ours.call("statement", **days, limit=2, after=first["next"]).json()
    assert first["lines"] + rest["lines"] == whole["lines"]
    total = sum(each["total_cents"] for each in whole["lines"])
    assert {each["total_cents"] for each in (whole, first, rest)} == {total}
    assert whole["asked_back"] is None


def test_coaches_and_locations_come_in_pages_too(scheme: Scheme) -> None:
    scheme.coach()
    scheme.location()
    ours = software(scheme, "talk")
    for name in ("coaches", "locations"):
        page = ours.call(name, limit=1).json()
        assert (len(page["items"]), page["next"]) == (1, None)
        assert ours.call(name, after=page["items"][0]["id"]).json()["items"] == []


def test_a_payment_is_told_once_it_is_released_with_its_claims(scene: Scene) -> None:
    ours = software(scene.scheme, "statement")
    (told,) = ours.call("read_payments").json()["items"]
    row = Payout.objects.get(batch=scene.released_batch)
    assert (told["id"], told["state"], told["reference"]) == (row.pk, "at_the_bank", row.end_to_end)
    assert ours.call("read_payment", payment=row.pk).json() == told
    claims = ours.call("read_claims", payment=row.pk).json()["items"]
    assert sum(each["total_cents"] for each in claims) == told["total_cents"]
    row.paid_on = row.returned_on = scene.scheme.today
    assert telling.payment(row).state == "returned"
    made = Payout.objects.get(batch=scene.batch)
    assert ours.call("read_payment", payment=made.pk).status_code == 404
    assert ours.call("read_claims", payment=made.pk).json()["items"] == []


def test_what_is_asked_back_is_told_once_it_is_released(scene: Scene) -> None:
    ours, number = software(scene.scheme, "statement"), scene.recovery
    days = {"since": str(scene.scheme.today), "until": str(scene.scheme.today)}
    assert ours.call("read_recovery", recovery=number).status_code == 404
    assert ours.call("read_recoveries").json() == {"items": [], "next": None}
    log_in("els").post(reverse("release_recovery", args=[number]))
    row = Recovery.objects.get(pk=number)
    assert row.status == "released"
    told = ours.call("read_recovery", recovery=number).json()
    assert (told["state"], told["reference"]) == ("asked", row.reference)
    assert told["total_cents"] == told["left_cents"] == row.amount_cents
    assert ours.call("statement", **days).json()["asked_back"] == told
    claims = ours.call("read_claims", recovery=number).json()["items"]
    assert -sum(each["total_cents"] for each in claims) == told["total_cents"]


def test_a_hold_is_told_with_its_ground_and_what_it_holds(scheme: Scheme) -> None:
    talk = scheme.confirmed(scheme.started(), 60)
    claim = payout.claim(talk=talk, actor="member:1", **scheme.moment)
    holds.place_hold(
        centre=scheme.centre(),
        claim=claim,
        article="hoofdstuk 7",
        reason="controle",
        until=scheme.today + timedelta(days=9),
        day=scheme.today,
        now=scheme.now,
        actor="official:els",
    )
    ours = software(scheme, "claim")
    told = ours.call("read_hold", hold=Hold.objects.get().pk).json()
    assert (told["article"], told["claim"], told["lifted_on"]) == ("hoofdstuk 7", claim.pk, None)
    assert ours.call("read_holds").json()["items"] == [told]
    assert ours.call("read_claim", claim=claim.pk).json()["hold"] == told


@pytest.mark.parametrize("name", ["claim", "payment", "hold", "recovery"])
def test_the_money_of_another_centre_does_not_exist(scene: Scene, name: str) -> None:
    models = {"claim": Claim, "payment": Payout, "hold": Hold, "recovery": Recovery}
    log_in("els").post(reverse("release_recovery", args=[scene.recovery]))
    row = models[name].objects.first()
    assert row is not None
    others = {"Centrum De Brug", "Centrum Elders"} - {row.centre.name}
    theirs = software(scene.scheme, "claim", centre=others.pop())
    assert theirs.call(f"read_{name}", **{name: row.pk}).status_code == 404
