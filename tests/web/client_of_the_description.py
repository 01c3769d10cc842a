"""A client that knows the API from its description alone: no path and no field stands in it."""

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.test import Client


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Read it."""
        return json.loads(self.content)


@dataclass(frozen=True)
class OverHttp:
    """Asks an installation that runs, in the way in which Django's own client asks."""

    address: str

    def generic(
        self,
        method: str,
        where: str,
        sent: str = "",
        content_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask, and return what came back."""
        host = urlsplit(self.address).netloc
        with closing(http.client.HTTPConnection(host, timeout=30)) as asked:
            told = {**(headers or {}), "Content-Type": content_type}
            asked.request(method, where, sent.encode(), told)
            got = asked.getresponse()
            return Answer(got.status, dict(got.headers), got.read())


@dataclass
class Described:
    """Calls by their names; what is sent is put where the description says that it goes."""

    text: str
    key: str
    lang: str = "nl"
    browser: Client | OverHttp = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.description = json.loads(self.text)
        self.calls = {
            call["operationId"]: (method, where, call)
            for where, methods in self.description["paths"].items()
            for method, call in methods.items()
        }

    def call(self, name: str, **values: Any) -> Any:
        """Make a call and return what came back, once it is as described."""
        method, where, call = self.calls[name]
        headers = {"Authorization": f"Bearer {self.key}", "Accept-Language": self.lang}
        query = {}
        for each in call["parameters"]:
            if each["name"] == "Idempotency-Key":
                headers["Idempotency-Key"] = values.pop("key", None) or str(uuid4())
            elif each["in"] == "path":
                where = where.replace(f"{{{each['name']}}}", str(values.pop(each["name"])))
            elif each["name"] in values:
                query[each["name"]] = values.pop(each["name"])
        sent = json.dumps(values) if "requestBody" in call else ""
        answer = self.browser.generic(
            method.upper(),
            f"{where}?{urlencode(query)}" if query else where,
            sent,
            content_type="application/json",
            headers=headers,
        )
        described = call["responses"][str(answer.status_code)]
        kind = answer.headers["Content-Type"].partition(";")[0]
        shape = described["content"][kind]["schema"]
        if answer.status_code >= 400:
            assert answer.json()["code"] in shape["allOf"][1]["properties"]["code"]["enum"]
        return answer
