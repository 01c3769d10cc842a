"""The software of centres, told over HTTP at an address of its own choice.

An address is somebody else's word: only public machines are spoken to, at the very address that was
looked at; no redirect is followed, little is read, and nobody is waited for longer than `SECONDS`.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

SECONDS = 5.0
MOST_READ = 1_024
LONGEST = 500


@dataclass(frozen=True)
class Message:
    """What is sent to an address."""

    address: str
    body: bytes
    headers: Mapping[str, str]


class Sender(Protocol):
    """Tells software."""

    def send(self, messages: Sequence[Message]) -> list[str]:
        """Send them, and return of each why it was not taken; nothing: it was."""


@dataclass
class FakeSender:
    """Keeps what would be sent; `fault` says why nobody takes it."""

    sent: list[Message] = field(default_factory=list)
    fault: str = ""

    def send(self, messages: Sequence[Message]) -> list[str]:
        """Keep them."""
        if not self.fault:
            self.sent += messages
        return [self.fault for _ in messages]


@dataclass
class HttpSender:
    """Sends for real. `is_open` (the sandbox): also plain HTTP, and to programs on this machine."""

    is_open: bool = False

    def send(self, messages: Sequence[Message]) -> list[str]:
        """Send them side by side: who is slow holds up nobody else, and us no longer than that."""
        faults = ["did not answer in time"] * len(messages)

        def send(place: int) -> None:
            faults[place] = self._fault_of(messages[place])

        # Daemons: looking a name up cannot be cut short, and nobody waits for it.
        threads = [
            threading.Thread(target=send, args=(place,), daemon=True)
            for place in range(len(messages))
        ]
        for each in threads:
            each.start()
        deadline = time.monotonic() + SECONDS + 1
        for each in threads:
            each.join(max(0.0, deadline - time.monotonic()))
        return list(faults)

    def _fault_of(self, message: Message) -> str:
        if not fits(message.address, is_open=self.is_open):
            return "no address to send to"
        try:
            status = self._post(urlsplit(message.address), message)
        except _NotPublic:
            return "leads to a machine that is not public"
        except (OSError, ValueError, http.client.HTTPException) as error:
            return type(error).__name__
        return "" if 200 <= status < 300 else f"answered {status}"

    def _post(self, parts: SplitResult, message: Message) -> int:
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        door = socket.create_connection((self._looked_up(host, port), port), SECONDS)
        asked = http.client.HTTPConnection(host, port)
        # A time-out of a socket is one of each part of an answer: this is one of the whole.
        end = threading.Timer(SECONDS, _shut, (asked,))
        end.daemon = True
        try:
            if parts.scheme == "https":
                door = ssl.create_default_context().wrap_socket(
                    door, server_hostname=host, do_handshake_on_connect=False
                )
            asked.sock = door
            end.start()
            if isinstance(door, ssl.SSLSocket):
                door.do_handshake()
            where = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            headers = {**message.headers, "Host": parts.netloc, "Connection": "close"}
            asked.request("POST", where, message.body, headers)
            answer = asked.getresponse()
            answer.read(MOST_READ)
            return answer.status
        finally:
            end.cancel()
            asked.close()
            door.close()

    def _looked_up(self, host: str, port: int) -> str:
        """Return where a name leads, if every place it leads to may be spoken to."""
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = [str(each[4][0]) for each in places]
        if not all(is_public(each) or (self.is_open and _is_this_one(each)) for each in found):
            raise _NotPublic
        return found[0]


class _NotPublic(Exception):
    """A name leads to a machine that is not public."""


def fits(address: str, *, is_open: bool = False) -> bool:
    """Whether something is an address that can be told: https, a host, and no password in it."""
    try:
        parts = urlsplit(address)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_plain = address.isascii() and address.isprintable() and " " not in address
    schemes = ("https", "http") if is_open else ("https",)
    return (
        is_plain
        and has_port
        and len(address) <= LONGEST
        and parts.scheme in schemes
        and bool(parts.hostname)
        and "@" not in parts.netloc
    )


def is_public(address: str) -> bool:
    """Whether a numeric address is that of a public machine, and not a private one in disguise."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        # Others, such as 64:ff9b::/96, may be carried to an address of another kind.
        if found not in _UNICAST or found.sixtofour is not None or found.teredo is not None:
            return False
    return found.is_global and not found.is_multicast


def _is_this_one(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


_UNICAST = ipaddress.ip_network("2000::/3")


def _shut(asked: http.client.HTTPConnection) -> None:
    """Let whoever waits at a connection wait no longer; TLS itself is not asked, it may be busy."""
    with suppress(OSError, TypeError):
        socket.socket.shutdown(asked.sock, socket.SHUT_RDWR)
