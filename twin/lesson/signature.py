"""A class's signature on a session: HMAC-SHA256 over the digest of the file, in a file beside it.

It tells whoever has the class's key that the file is the one that was signed: nobody without the key can change who,
when, what was answered or done. Who has the key can sign anything: it guards against trainees and third parties, not
against the instructor.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from twin.document import Document
from twin.errors import InputError
from twin.files import write_text

#: A key shorter than this can be guessed, bytes.
LEAST_KEY = 16


class Signature(Document):
    """What stands in the file beside a session: ``sha256`` of the session's file, ``mac`` over who signed and that."""

    algorithm: Literal["HMAC-SHA256"] = "HMAC-SHA256"
    signed_by: str
    sha256: str
    mac: str


def signature_path(session: Path) -> Path:
    """Where a session's signature is: ``NAME.signature.json``."""
    return session.with_suffix(".signature.json")


def read_key(path: Path) -> bytes:
    """The class's key: all bytes of a file but blanks at its ends.

    Raises:
        InputError: it is missing, or too short.
    """
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise InputError(key="key", expected="a file with the class's key", got=error.strerror, file=path) from None
    if len(key) < LEAST_KEY:
        raise InputError(key="key", expected=f"at least {LEAST_KEY} bytes", got=len(key), file=path)
    return key


def sign(session: Path, key: bytes, *, by: str) -> Signature:
    """Sign a session that is finished, and write the signature beside it."""
    digest = digest_of(session)
    signature = Signature(signed_by=by, sha256=digest, mac=_mac(key, by, digest))
    write_text(signature_path(session), signature.model_dump_json(indent=1) + "\n")
    return signature


def is_signed(session: Path, key: bytes) -> tuple[bool, str]:
    """Whether a session is what was signed with a key, and a word for it: who signed, or what is wrong."""
    path = signature_path(session)
    try:
        signature = Signature.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return False, "not signed"
    except (ValidationError, OSError):
        return False, f"{path.name} cannot be read"
    if not hmac.compare_digest(signature.mac, _mac(key, signature.signed_by, signature.sha256)):
        return False, "signed with another key, or the signature was edited"
    if not hmac.compare_digest(signature.sha256, digest_of(session)):
        return False, "the file was edited after it was signed"
    return True, f"signed by {signature.signed_by}"


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _mac(key: bytes, by: str, digest: str) -> str:
    return hmac.new(key, json.dumps(["swaptwin session", by, digest]).encode(), hashlib.sha256).hexdigest()
