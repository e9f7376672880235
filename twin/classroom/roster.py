"""Who is in a class: a YAML file of staff numbers and names, with each one's code as a salted hash and never itself."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, field_validator

from twin.constraint import Like
from twin.document import Document, load_document, parse_document, reject
from twin.errors import InputError
from twin.files import write_text
from twin.lesson import Person
from twin.lesson.session import NOBODYS_HOME, Home

#: A staff number names a folder of sessions: no dots, no slashes.
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"), Like('"1001" or A-17')]
#: scrypt's cost: about 50 ms and 16 MB for each try.
_N, _R, _P, _SALT = 2**14, 8, 1, 16
#: What is neither misread nor mistyped; ten of them are 49 bits.
_LETTERS, _LONG = "abcdefghjkmnpqrstuvwxyz23456789", 10


class Member(Document):
    """A person of the class; ``code`` is ``scrypt:SALT:HASH``, made by ``swaptwin train enrol``."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    role: Literal["trainee", "instructor"] = "trainee"
    code: str

    @field_validator("code")
    @classmethod
    def _hash(cls, code: str) -> str:
        if _parts(code) is None:
            reject(expected="a hash that `swaptwin train enrol` wrote", got="something else")
        return code


class Roster(Document):
    """A class: its name, and its people by staff number; ``home`` is the address of whoever gives these numbers."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    home: Home = NOBODYS_HOME
    people: dict[Number, Member] = {}

    def person(self, number: str) -> Person:
        """Who a staff number is, as a session has it."""
        return Person(number=number, name=self.people[number].name)

    def lets_in(self, number: str, code: str) -> bool:
        """Whether a code is that of a staff number. Takes as long for a number that nobody has."""
        member = self.people.get(number)
        right = matches(code, _nobody() if member is None else member.code)
        return right and member is not None


def load_roster(path: Path) -> Roster:
    """Read a class's file.

    Raises:
        InputError: with file, line and key, of the first thing that is wrong.
    """
    return load_document(path, Roster)


def enrol(path: Path, number: str, name: str, role: Literal["trainee", "instructor"] = "trainee") -> str:
    """Put a person into a class's file, which is made where there is none; who is in it gets a new code.

    Returns:
        The code; nothing keeps it, the file has its hash.

    Raises:
        InputError: the file is none of a class, or cannot be written.
    """
    roster = load_roster(path) if path.exists() else Roster(name=path.stem)
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
    people = {**roster.people, number: Member(name=name, role=role, code=hashed(code))}
    text = yaml.safe_dump(
        {
            **roster.model_dump(exclude={"people"}, exclude_defaults=True),
            "people": {key: one.model_dump() for key, one in people.items()},
        },
        allow_unicode=True, sort_keys=False,
    )  # fmt: skip
    try:
        parse_document(text, Roster)
    except InputError as error:
        raise InputError(key=error.key, expected=error.expected, got=error.got) from None
    write_text(path, text, private=True)
    return code


def hashed(code: str) -> str:
    """A code as a roster keeps it."""
    salt = secrets.token_bytes(_SALT)
    return ":".join(["scrypt", *(base64.b64encode(part).decode() for part in (salt, _scrypt(code, salt)))])


def matches(code: str, stored: str) -> bool:
    """Whether a code is the one that was hashed; as typed, without regard to case and blanks."""
    parts = _parts(stored)
    return parts is not None and hmac.compare_digest(_scrypt(code, parts[0]), parts[1])


def _scrypt(code: str, salt: bytes) -> bytes:
    typed = "".join(code[:200].split()).lower()
    return hashlib.scrypt(typed.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=32)


def _parts(stored: str) -> tuple[bytes, bytes] | None:
    try:
        kind, salt, digest = stored.split(":")
        parts = base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True)
    except ValueError:
        return None
    return parts if kind == "scrypt" and len(parts[0]) == _SALT and len(parts[1]) == 32 else None


@functools.cache
def _nobody() -> str:
    return hashed(secrets.token_urlsafe())
