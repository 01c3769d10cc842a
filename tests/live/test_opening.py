"""A number buys nothing: a centre learns of a voucher once the worker opened it, and not before."""

from datetime import date, timedelta

import pytest

from loopbaan.live import guidance, opening
from loopbaan.live.models import Attempt, Centre, OpeningCode, Order, OutboxRow, Voucher
from loopbaan.live.moving import Refused
from loopbaan.live.opening import Against, NotYours, TooManyGuesses
from tests.live.scheme import BOOK, Scheme


def _check(scheme: Scheme, voucher: Voucher, centre: Centre | None = None) -> Against | None:
    checked = opening.check(**scheme.asking(voucher, centre))
    if checked.against in (Against.NOT_OPENED, Against.OTHER_CENTRE):
        assert checked.order is None, "nothing is told of what is not its own"
    return checked.against


def _code(scheme: Scheme, voucher: Voucher, code: str | None = None, **changes: object) -> object:
    values = scheme.asking(voucher) | changes
    if code is None:
        return opening.ask_code(**values)
    return opening.give_code(code=code, **values)


def test_a_centre_learns_nothing_of_a_voucher_that_is_not_opened_for_it(scheme: Scheme) -> None:
    voucher = scheme.paid().voucher
    assert _check(scheme, voucher) == Against.NOT_OPENED
    assert _check(scheme, Voucher(number="12345678901234", client_number="1")) == Against.NOT_OPENED
    assert Attempt.objects.filter(missed=True).count() == 2


def test_the_worker_opens_it_for_one_centre_and_changes_her_mind(scheme: Scheme) -> None:
    voucher, elders = scheme.opened(), scheme.centre("Centrum Elders")
    assert _check(scheme, voucher) is None
    assert _check(scheme, voucher, elders) == Against.NOT_OPENED
    moment = {"day": scheme.today, "now": scheme.now, "actor": "worker:1"}
    opening.open_for(order=voucher.order, centre=elders, **moment)
    assert _check(scheme, voucher) == Against.OTHER_CENTRE
    assert _check(scheme, voucher, elders) is None
    opening.shut(order=voucher.order, now=scheme.now, actor="worker:1")
    assert _check(scheme, voucher, elders) == Against.NOT_OPENED


def test_the_client_number_has_to_fit(scheme: Scheme) -> None:
    voucher = scheme.opened()
    voucher.client_number = f"{(int(voucher.client_number) + 1) % 10**8:08d}"
    assert _check(scheme, voucher) == Against.NOT_OPENED


def test_nobody_opens_for_a_centre_that_is_not_recognised(scheme: Scheme) -> None:
    order, zonder = scheme.paid(), scheme.centre("Centrum Zonder")
    with pytest.raises(Refused, match="niet erkend"):
        opening.open_for(
            order=order, centre=zonder, day=scheme.today, now=scheme.now, actor="worker:1"
        )
    assert _check(scheme, order.voucher, zonder) == Against.NOT_RECOGNISED


def test_each_reason_why_a_voucher_of_its_own_is_not_valid(scheme: Scheme) -> None:
    order, brug = scheme.granted(), scheme.centre()
    moment = {"centre": brug, "day": scheme.today, "now": scheme.now, "actor": "member:1"}
    opening.open_for(order=order, **moment)
    asked = opening.check(number=order.payment_request.reference, client_number="", **moment)
    assert asked.against == Against.NOT_PAID
    scheme.pay(order)
    scheme.read_bank()
    voucher = Order.objects.get(pk=order.pk).voucher
    assert _check(scheme, voucher) is None
    scheme.start(voucher)
    assert _check(scheme, voucher) == Against.USED
    scheme.now += timedelta(days=1)
    late = scheme.opened("mathieu")
    scheme.go_to(late.start_by + timedelta(days=1))
    assert _check(scheme, late) == Against.LAPSED
    scheme.work()
    assert _check(scheme, late) == Against.LAPSED


def test_the_code_goes_to_the_worker_and_opens_the_voucher(scheme: Scheme) -> None:
    voucher = scheme.paid().voucher
    assert "per e-mail" in str(_code(scheme, voucher))
    scheme.work()
    mail = scheme.mailbox.newest()[0]
    assert "Centrum De Brug" in mail.subject
    digits = opening.digits_of(OpeningCode.objects.get())
    assert digits in mail.body
    assert len(digits) == 6
    assert _check(scheme, voucher) == Against.NOT_OPENED
    _code(scheme, voucher, digits)
    assert _check(scheme, voucher) is None
    with pytest.raises(Refused, match="klopt niet"):
        _code(scheme, voucher, digits)


def test_who_asks_a_code_hears_the_same_whatever_the_number_is(scheme: Scheme) -> None:
    voucher = scheme.paid().voucher
    real = _code(scheme, voucher)
    assert _code(scheme, Voucher(number="1" * 14, client_number="2")) == real
    for _ in range(5):
        _code(scheme, voucher)
    assert OpeningCode.objects.count() == opening.MOST_CODES, "a mailbox is not flooded"


def test_the_number_of_a_payment_request_gets_no_code_and_is_a_guess(scheme: Scheme) -> None:
    order = scheme.granted()
    values = {"centre": scheme.centre(), "day": scheme.today, "now": scheme.now, "actor": "m:1"}
    opening.ask_code(number=order.payment_request.reference, client_number="", **values)
    assert Attempt.objects.get().missed
    assert not OpeningCode.objects.exists()


def test_who_asks_codes_for_another_does_not_use_hers_up(scheme: Scheme) -> None:
    voucher, elders = scheme.paid().voucher, scheme.centre("Centrum Elders")
    for _ in range(5):
        _code(scheme, voucher, centre=elders)
    _code(scheme, voucher)
    assert OpeningCode.objects.filter(centre=scheme.centre()).count() == 1
    assert OpeningCode.objects.filter(centre=elders).count() == opening.MOST_CODES


@pytest.mark.parametrize("is_there", [True, False], ids=["a voucher", "no voucher"])
def test_a_centre_that_asks_too_often_waits_whether_or_not_there_is_a_voucher(
    scheme: Scheme, is_there: bool
) -> None:
    voucher = scheme.paid().voucher
    if not is_there:
        voucher = Voucher(number="1" * 14, client_number="2")
    for _ in range(opening.MOST_ASKS):
        _code(scheme, voucher)
    with pytest.raises(TooManyGuesses, match="te veel codes"):
        _code(scheme, voucher)
    assert _check(scheme, voucher) == Against.NOT_OPENED, "to check is counted apart"


def test_a_code_dies_of_wrong_guesses_and_of_age(scheme: Scheme) -> None:
    voucher = scheme.paid().voucher
    _code(scheme, voucher)
    code = OpeningCode.objects.get()
    right = opening.digits_of(code)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(Refused, match="klopt niet"):
            _code(scheme, voucher, wrong)
    with pytest.raises(Refused, match="klopt niet"):
        _code(scheme, voucher, right)
    _code(scheme, voucher)
    right = opening.digits_of(OpeningCode.objects.latest("pk"))
    with pytest.raises(Refused, match="klopt niet"):
        _code(scheme, voucher, right, now=scheme.now + timedelta(hours=24))


def test_a_code_of_one_centre_opens_nothing_for_another(scheme: Scheme) -> None:
    voucher = scheme.paid().voucher
    _code(scheme, voucher)
    right = opening.digits_of(OpeningCode.objects.get())
    with pytest.raises(Refused, match="klopt niet"):
        _code(scheme, voucher, right, centre=scheme.centre("Centrum Elders"))


def test_who_guesses_has_to_wait_and_is_told_until_when(scheme: Scheme) -> None:
    voucher = scheme.paid().voucher
    for number in range(opening.MOST_GUESSES):
        assert _check(scheme, Voucher(number=f"{number:014d}", client_number="1"))
    with pytest.raises(TooManyGuesses) as caught:
        _check(scheme, voucher)
    assert caught.value.again_at == scheme.now + timedelta(hours=1)
    with pytest.raises(TooManyGuesses):
        scheme.start(voucher)
    scheme.now = caught.value.again_at
    assert _check(scheme, voucher) == Against.NOT_OPENED


def test_no_way_without_the_worker_starts_a_voucher(scheme: Scheme) -> None:
    """The numbers alone buy nothing, by any route, for as long as anybody tries."""
    voucher = scheme.paid().voucher
    _code(scheme, voucher)
    opened = 0
    for number in range(1_000):
        scheme.now += timedelta(minutes=4)
        try:
            if number % 2:
                scheme.start(voucher)
            else:
                _code(scheme, voucher, f"{number:06d}")
            opened += 1
        except Refused:
            continue
    assert opened == 0
    assert Order.objects.get().standing.status == "issued"


def test_a_started_voucher_is_opened_for_nobody_else(scheme: Scheme) -> None:
    voucher = scheme.started().voucher
    elders = scheme.centre("Centrum Elders")
    with pytest.raises(Refused, match="niet meer"):
        opening.open_for(
            order=voucher.order, centre=elders, day=scheme.today, now=scheme.now, actor="worker:1"
        )


def test_only_a_recognised_centre_starts_on_the_day_of_the_act(scheme: Scheme) -> None:
    voucher = scheme.opened()
    scheme.lose_recognition()
    with pytest.raises(NotYours) as caught:
        scheme.start(voucher)
    assert caught.value.against == Against.NOT_RECOGNISED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"own_initiative": False}, "not_own_initiative"),
        ({"part_of_other_guidance": True}, "part_of_other_guidance"),
        ({"single_test": True}, "single_test"),
    ],
)
def test_what_is_no_guidance_is_not_started(
    scheme: Scheme, change: dict[str, bool], code: str
) -> None:
    voucher = scheme.opened()
    with pytest.raises(guidance.Objected) as caught:
        scheme.start(voucher, **change)
    assert [each.code for each in caught.value.objections] == [code]
    assert Voucher.objects.get().started_on is None


def test_the_start_uses_the_right_and_is_told(scheme: Scheme) -> None:
    track = scheme.started()
    assert track.voucher.order.standing.status == "started"
    assert Voucher.objects.get().started_on == scheme.today
    assert OutboxRow.objects.filter(kind="voucher_started").exists()
    order = scheme.order("an")
    scheme.decide()
    assert order.decisions.get().reasons == 32, "the first one is not closed"
    with pytest.raises(NotYours) as caught:
        scheme.start(track.voucher)
    assert caught.value.against == Against.USED


def test_the_last_day_to_start_still_counts(scheme: Scheme) -> None:
    voucher = scheme.opened()
    scheme.go_to(voucher.start_by)
    assert scheme.start(voucher).began_on == voucher.start_by
    assert BOOK.on(date(2025, 2, 10)).start_months == 3
