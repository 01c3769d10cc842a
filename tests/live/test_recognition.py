"""Who is recognised when, who works for whom, and a key that is shown once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from loopbaan.adapters.insz import Keyring, new_key
from loopbaan.adapters.towns import towns
from loopbaan.adapters.unusable import Unusable
from loopbaan.live import enrolling, facts, members, recognition
from loopbaan.live.models import Centre, Coach, Member, Recognition, Token
from loopbaan.live.moving import Refused
from tests.live.scheme import BOOK, GHENT, RECOGNISED, REGISTERS, Scheme
from tests.live.test_races import at_once

CLAES = "official:claes"


def test_a_recognition_holds_for_six_years_and_its_last_day_counts(scheme: Scheme) -> None:
    brug = scheme.centre()
    last = date(2028, 1, 3)
    assert recognition.is_recognised(brug, RECOGNISED)
    assert recognition.is_recognised(brug, last)
    assert not recognition.is_recognised(brug, last + timedelta(days=1))
    assert not recognition.is_recognised(brug, RECOGNISED - timedelta(days=1))
    assert list(Centre.objects.recognised_on(last)) == [brug]


def test_a_centre_is_not_recognised_twice_at_a_time(scheme: Scheme) -> None:
    brug, moment = scheme.centre(), {"rulebook": BOOK, "now": scheme.now, "actor": CLAES}
    with pytest.raises(Refused, match="al erkend"):
        recognition.recognise(centre=brug, since=date(2025, 1, 1), **moment)
    recognition.recognise(centre=brug, since=date(2028, 1, 4), **moment)
    with pytest.raises(IntegrityError, match="recognition_one_at_a_time"), transaction.atomic():
        Recognition.objects.create(centre=brug, since=date(2023, 1, 1), until=date(2023, 2, 1))


def test_a_recognition_ends_early_on_a_ground_only(scheme: Scheme) -> None:
    brug = scheme.centre()
    values = {"centre": brug, "actor": CLAES, **scheme.moment}
    values["may_ask_on"] = scheme.today + timedelta(days=365)
    values["last_day"] = scheme.today - timedelta(days=1)
    with pytest.raises(Refused, match="verleden"):
        recognition.end_recognition(ended_by="withdrawn", ground="geen label", **values)
    values["last_day"] = scheme.today
    with pytest.raises(Refused, match="waarom"):
        recognition.end_recognition(ended_by="withdrawn", ground=" ", **values)
    recognition.end_recognition(ended_by="withdrawn", ground="geen kwaliteitslabel", **values)
    assert recognition.is_recognised(brug, scheme.today)
    assert not recognition.is_recognised(brug, scheme.today + timedelta(days=1))
    with pytest.raises(Refused, match="niet erkend"):
        recognition.end_recognition(ended_by="stopped", ground="gestopt", **values)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kbo": "0403019262"}, "klopt niet"),
        ({"kbo": "0403.019.261"}, "staat er al"),
        ({"themes": ["astrology"]}, "bestaat niet"),
        ({"vat": "none"}, "bestaat niet"),
    ],
)
def test_a_centre_is_entered_once_with_words_that_exist(
    scheme: Scheme, change: dict[str, object], sentence: str
) -> None:
    scheme.centre()
    values = {"kbo": "0123456749", "name": "C", "iban": "BE68539007547034"}
    with pytest.raises(Refused, match=sentence):
        recognition.enter_centre(**(values | change), now=scheme.now, actor=CLAES)


def test_a_renewal_that_was_granted_ahead_ends_with_the_recognition(scheme: Scheme) -> None:
    brug = scheme.centre()
    first = Recognition.objects.get(centre=brug)
    values = {"centre": brug, "now": scheme.now, "actor": CLAES}
    recognition.recognise(since=first.until + timedelta(days=1), rulebook=BOOK, **values)
    scheme.lose_recognition()
    assert not recognition.is_recognised(brug, scheme.today)
    assert not recognition.is_recognised(brug, first.until + timedelta(days=1))
    assert not Recognition.objects.filter(centre=brug, ended_by="").exists()


@pytest.mark.parametrize(
    "how",
    [{"ended_by": "withdrawn"}, {"ended_by": "stopped", "before_decision": True}],
    ids=["withdrawn", "stops just before"],
)
def test_a_centre_that_lost_its_recognition_or_dodged_that_waits(
    scheme: Scheme, how: dict[str, Any]
) -> None:
    brug, later = scheme.centre(), scheme.today + timedelta(days=365)
    values = {"centre": brug, "last_day": scheme.today, "ground": "controle", "actor": CLAES}
    values |= how | scheme.moment
    with pytest.raises(Refused, match="vanaf wanneer"):
        recognition.end_recognition(**values)
    recognition.end_recognition(**values, may_ask_on=later)
    again = {"centre": brug, "rulebook": BOOK, "now": scheme.now, "actor": CLAES}
    with pytest.raises(Refused, match="pas vanaf"):
        recognition.recognise(since=later - timedelta(days=1), **again)
    recognition.recognise(since=later, **again)
    assert recognition.is_recognised(brug, later)


def test_a_centre_that_stops_by_itself_may_come_back_at_once(scheme: Scheme) -> None:
    brug = scheme.centre()
    values = {"centre": brug, "ended_by": "stopped", "ground": "pensioen", "actor": CLAES}
    recognition.end_recognition(last_day=scheme.today, **values, **scheme.moment)
    tomorrow = scheme.today + timedelta(days=1)
    recognition.recognise(centre=brug, since=tomorrow, rulebook=BOOK, now=scheme.now, actor=CLAES)
    assert recognition.is_recognised(brug, tomorrow)


def test_who_left_and_came_back_guided_before_she_left_too(scheme: Scheme) -> None:
    dora, brug, first = scheme.coach(), scheme.centre(), scheme.today
    member, values = dora.members.get(), {"now": scheme.now, "actor": "member:1"}
    members.end_member(member=member, last_day=first, **values)
    back = first + timedelta(days=10)
    members.rejoin(member=member, day=back, **values)
    days = {first: True, first + timedelta(days=5): False, back: True}
    for day, may in days.items():
        assert recognition.may_guide(coach=dora, centre=brug, day=day, rulebook=BOOK) == may


def test_one_person_whom_two_centres_enter_at_once_is_one_coach(committed: Scheme) -> None:
    brug, elders = committed.centre(), committed.centre("Centrum Elders")
    insz = REGISTERS.people(9_100, 9_101)[0]

    def add(centre: Centre) -> Member:
        return members.add_coach(
            centre=centre,
            insz=insz,
            name="Femke",
            since=committed.today,
            keys=facts.keyring(),
            now=committed.now,
            actor="member:1",
        )

    for _ in range(5):
        at_once([lambda: add(brug), lambda: add(elders)])
        assert Coach.objects.count() == 1
        Member.objects.all().delete()
        Coach.objects.all().delete()


def test_an_account_number_is_checked(scheme: Scheme) -> None:
    with pytest.raises(Unusable):
        recognition.change_centre(
            centre=scheme.centre(), iban="BE00", now=scheme.now, actor="member:1"
        )


def test_a_location_lies_in_a_town_of_the_gazetteer(scheme: Scheme) -> None:
    assert towns()[scheme.location().town].name == "Gent"
    values = {"centre": scheme.centre(), "now": scheme.now, "actor": "member:1"}
    with pytest.raises(Refused, match="kennen we niet"):
        recognition.add_location(town=1, street="Nergens 1", **values)
    with pytest.raises(Refused, match="staat er al"):
        recognition.add_location(town=GHENT, street="Brugstraat 1", **values)


def test_a_coach_guides_for_the_centre_that_lists_her_while_it_is_recognised(
    scheme: Scheme,
) -> None:
    dora, brug, zonder = scheme.coach(), scheme.centre(), scheme.centre("Centrum Zonder")

    def may(centre: Centre, day: date) -> bool:
        return recognition.may_guide(coach=dora, centre=centre, day=day, rulebook=BOOK)

    assert may(brug, scheme.today)
    assert not may(zonder, scheme.today)
    assert not may(brug, RECOGNISED - timedelta(days=1))
    recognition.qualify_coach(coach=dora, qualified_on=None, now=scheme.now, actor=CLAES)
    assert may(brug, scheme.today), "the qualification is not in force"
    member = dora.members.get()
    members.end_member(member=member, last_day=scheme.today, now=scheme.now, actor="member:1")
    assert may(brug, scheme.today)
    assert not may(brug, scheme.today + timedelta(days=1))


def test_a_member_may_do_what_the_list_says_and_nothing_else(scheme: Scheme) -> None:
    scheme.coach()
    insz = REGISTERS.people(9_000, 9_001)[0]
    (dora,) = members.members_of(insz, facts.keyring(), scheme.today)
    members.must(dora, "talk", scheme.today)
    with pytest.raises(Refused, match="geen taak"):
        members.must(dora, "claim", scheme.today)
    members.give_tasks(member=dora, tasks=["claim"], now=scheme.now, actor="member:1")
    members.must(dora, "claim", scheme.today)
    with pytest.raises(Refused, match="geen taak"):
        members.must(dora, "talk", scheme.today)
    with pytest.raises(Refused, match="al medewerker"):
        members.add_member(
            centre=dora.centre,
            insz=insz,
            name="Dora",
            since=scheme.today,
            keys=facts.keyring(),
            now=scheme.now,
            actor="member:1",
        )


def test_the_number_of_a_member_is_sealed_again_under_a_newer_key(scheme: Scheme) -> None:
    scheme.coach()
    insz = REGISTERS.people(9_000, 9_001)[0]
    old = facts.keyring()
    newer = Keyring.read(f"{new_key('n2')},{settings.INSZ_KEYS}")
    assert newer.newest != old.newest
    assert enrolling.rotate(newer) == 1
    assert members.members_of(insz, old, scheme.today) == []
    assert [each.name for each in members.members_of(insz, newer, scheme.today)] == ["Dora"]


def test_a_key_is_shown_once_and_lets_in_until_it_expires_or_is_revoked(scheme: Scheme) -> None:
    brug, last = scheme.centre(), scheme.today + timedelta(days=30)
    values = {"centre": brug, "name": "kantoor", "day": scheme.today, "now": scheme.now}
    with pytest.raises(Refused, match="minstens één"):
        members.make_token(scopes=[], expires_on=last, actor="member:1", **values)
    with pytest.raises(Refused, match="een jaar"):
        members.make_token(scopes=["talk"], expires_on=date(2030, 1, 1), actor="member:1", **values)
    token, text = members.make_token(scopes=["talk"], expires_on=last, actor="member:1", **values)
    assert text not in str(Token.objects.values_list()[0])
    assert members.find_token(text, last) == token
    assert members.find_token(text, last + timedelta(days=1)) is None
    assert members.find_token(text[:-1], last) is None
    members.revoke_token(token=token, now=scheme.now, actor="member:1")
    assert members.find_token(text, last) is None
