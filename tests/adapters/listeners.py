"""Machines that are told something over real HTTP, on the loopback: each answers in its own way."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Listener:
    """Who listens at an address, and what was heard: the path, the headers, the body."""

    address: str = ""
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    leads_to: str = ""


@contextmanager
def listener(
    status: int = 204, leads_to: str = "", papers: Path | None = None
) -> Iterator[Listener]:
    """Listen, and answer with a status; with papers (a key and its certificate) over TLS."""
    made = Listener(status=status, leads_to=leads_to)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.heard.append((self.path, dict(self.headers), body))
            self.send_response(made.status)
            if made.leads_to:
                self.send_header("Location", made.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64  # who comes at once is not turned away

    server = Server(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}/told?by=us"
    if papers:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(papers)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        made.address = f"https://localhost:{server.server_port}/told?by=us"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def papers_of(host: str, file: Path) -> Path:
    """Write a key and a certificate that it signs itself, for a host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.fromtimestamp(file.parent.stat().st_mtime, UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(pem, shape, plain) + made.public_bytes(pem))
    return file


@contextmanager
def rude(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen, and say to each who comes whatever one likes; gives the address."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                visitor, _ = door.accept()
                threading.Thread(target=_speak, args=(speak, visitor), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    with closing(door):
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"


def drip(visitor: socket.socket) -> None:
    """Answer so slowly that no single part of it is late."""
    while True:
        visitor.sendall(b"H")
        time.sleep(0.05)


def flood(visitor: socket.socket) -> None:
    """Answer, and never stop."""
    visitor.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        visitor.sendall(b"x" * 65_536)


def silence(_visitor: socket.socket) -> None:
    """Say nothing, for a long while."""
    time.sleep(5)


def babble(visitor: socket.socket) -> None:
    """Answer what is no HTTP."""
    visitor.sendall(b"220 mail.example ESMTP\r\n")


def _speak(speak: Callable[[socket.socket], None], visitor: socket.socket) -> None:
    with suppress(OSError), closing(visitor):
        visitor.recv(65_536)
        speak(visitor)
