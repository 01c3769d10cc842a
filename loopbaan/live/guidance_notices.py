"""What a worker is told of a started voucher, and each side of what waits for it."""

from functools import partial

from django.utils import timezone

from loopbaan.law.transitions import TalkStatus
from loopbaan.law.wording import Lang, day_text, hour_text, hours_text
from loopbaan.live.models import OpeningCode, OutboxRow, Talk, Track
from loopbaan.live.opening import digits_of
from loopbaan.live.outbox import Handler
from loopbaan.live.posting import Post, Words

CODE: Words = {
    "nl": (
        "Uw code voor {centre}",
        (
            "{centre} vraagt om uw cheque te openen. Bent u daar klant, geef dan deze code:"
            " {code}. Hij geldt tot {until}. Geef hem aan niemand anders. Kent u dit centrum niet,"
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
            " laatste op {answer_by}. Zonder antwoord telt het daarna als bevestigd:"
            " {page}\n\n{contact}"
        ),
    ),
    "en": (
        "Is this talk right?",
        (
            "{centre} registered a talk of {hours} on {held}. Confirm or dispute it by {answer_by}."
            " Without an answer it counts as confirmed after that: {page}\n\n{contact}"
        ),
    ),
}
REMINDER: Words = {
    "nl": (
        "Herinnering: klopt dit gesprek?",
        (
            "U antwoordde nog niet op het gesprek van {hours} op {held}. Na {answer_by} telt het"
            " als bevestigd: {page}\n\n{contact}"
        ),
    ),
    "en": (
        "Reminder: is this talk right?",
        (
            "You did not answer yet on the talk of {hours} on {held}. After {answer_by} it counts"
            " as confirmed: {page}\n\n{contact}"
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
ANSWERED: Words = {
    "nl": (
        "We noteerden uw antwoord",
        (
            "U antwoordde ons op het gesprek van {hours} op {held}. Een medewerker noteerde uw"
            " antwoord en waarom: {page}\n\nAntwoordde u niets? Zeg het ons meteen. {contact}"
        ),
    ),
    "en": (
        "We noted your answer",
        (
            "You answered us on the talk of {hours} on {held}. An official noted your answer, and"
            " why: {page}\n\nDid you answer nothing? Tell us at once. {contact}"
        ),
    ),
}
SETTLED: Words = {
    "nl": (
        "Over een gesprek is beslist",
        "Over het gesprek van {held} bij {centre} is beslist: {page}\n\n{contact}",
    ),
    "en": (
        "A talk was decided on",
        "The talk of {held} at {centre} was decided on: {page}\n\n{contact}",
    ),
}
SHORTENED: Words = {
    "nl": (
        "Een gesprek telt voor minder",
        (
            "De overheid keek het gesprek van {held} bij {centre} na. Het telt nu voor {minutes}"
            " minuten. De reden staat op uw pagina: {page}\n\n{rest}\n\n{contact}"
        ),
    ),
    "en": (
        "A talk counts for less",
        (
            "The authority examined the talk of {held} at {centre}. It counts for {minutes} minutes"
            " now. The reason stands on your page: {page}\n\n{rest}\n\n{contact}"
        ),
    ),
}
# What becomes of the minutes that come free: while the voucher runs, and once it is closed.
FREED: dict[Lang, tuple[str, str]] = {
    "nl": (
        "De minuten die vrijkomen, zijn weer van u.",
        (
            "Uw cheque was al afgesloten: wat vrijkomt, vervalt. Wilt u dat de overheid dat"
            " bekijkt, laat het ons dan weten."
        ),
    ),
    "en": (
        "The minutes that come free are yours again.",
        (
            "Your voucher was closed already: what comes free is lost. If you want the authority to"
            " look at that, let us know."
        ),
    ),
}


TO_CENTRE_EARLY = (
    "Een werkende wil vroeger afsluiten",
    "Bij traject {track} wil de werkende vroeger afsluiten. Dat kan als u ook akkoord gaat: {page}",
)


def handlers(post: Post) -> dict[str, Handler]:
    """Return what to do for each kind of outbox row about a started voucher."""
    return {
        "opening_code": partial(_code, post),
        "voucher_started": partial(_of_order, post, STARTED),
        "voucher_closed": partial(_of_order, post, CLOSED),
        "track_moved": partial(_moved, post),
        "track_early": partial(_early, post),
        "talk_registered": partial(_to_worker, post, REGISTERED, None),
        "talk_reminder": partial(_to_worker, post, REMINDER, TalkStatus.REGISTERED),
        "talk_withdrawn": partial(_to_worker, post, WITHDRAWN, None),
        "talk_shortened": partial(_shortened, post),
        "talk_answered": partial(_to_worker, post, ANSWERED, None),
        "talk_settled": partial(_to_worker, post, SETTLED, None),
    }


def _code(post: Post, row: OutboxRow) -> None:
    asked = OpeningCode.objects.select_related("centre", "order__worker").get(pk=row.about_id)
    until = timezone.localtime(asked.expires_at)

    def values(lang: Lang) -> dict[str, str]:
        last = f"{day_text(until.date(), lang)}, {hour_text(until.time(), lang)}"
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
    side = row.part.partition(":")[0]
    # Taken back, or closed by now: nobody is asked any more.
    if track.ended_on is not None or getattr(track, f"early_by_{side}_at") is None:
        return
    if side == "worker":
        post.to_centre(row, track.centre, TO_CENTRE_EARLY, {"track": str(track.pk)})
    else:
        post.to_worker(row, track.voucher.order, EARLY, lambda lang: _values_of_track(track, lang))


def _to_worker(post: Post, words: Words, still: TalkStatus | None, row: OutboxRow) -> None:
    talk = talk_of(row.about_id)
    # A reminder of what was answered by now is left out.
    if still is None or talk.status == still:
        order = talk.track.voucher.order
        post.to_worker(row, order, words, lambda lang: values_of_talk(talk, lang))


def _shortened(post: Post, row: OutboxRow) -> None:
    talk = talk_of(row.about_id)
    voucher = talk.track.voucher

    def values(lang: Lang) -> dict[str, str]:
        rest = FREED[lang][voucher.closed_on is not None]
        return values_of_talk(talk, lang) | {"minutes": row.part, "rest": rest}

    post.to_worker(row, voucher.order, SHORTENED, values)


def _track(number: int) -> Track:
    return Track.objects.select_related("centre", "voucher__order__worker").get(pk=number)


def talk_of(number: int) -> Talk:
    """Return a talk with all that its notices name."""
    with_all = Talk.objects.select_related("track__centre", "track__voucher__order__worker")
    return with_all.get(pk=number)


def _values_of_track(track: Track, lang: Lang) -> dict[str, str]:
    return {"centre": track.centre.name, "hours": hours_text(track.voucher.minutes, lang)}


def values_of_talk(talk: Talk, lang: Lang) -> dict[str, str]:
    """Return what the notices of a talk name, in a language."""
    return {
        "centre": talk.track.centre.name,
        "hours": hours_text(talk.minutes, lang),
        "held": day_text(talk.held_on, lang),
        "answer_by": day_text(talk.answer_by, lang) if talk.answer_by else "–",
    }
