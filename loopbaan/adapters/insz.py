"""INSZ numbers of the official test range, and the keys under which they are kept.

The range is that of MAGDA's TST numbers: valid mod 97, with 60 added to the month, so that no
number can be a person's. There are so few possible numbers that a hash without a key would hide
nothing: a number is kept sealed (AES-GCM), and found by a look-up (HMAC-SHA256) under another key.
What people write of themselves is sealed under a third one of the same secret.
"""

import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from loopbaan.adapters.unusable import Unusable

TEST_MONTHS = 60  # added to the month of every test number
LAST_SERIAL = 998
KEY_BYTES = 32
NONCE_BYTES = 12
_SEPARATORS = re.compile(r"[\s.\-/]")
_DIGITS = re.compile(r"\d{11}", re.ASCII)
_KEY_ID = re.compile(r"[a-z0-9-]{1,16}", re.ASCII)
_SECRET = re.compile(r"[0-9a-f]{64}", re.ASCII | re.IGNORECASE)


class BadSeal(ValueError):
    """What is stored was not sealed under this key, or was changed since."""


class UnknownKey(LookupError):
    """The key under which a number was sealed is not on the ring."""


class BadKeys(ValueError):
    """The keys cannot be used; they are written as id:secret, separated by commas."""


def make(birth: date, serial: int) -> str:
    """Return the test number of a birth day and a serial from 1 to 998 (odd: male)."""
    assert 1 <= serial <= LAST_SERIAL, "the serial has three digits, and 000 and 999 are not given"
    first = f"{birth:%y}{birth.month + TEST_MONTHS:02}{birth.day:02}{serial:03}"
    return first + _check_digits(first, birth.year)


def check(text: str) -> str:
    """Return the 11 digits of a test number, however it was written.

    Raises:
        Unusable: a sentence says what is wrong with it. The number is not in the sentence.

    """
    digits = _SEPARATORS.sub("", text)
    if not _DIGITS.fullmatch(digits):
        raise Unusable(
            nl="Een rijksregisternummer of bisnummer heeft 11 cijfers.",
            en="A national number or BIS number has 11 digits.",
        )
    if not TEST_MONTHS < int(digits[2:4]) <= TEST_MONTHS + 12:
        raise Unusable(
            nl="Hier werken alleen testnummers, met 61 tot 72 als maand."
            " Geef hier nooit het nummer van een echte persoon.",
            en="Only test numbers work here, with 61 to 72 as the month."
            " Never give the number of a real person here.",
        )
    if birth_of(digits) is None or not 1 <= int(digits[6:9]) <= LAST_SERIAL:
        raise Unusable(
            nl="Dit nummer bestaat niet: de controlecijfers of de geboortedag kloppen niet.",
            en="This number does not exist: its check digits or its birth day are wrong.",
        )
    return digits


def birth_of(insz: str) -> date | None:
    """Return the birth day in 11 digits; None where check digits or day are wrong.

    The check digits tell the century: from 2000 on a 2 stands before the nine digits.
    """
    for century in (1900, 2000):
        year = century + int(insz[:2])
        if _check_digits(insz[:9], year) == insz[9:]:
            try:
                return date(year, int(insz[2:4]) - TEST_MONTHS, int(insz[4:6]))
            except ValueError:
                return None
    return None


def written(insz: str) -> str:
    """Return 11 digits as they are printed: XX.XX.XX-XXX.XX."""
    return f"{insz[:2]}.{insz[2:4]}.{insz[4:6]}-{insz[6:9]}.{insz[9:]}"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A number as it is stored: under which key, the sealed value, and what it is found by."""

    key_id: str
    cipher: bytes
    lookup: bytes


@dataclass(frozen=True, slots=True)
class _Key:
    sealing: AESGCM
    lookup: bytes
    content: AESGCM


@dataclass(frozen=True)
class Keyring:
    """The keys, by id, the newest first: it seals; the older ones open and find what they sealed.

    Of each secret of 32 bytes three keys are made: for numbers one to seal and one to look up, and
    one to seal content.
    """

    secrets: Mapping[str, bytes] = field(repr=False)
    _keys: dict[str, _Key] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.secrets:
            raise BadKeys("there is no key to seal under")
        for key_id, secret in self.secrets.items():
            if not _KEY_ID.fullmatch(key_id) or len(secret) != KEY_BYTES:
                raise BadKeys("a key has an id of a-z, 0-9 and - and a secret of 32 bytes")
            both = HKDF(SHA256(), 2 * KEY_BYTES, salt=None, info=b"loopbaan insz").derive(secret)
            third = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"loopbaan content").derive(secret)
            self._keys[key_id] = _Key(AESGCM(both[:KEY_BYTES]), both[KEY_BYTES:], AESGCM(third))

    @classmethod
    def read(cls, text: str) -> "Keyring":
        """Return the ring that a setting holds: `id:secret,id:secret`, the newest first.

        A secret is 64 hexadecimal digits; one that stands alone has the id 0.

        Raises:
            BadKeys: the text is empty or not of that form.

        """
        ring: dict[str, bytes] = {}
        for part in text.split(","):
            key_id, found, secret = part.strip().rpartition(":")
            key_id = key_id if found else "0"
            if not _SECRET.fullmatch(secret):
                raise BadKeys(f"the secret of key {len(ring) + 1} is not 64 hexadecimal digits")
            if key_id in ring:
                raise BadKeys(f"the key id {key_id!r} stands there twice")
            ring[key_id] = bytes.fromhex(secret)
        return cls(ring)

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return next(iter(self._keys))

    def seal(self, insz: str) -> Sealed:
        """Return 11 digits, sealed under the newest key."""
        key_id = self.newest
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._keys[key_id].sealing.encrypt(nonce, insz.encode(), key_id.encode())
        return Sealed(key_id, nonce + cipher, self._lookup(key_id, insz))

    def open(self, key_id: str, cipher: bytes) -> str:
        """Return the number that was sealed.

        Raises:
            UnknownKey: the key is not on the ring.
            BadSeal: it was sealed under another key, or changed since.

        """
        sealing = self._key(key_id).sealing
        nonce, sealed = cipher[:NONCE_BYTES], cipher[NONCE_BYTES:]
        try:
            return sealing.decrypt(nonce, sealed, key_id.encode()).decode()
        except (InvalidTag, ValueError):
            raise BadSeal("a stored number was not sealed as it stands there") from None

    def seal_content(self, content: bytes, about: str) -> tuple[str, bytes]:
        """Return the id of the newest key, and content sealed under it.

        `about` names the row that it belongs to: under another name it does not open.
        """
        key_id = self.newest
        nonce = os.urandom(NONCE_BYTES)
        bound = f"{key_id}:{about}".encode()
        return key_id, nonce + self._keys[key_id].content.encrypt(nonce, content, bound)

    def open_content(self, key_id: str, cipher: bytes, about: str) -> bytes:
        """Return content that was sealed for a row.

        Raises:
            UnknownKey: the key is not on the ring.
            BadSeal: it was sealed under another key or for another row, or changed since.

        """
        sealing = self._key(key_id).content
        nonce, sealed = cipher[:NONCE_BYTES], cipher[NONCE_BYTES:]
        try:
            return sealing.decrypt(nonce, sealed, f"{key_id}:{about}".encode())
        except (InvalidTag, ValueError):
            raise BadSeal("stored content was not sealed as it stands there") from None

    def lookups(self, insz: str) -> dict[str, bytes]:
        """Return what a number is found by under every key on the ring, by key id."""
        return {key_id: self._lookup(key_id, insz) for key_id in self._keys}

    def reseal(self, sealed: Sealed) -> Sealed:
        """Return the same number under the newest key; unchanged where it already is."""
        if sealed.key_id == self.newest:
            return sealed
        return self.seal(self.open(sealed.key_id, sealed.cipher))

    def _key(self, key_id: str) -> _Key:
        if key_id not in self._keys:
            raise UnknownKey(f"no key {key_id!r} on the ring")
        return self._keys[key_id]

    def _lookup(self, key_id: str, insz: str) -> bytes:
        return hmac.digest(self._keys[key_id].lookup, insz.encode(), "sha256")


def new_key(key_id: str) -> str:
    """Return a new key as a setting holds it: `id:secret`."""
    if not _KEY_ID.fullmatch(key_id):
        raise BadKeys("a key has an id of a-z, 0-9 and -")
    return f"{key_id}:{os.urandom(KEY_BYTES).hex()}"


def _check_digits(first: str, year: int) -> str:
    return f"{97 - int(first if year < 2000 else '2' + first) % 97:02}"
