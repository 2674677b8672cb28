"""A git host on loopback, over HTTPS, because the client derives an asset's name only from the URL of a host."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rehearsal.loopback import Loopback, Quiet

if TYPE_CHECKING:
    from pathlib import Path

_ADDRESS = "127.0.0.1"


@dataclass
class Origin(Loopback):
    """Serves the bare repositories in a folder; a private host requires a login, and accepts none."""

    folder: Path
    private: bool = False
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.certificate = self.folder / "certificate.pem"
        self.certificate.write_bytes(_certificate())
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate)
        self.server = ThreadingHTTPServer((_ADDRESS, 0), type("Handler", (_Handler,), {"origin": self}))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://{_ADDRESS}:{self.server.server_address[1]}"


class _Handler(Quiet, SimpleHTTPRequestHandler):
    origin: Origin

    def __init__(self, *given: Any) -> None:
        super().__init__(*given, directory=str(self.origin.folder))

    def do_GET(self) -> None:
        self.origin.requests.append(self.path)
        if not self.origin.private:
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("www-authenticate", 'Basic realm="private"')
        self.send_header("content-length", "0")
        self.end_headers()


def _certificate() -> bytes:
    """Return a key and its self-signed certificate, valid for a day, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _ADDRESS)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(_ADDRESS))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + secret
