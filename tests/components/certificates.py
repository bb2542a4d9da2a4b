"""Certificates for servers of tests, each signed by an authority that is made here and trusted nowhere."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Proof:
    """A certificate for a name, signed by an authority that is made here."""

    authority: Path
    certificate: Path
    key: Path


def proof(directory: Path, name: str) -> Proof:
    directory.mkdir()
    now = datetime.datetime.now(datetime.UTC)

    def signed(subject: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey) -> bytes:
        who, signer = (
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in (subject, "authority")
        )
        built = (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(signer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=subject == "authority", path_length=None), critical=True)
        )
        return built.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    root, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    (directory / "ca.pem").write_bytes(signed("authority", root, root))
    (directory / "cert.pem").write_bytes(signed(name, own, root))
    pem = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "key.pem").write_bytes(pem)
    return Proof(directory / "ca.pem", directory / "cert.pem", directory / "key.pem")
