"""A certificate of a class's own, for a network that has nobody to ask for one; browsers warn of it once."""

from __future__ import annotations

import datetime
import ipaddress
import socket
from pathlib import Path

from twin.errors import needing_extra

_LASTS = datetime.timedelta(days=90)


def lan_address() -> str:
    """This machine's address in its network; loopback where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: this asks which way a packet would go.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def own_certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """Make a certificate for an address and this machine's name, in a folder that the caller ends with the class.

    Returns:
        PEM files: certificate, key (for its owner alone).

    Raises:
        MissingExtraError: the extra `train` is not installed.
    """
    with needing_extra("train", "the certificate of --lan"):
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "SwapTwin class")])
    names = [x509.DNSName(one) for one in ("localhost", socket.gethostname())]
    addresses = [x509.IPAddress(ipaddress.ip_address(one)) for one in {"127.0.0.1", address}]
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    secret.touch(mode=0o600)
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return certificate, secret
