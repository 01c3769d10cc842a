"""What the description of the API says besides the calls: scopes, problems and examples of each."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from loopbaan.web.api import shapes
from loopbaan.web.api.keys import Key
from loopbaan.web.api.problems import MEDIA_TYPE, codes

TITLE = "The API for the software of a centre"
VERSION = "1.0.0"
TEXT = """\
Every call carries a key of your centre: `Authorization: Bearer lb_…`. A key serves for some scopes,
expires, and is shown once when it is made.

Every act carries an `Idempotency-Key` of your choice, a UUID. Send the same again and the act is
not done again: you get the same answer, for 30 days. Keep the key until you have an answer.

A list comes in pages of at most `limit` rows by their number. Its `next` is what to send as `after`
for those that follow, and null at the end.

What cannot be done is a problem (RFC 9457) with a stable `code` and a sentence in the language of
`Accept-Language`: `nl` or `en`. A `429` and a `503` say with `Retry-After` in how many seconds you
may come back. Only an address over 4,094 bytes (`414`) and headers over 8,190 (`431`) are answered
in HTML: they are refused before they are read. Amounts are whole
cents, durations whole minutes, days are those of Flanders.
"""
JSON = "application/json"
# What any call can meet; and what is met by those that send something, or act.
ALWAYS = ("no_key", "not_for_this_key", "too_often", "broken", "away")
WITH_VALUES, WITH_BODY = ("not_understood",), ("too_large",)
OF_ACT = ("key_used_before", "refused")
# What the server refuses by itself, before a call is one.
UNREAD = {"414": "The address is too long.", "431": "A header is too long, or there are too many."}
# What is said of the parts that more than one call sends along.
PARAMETERS = {
    "after": "Only rows with a higher number: the `next` of the page before.",
    "limit": "How many rows at most.",
    "running": "Only tracks that run.",
    "status": "Only talks of this status.",
    "track": "The number of a track.",
    "talk": "The number of a talk.",
    "claim": "The number of a claim.",
    "payment": "The number of a payment.",
    "hold": "The number of a hold.",
    "recovery": "The number of a recovery.",
    "hook": "The number of a webhook.",
}


def call(
    *scopes: str, answers: type[Any], status: int = 200, problems: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what a call is made with: one of these scopes, its answer, and the codes of its own.

    Those that every call of its kind can meet are added by `finished`.
    """
    extra = {"x-scopes": scopes, "x-codes": list(problems)}
    return {"auth": Key(*scopes), "response": {status: answers}, "openapi_extra": extra}


def finished(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a description in which each call has its scopes, its problems and its examples."""
    parts = schema["components"]["schemas"]
    told = shapes.Told.model_json_schema(ref_template="#/components/schemas/{model}")
    parts |= told.pop("$defs") | {"Told": told}
    for methods in schema["paths"].values():
        for one in methods.values():
            scopes = one.pop("x-scopes")
            # One of them is enough: each is an alternative.
            one["security"] = [{"Key": [scope]} for scope in scopes]
            one["description"] += f"\n\nScope: {' or '.join(scopes)}."
            for each in one["parameters"]:
                each["description"] = each.get("description") or PARAMETERS.get(each["name"], "")
            _show(one.get("requestBody"), parts)
            for answer in one["responses"].values():
                _show(answer, parts)
            one["responses"] |= _problems(one, [*one.pop("x-codes"), *_of_kind(one)])
            one["responses"] |= {
                status: {"description": text, "content": {"text/html": {}}}
                for status, text in UNREAD.items()
            }
    return schema


def shown(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the calls as the page for people shows them."""
    parts, found = schema["components"]["schemas"], []
    for where, methods in schema["paths"].items():
        for method, one in methods.items():
            status, answer = next(iter(one["responses"].items()))
            body = one.get("requestBody")
            told = {"Body": body, "Answer": answer} if body else {"Answer": answer}
            common = {*ALWAYS, *WITH_VALUES, *WITH_BODY, *OF_ACT, "not_found"}
            found.append(
                {
                    "name": one["operationId"],
                    "method": method.upper(),
                    "where": where,
                    "text": one["description"],
                    "parameters": one["parameters"],
                    "status": status,
                    "examples": [(name, _text(each)) for name, each in told.items()],
                    "fields": [
                        (name, list(_fields(each["content"][JSON]["schema"], parts)))
                        for name, each in told.items()
                    ],
                    "codes": [each for each in _codes_of(one) if each not in common],
                }
            )
    return found


def example(part: dict[str, Any], parts: dict[str, Any]) -> Any:
    """Return an example of a part of the description, made of those of its fields."""
    if "$ref" in part:
        return example(parts[part["$ref"].rsplit("/", 1)[-1]], parts)
    if "examples" in part:
        return part["examples"][0]
    if "properties" in part:
        return {name: example(each, parts) for name, each in part["properties"].items()}
    assert part.get("type") == "array", f"a field without an example: {part}"
    return [example(part["items"], parts)]


def _text(told: dict[str, Any]) -> str:
    return json.dumps(told["content"][JSON]["example"], ensure_ascii=False, indent=2)


def _fields(
    part: dict[str, Any], parts: dict[str, Any], before: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield each field of a part by its path, and what is said of it."""
    if "$ref" in part:
        part = parts[part["$ref"].rsplit("/", 1)[-1]]
    for name, each in part.get("properties", {}).items():
        if each.get("description"):
            yield f"{before}{name}", each["description"]
        inner = [each.get("items", {}), *each.get("anyOf", ())]
        for one in inner:
            if "$ref" in one:
                mark = "[]" if each.get("type") == "array" else ""
                yield from _fields(one, parts, f"{before}{name}{mark}.")


def _codes_of(one: dict[str, Any]) -> list[str]:
    return [
        code
        for status, each in one["responses"].items()
        if int(status) >= 400 and status not in UNREAD
        for code in each["content"][MEDIA_TYPE]["schema"]["allOf"][1]["properties"]["code"]["enum"]
    ]


def _show(told: dict[str, Any] | None, parts: dict[str, Any]) -> None:
    """Put an example to a body or an answer."""
    if told is not None:
        content = told["content"][JSON]
        content["example"] = example(content["schema"], parts)


def _of_kind(one: dict[str, Any]) -> tuple[str, ...]:
    """Return what a call can meet because of what is sent with it."""
    names = {each["name"] for each in one["parameters"]}
    is_act = "Idempotency-Key" in names
    has_body = "requestBody" in one
    found = [*ALWAYS, *(OF_ACT if is_act else ())]
    found += WITH_VALUES if names or has_body else ()
    found += WITH_BODY if has_body else ()
    found += ["not_found"] if any(each["in"] == "path" for each in one["parameters"]) else []
    return tuple(found)


def _problems(one: dict[str, Any], given: Sequence[str]) -> dict[str, Any]:
    """Return the problems of a call by their status, each with the codes that it can have."""
    known, found = codes(), {}
    for status in sorted({known[code][0] for code in given}):
        mine = [code for code in dict.fromkeys(given) if known[code][0] == status]
        schema = {
            "allOf": [
                {"$ref": "#/components/schemas/Told"},
                {"properties": {"code": {"enum": mine}}},
            ]
        }
        found[str(status)] = {
            "description": "\n".join(f"- `{code}`: {known[code][1]}" for code in mine),
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        if status in (429, 503):
            wait = {
                "description": "Seconds until you may come back.",
                "schema": {"type": "integer"},
            }
            found[str(status)]["headers"] = {"Retry-After": wait}
    return found
