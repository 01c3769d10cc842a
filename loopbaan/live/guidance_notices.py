"""What worker and centre are told of a started voucher: each thing that waits for one of them."""

from functools import partial

from django.utils import timezone

from loopbaan.adapters.bank import BankAccount, written_communication
from loopbaan.law.transitions import TalkStatus
from loopbaan.law.wording import Lang, day_text, euro_text, hours_text
from loopbaan.live.models import OpeningCode, OutboxRow, Recovery, Talk, Track
from loopbaan.live.opening import digits_of
from loopbaan.live.outbox import Handler
from loopbaan.live.posting import Post, Words
from loopbaan.live.recoveries import reference

CODE: Words = {
    "nl": (
        "Uw code voor {centre}",
        (
            "{centre} vraagt om uw cheque te openen. Bent u daar klant, geef dan deze code:"
            " {code}. Ze geldt tot {until}. Geef ze aan niemand anders. Kent u dit centrum niet,"
            " doe dan niets."
        ),
    ),
    "en": (
        "Your code for {centre}",
        (
            "{centre} asks to open your voucher. If you are a client there, give this code:"
            " {code}. It is valid until {until}. Give it to nobody else. If you do not know this"
            " centre, do nothing."
        ),
    ),
}
STARTED: Words = {
    "nl": (
        "Uw loopbaanbegeleiding is opgestart",
        (
            "{centre} startte uw cheque voor {hours} begeleiding op. U bevestigt elk gesprek op uw"
            " pagina: {page}"
        ),
    ),
    "en": (
        "Your career guidance has started",
        (
            "{centre} started your voucher for {hours} of guidance. You confirm each talk on your"
            " page: {page}"
        ),
    ),
}
CLOSED: Words = {
    "nl": (
        "Uw cheque is afgesloten",
        "Uw begeleiding bij {centre} is afgesloten. Uw plan blijft van u, op uw pagina: {page}",
    ),
    "en": (
        "Your voucher is closed",
        "Your guidance at {centre} is closed. Your plan stays yours, on your page: {page}",
    ),
}
EARLY: Words = {
    "nl": (
        "Uw centrum wil vroeger afsluiten",
        (
            "{centre} wil uw cheque vroeger afsluiten. De minuten die over zijn, gaan dan verloren."
            " Dat gebeurt alleen als u ook akkoord gaat: {page}"
        ),
    ),
    "en": (
        "Your centre wants to close early",
        (
            "{centre} wants to close your voucher early. The minutes left are then lost. That"
            " happens only if you agree too: {page}"
        ),
    ),
}
MOVED: Words = {
    "nl": ("Uw cheque loopt nu elders", "Uw minuten gingen mee naar {centre}: {page}"),
    "en": ("Your voucher has moved", "Your minutes went along to {centre}: {page}"),
}
REGISTERED: Words = {
    "nl": (
        "Klopt dit gesprek?",
        (
            "{centre} registreerde een gesprek van {hours} op {held}. Bevestig of betwist het ten"
            " laatste op {answer_by}. Zonder antwoord telt het daarna als bevestigd: {page}"
        ),
    ),
    "en": (
        "Is this talk right?",
        (
            "{centre} registered a talk of {hours} on {held}. Confirm or dispute it by {answer_by}."
            " Without an answer it counts as confirmed after that: {page}"
        ),
    ),
}
REMINDER: Words = {
    "nl": (
        "Herinnering: klopt dit gesprek?",
        (
            "U antwoordde nog niet op het gesprek van {hours} op {held}. Na {answer_by} telt het"
            " als bevestigd: {page}"
        ),
    ),
    "en": (
        "Reminder: is this talk right?",
        (
            "You did not answer yet on the talk of {hours} on {held}. After {answer_by} it counts"
            " as confirmed: {page}"
        ),
    ),
}
WITHDRAWN: Words = {
    "nl": (
        "Een gesprek is ingetrokken",
        "{centre} trok het gesprek van {held} in. De minuten zijn weer van u: {page}",
    ),
    "en": (
        "A talk was withdrawn",
        "{centre} withdrew the talk of {held}. The minutes are yours again: {page}",
    ),
}
SETTLED: Words = {
    "nl": (
        "Over uw betwisting is beslist",
        "Over het gesprek van {held} dat u betwistte, is beslist: {page}",
    ),
    "en": (
        "Your dispute was decided",
        "The talk of {held} that you disputed was decided on: {page}",
    ),
}
TO_CENTRE_DISPUTED = (
    "Een gesprek is betwist",
    "De werkende betwist het gesprek van {held} ({hours}). Alleen dat gesprek wacht: {page}",
)
TO_CENTRE_CORRECTED = (
    "Een gesprek is verbeterd",
    "Het gesprek van {held} telt nu voor {minutes} minuten. De rest wordt verrekend: {page}",
)
TO_CENTRE_ASKED_BACK = (
    "Betaal {amount} terug",
    (
        "Uw centrum kreeg meer dan waarop het recht heeft. Betaal {amount} terug, ten laatste op"
        " {due}, op rekening {iban} van {holder}, met als mededeling {reference}. Alles staat op uw"
        " afrekening: {page}/afrekening\n\nDe reden: {reason}"
    ),
)
TO_CENTRE_NOT_ASKED_BACK = (
    "U hoeft niet terug te betalen",
    (
        "Wat we op {asked} terugvroegen, {amount}, hoeft niet overgeschreven te worden: het wordt"
        " verrekend met wat uw centrum nog vordert: {page}/afrekening"
    ),
)
TO_CENTRE_EARLY = (
    "Een werkende wil vroeger afsluiten",
    "Bij traject {track} wil de werkende vroeger afsluiten. Dat kan als u ook akkoord gaat: {page}",
)


def handlers(post: Post, account: BankAccount) -> dict[str, Handler]:
    """Return what to do for each kind of outbox row about a started voucher, or to a centre."""
    return {
        "opening_code": partial(_code, post),
        "voucher_started": partial(_of_order, post, STARTED),
        "voucher_closed": partial(_of_order, post, CLOSED),
        "track_moved": partial(_moved, post),
        "track_early": partial(_early, post),
        "talk_registered": partial(_to_worker, post, REGISTERED, None),
        "talk_reminder": partial(_to_worker, post, REMINDER, TalkStatus.REGISTERED),
        "talk_withdrawn": partial(_to_worker, post, WITHDRAWN, None),
        "talk_settled": partial(_to_worker, post, SETTLED, None),
        "talk_disputed": partial(_to_centre, post, TO_CENTRE_DISPUTED),
        "talk_corrected": partial(_to_centre, post, TO_CENTRE_CORRECTED),
        "recovery_asked": partial(_asked_back, post, account),
        "recovery_cancelled": partial(_not_asked_back, post),
    }


def _code(post: Post, row: OutboxRow) -> None:
    asked = OpeningCode.objects.select_related("centre", "order__worker").get(pk=row.about_id)
    until = timezone.localtime(asked.expires_at)

    def values(lang: Lang) -> dict[str, str]:
        hour = f"{until:%H.%M} uur" if lang == "nl" else f"{until:%H:%M}"
        last = f"{day_text(until.date(), lang)}, {hour}"
        # Made here, at the sending: the digits are nowhere kept.
        return {"centre": asked.centre.name, "code": digits_of(asked), "until": last}

    post.to_worker(row, asked.order, CODE, values)


def _of_order(post: Post, words: Words, row: OutboxRow) -> None:
    tracks = Track.objects.filter(voucher__order_id=row.about_id)
    track = tracks.select_related("centre", "voucher__order__worker").order_by("-pk")[0]
    post.to_worker(row, track.voucher.order, words, lambda lang: _values_of_track(track, lang))


def _moved(post: Post, row: OutboxRow) -> None:
    track = _track(row.about_id)
    post.to_worker(row, track.voucher.order, MOVED, lambda lang: _values_of_track(track, lang))


def _early(post: Post, row: OutboxRow) -> None:
    track = _track(row.about_id)
    if track.ended_on is not None:
        return
    if row.part == "worker":
        post.to_centre(row, track.centre, TO_CENTRE_EARLY, {"track": str(track.pk)})
    else:
        post.to_worker(row, track.voucher.order, EARLY, lambda lang: _values_of_track(track, lang))


def _to_worker(post: Post, words: Words, still: TalkStatus | None, row: OutboxRow) -> None:
    talk = _talk(row.about_id)
    # A reminder of what was answered by now is left out.
    if still is None or talk.status == still:
        order = talk.track.voucher.order
        post.to_worker(row, order, words, lambda lang: _values_of_talk(talk, lang))


def _to_centre(post: Post, words: tuple[str, str], row: OutboxRow) -> None:
    talk = _talk(row.about_id)
    values = _values_of_talk(talk, "nl") | {"minutes": row.part}
    post.to_centre(row, talk.track.centre, words, values)


def _asked_back(post: Post, account: BankAccount, row: OutboxRow) -> None:
    asked = Recovery.objects.select_related("centre").get(pk=row.about_id)
    if asked.status != "released" or asked.paid_on is not None:
        return
    values = {
        "amount": euro_text(asked.amount_cents, "nl"),
        "reason": asked.reason,
        "due": day_text(asked.due_on, "nl"),
        "iban": account.iban,
        "holder": account.name,
        "reference": written_communication(reference(asked)),
    }
    post.to_centre(row, asked.centre, TO_CENTRE_ASKED_BACK, values)


def _not_asked_back(post: Post, row: OutboxRow) -> None:
    asked = Recovery.objects.select_related("centre").get(pk=row.about_id)
    assert asked.released_at is not None, "only what a centre was asked is told to be over"
    values = {
        "amount": euro_text(asked.amount_cents, "nl"),
        "asked": day_text(timezone.localdate(asked.released_at), "nl"),
    }
    post.to_centre(row, asked.centre, TO_CENTRE_NOT_ASKED_BACK, values)


def _track(number: int) -> Track:
    return Track.objects.select_related("centre", "voucher__order__worker").get(pk=number)


def _talk(number: int) -> Talk:
    with_all = Talk.objects.select_related("track__centre", "track__voucher__order__worker")
    return with_all.get(pk=number)


def _values_of_track(track: Track, lang: Lang) -> dict[str, str]:
    return {"centre": track.centre.name, "hours": hours_text(track.voucher.minutes, lang)}


def _values_of_talk(talk: Talk, lang: Lang) -> dict[str, str]:
    return {
        "centre": talk.track.centre.name,
        "hours": hours_text(talk.minutes, lang),
        "held": day_text(talk.held_on, lang),
        "answer_by": day_text(talk.answer_by, lang) if talk.answer_by else "–",
    }
