"""What every asset file begins with, and how one is found and read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Strict

from twin.document import Document, load_document
from twin.errors import InputError
from twin.shipped import shipped

Text = dict[Literal["en", "zh"], str]
#: YAML has lists only, so a tuple takes one.
Point = Annotated[tuple[float, float], Strict(False)]
Vector = Annotated[tuple[float, float, float], Strict(False)]


class Asset(Document):
    """What every asset file begins with."""

    text: Text
    grade: str
    urdf: str = ""


A = TypeVar("A", bound=Document)


def load(model: type[A], *parts: str) -> A:
    """Read a file below ``assets``."""
    return load_document(shipped("assets", *parts), model)


def asset_folder(kind: str, name: str) -> Path:
    """Folder of an asset, for its URDF and meshes.

    Raises:
        InputError: there is no such asset; the message lists those there are.
    """
    folder = shipped("assets", kind, name)
    if not folder.is_dir():
        known = sorted(path.name for path in shipped("assets", kind).iterdir() if path.is_dir())
        raise InputError(key=name, expected=f"one of assets/{kind}: {', '.join(known)}", got=name)
    return folder
