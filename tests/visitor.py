"""Someone who visits an installation over HTTP: cookies, forms and redirects, and no browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener
from uuid import UUID, uuid4

SECONDS = 10


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """What came back: `goes_to` is the path of a redirect."""

    status: int
    text: str
    goes_to: str


@dataclass
class Visitor:
    """A visitor with cookies of her own."""

    address: str
    cookies: CookieJar = field(default_factory=CookieJar)
    opener: OpenerDirector = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.opener = build_opener(_StayHere, HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Answer:
        """Ask for a page; raises OSError if nobody answers."""
        return self._send(path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, as the page with it would."""
        token = self._cookie("csrftoken")
        if not token:
            self.get("/check")
            token = self._cookie("csrftoken")
        return self._send(path, urlencode({"csrfmiddlewaretoken": token, **fields}).encode())

    def log_in(self, **who: str) -> None:
        """Choose a person (`person=`, an INSZ) or an official (`official=`) of the sandbox."""
        answer = self.post("/aanmelden", who)
        assert answer.status == 302, answer.status

    def order(self, key: UUID | None = None) -> int:
        """Order a voucher and return the number; 0 if it was not acknowledged."""
        answer = self.post("/bestellen", {"language": "nl", "key": str(key or uuid4())})
        found = re.fullmatch(r"/bestelling/(\d+)", answer.goes_to)
        return int(found[1]) if answer.status == 302 and found else 0

    def has(self, path: str) -> bool:
        """Whether there is such a page, here and now."""
        return self.get(path).status == 200

    def _send(self, path: str, body: bytes | None) -> Answer:
        try:
            with self.opener.open(f"{self.address}{path}", body, SECONDS) as answer:
                return _answer(answer)
        except HTTPError as error:
            with error:
                return _answer(error)

    def _cookie(self, name: str) -> str:
        return next((each.value or "" for each in self.cookies if each.name == name), "")


def _answer(response: Any) -> Answer:
    where = urlsplit(response.headers.get("Location", ""))
    return Answer(response.status, response.read().decode("utf-8", "replace"), where.path)
