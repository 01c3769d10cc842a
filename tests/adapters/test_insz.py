"""Test numbers that are nobody's, and keys under which they are kept and can be changed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import bis, nn

from loopbaan.adapters import insz
from loopbaan.adapters.cast import BY_KEY
from loopbaan.adapters.insz import BadKeys, BadSeal, Keyring, UnknownKey, new_key
from loopbaan.adapters.unusable import Unusable

AN, BRAM = BY_KEY["an"].insz, BY_KEY["bram"].insz
BIRTHS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
SERIALS = st.integers(1, 998)
NUMBERS = st.builds(insz.make, BIRTHS, SERIALS)
OLD, NEW = new_key("2024"), new_key("2025")


def test_the_number_of_an_is_printed_as_people_write_it():
    assert insz.written(AN) == "90.64.12-902.09"
    assert insz.check("90.64.12-902.09") == insz.check(" 90 64 12 902/09 ") == AN


@given(BIRTHS, SERIALS)
def test_a_number_that_was_made_is_right_and_tells_the_birth_day(birth, serial):
    number = insz.make(birth, serial)
    assert insz.check(insz.written(number)) == number
    assert insz.birth_of(number) == birth


@given(NUMBERS)
def test_a_test_number_is_no_national_number_and_no_bis_number(number):
    assert not nn.is_valid(number)
    assert not bis.is_valid(number)


@given(NUMBERS, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_seen_unless_it_is_a_year_six_away_in_another_century(
    number, place, more
):
    digit = (int(number[place]) + more) % 10
    wrong = f"{number[:place]}{digit}{number[place + 1 :]}"
    if place == 1 and abs(digit - int(number[1])) == 6:
        return  # the check digits of 1990 and of 2096 may be the same: nobody can see that one
    with pytest.raises(Unusable):
        insz.check(wrong)


@given(NUMBERS)
def test_the_same_nine_digits_have_other_check_digits_in_another_century(number):
    first, born = int(number[:9]), insz.birth_of(number)
    assert born is not None
    assert int(number[9:]) == 97 - (first + 2_000_000_000 * (born.year >= 2000)) % 97


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "11 cijfers"),
        ("9064129020", "11 cijfers"),
        ("90.64.12-902.0９", "11 cijfers"),
        ("90.02.31-902.14", "alleen testnummers"),  # a day that nobody is born on
        ("90.64.12-902.10", "bestaat niet"),
        (insz.make(date(1990, 4, 30), 902).replace("9064", "9062"), "bestaat niet"),
    ],
)
def test_what_is_no_test_number_is_refused_with_a_sentence_without_the_number(text, said):
    with pytest.raises(Unusable) as refused:
        insz.check(text)
    assert said in refused.value.nl
    assert refused.value.sentence("nl") != refused.value.sentence("en") == str(refused.value)
    assert not text or text not in refused.value.nl + refused.value.en


@given(NUMBERS)
def test_what_is_sealed_opens_and_is_found(number):
    ring = Keyring.read(f"{NEW},{OLD}")
    first, second = ring.seal(number), ring.seal(number)
    assert ring.open(first.key_id, first.cipher) == number
    assert first.lookup == second.lookup == ring.lookups(number)["2025"]
    assert first.cipher != second.cipher
    assert number.encode() not in first.cipher + first.lookup


def test_two_people_are_found_apart_and_so_are_two_keys():
    ring = Keyring.read(f"{NEW},{OLD}")
    found = [*ring.lookups(AN).values(), *ring.lookups(BRAM).values()]
    assert len(set(found)) == 4


def test_after_a_new_key_the_old_rows_are_found_opened_and_sealed_anew():
    kept = Keyring.read(OLD).seal(AN)
    ring = Keyring.read(f"{NEW},{OLD}")
    assert ring.lookups(AN)[kept.key_id] == kept.lookup
    moved = ring.reseal(kept)
    assert (moved.key_id, moved.lookup) == ("2025", ring.lookups(AN)["2025"])
    assert ring.reseal(moved) == moved
    assert Keyring.read(NEW).open(moved.key_id, moved.cipher) == AN


def test_without_its_key_a_number_stays_sealed():
    kept = Keyring.read(OLD).seal(AN)
    with pytest.raises(UnknownKey):
        Keyring.read(NEW).open(kept.key_id, kept.cipher)
    with pytest.raises(BadSeal):
        Keyring.read(new_key("2024")).open(kept.key_id, kept.cipher)


@given(st.integers(0, 38), st.integers(1, 255))
def test_a_changed_byte_is_seen(place, change):
    ring = Keyring.read(NEW)
    kept = ring.seal(AN)
    changed = bytearray(kept.cipher)
    changed[place] ^= change
    with pytest.raises(BadSeal):
        ring.open(kept.key_id, bytes(changed))


def test_a_cipher_does_not_open_under_the_name_of_another_key():
    secret = OLD.partition(":")[2]
    ring = Keyring.read(f"a:{secret},b:{secret}")
    kept = replace(ring.seal(AN), key_id="b")
    with pytest.raises(BadSeal):
        ring.open(kept.key_id, kept.cipher)


def test_a_secret_that_stands_alone_has_a_key_of_its_own():
    ring = Keyring.read(OLD.partition(":")[2])
    assert ring.newest == "0"
    assert ring.open("0", ring.seal(AN).cipher) == AN


@pytest.mark.parametrize(
    "text",
    ["", "2024:", "2024:xyz", OLD[:-1], f"{OLD},{OLD}", f"{OLD},", f"Key 1:{'0' * 64}"],
    ids=["nothing", "no_secret", "no_hex", "too_short", "twice", "a_comma_more", "a_name_of_two"],
)
def test_keys_that_cannot_be_used_are_refused_and_not_repeated(text):
    with pytest.raises(BadKeys) as refused:
        Keyring.read(text)
    assert "0000" not in str(refused.value)
    assert OLD[5:] not in str(refused.value)


def test_a_ring_shows_no_secret():
    ring = Keyring.read(OLD)
    assert OLD[5:20] not in repr(ring)
    assert str(bytes.fromhex(OLD[5:])) not in repr(ring)
