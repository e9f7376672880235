"""The viewer as one file: the player and a stretch of a Record, opened from disk without a server or a network."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from twin import __version__
from twin.errors import InputError
from twin.files import write_text
from twin.playback import embed
from twin.record import Record
from twin.report.page import render
from twin.shipped import player_file

#: A page that is larger is not written: mail and phones do not take it.
LARGEST_BYTES = 20_000_000
_START = 'swaptwin.mountEmbedded(document.querySelector(".swaptwin-place"));'


def write_offline_page(
    record: Record,
    t0_ns: int,
    t1_ns: int,
    out: Path,
    *,
    title: str = "",
    signals: Sequence[str] = (),
    extras: Mapping[str, Any] | None = None,
) -> int:
    """Write a stretch of a Record as a page of one file; returns its size, bytes.

    Arguments as of :func:`twin.playback.embed`.

    Raises:
        InputError: no such stretch, a pattern that fits no signal, or more than a page holds; nothing is written then.
    """
    page = offline_page(embed(record, t0_ns, t1_ns, title=title, signals=signals, extras=extras))
    write_text(out, page)
    return len(page.encode())


def offline_page(parts: Mapping[str, bytes]) -> str:
    """The page of the player with its data, in which nothing can reach a network.

    Args:
        parts: as :func:`twin.playback.embed` gives them.

    Raises:
        InputError: it is larger than a page may be.
    """
    player, style = _player("player.js"), _player("player.css")
    policy = (
        f"default-src 'none'; script-src {_hashed(player)} {_hashed(_START)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    data = {**parts, "notices": _player("THIRD_PARTY.txt").encode()}
    page = render(
        "offline.html",
        title=json.loads(parts["manifest"])["title"],
        version=__version__,
        policy=policy,
        style=Markup(style),
        player=Markup(player),
        start=Markup(_START),
        parts=[(name, Markup(_packed(part))) for name, part in data.items()],
    )
    if (size := len(page.encode())) > LARGEST_BYTES:
        raise InputError(
            key="range",
            expected=f"a stretch whose page has at most {LARGEST_BYTES / 1e6:g} MB",
            got=f"{size / 1e6:.1f} MB",
            hint="take a shorter one, or fewer signals",
        )
    return page


def _packed(part: bytes) -> str:
    # Without a time of writing, so that equal stretches give equal pages.
    return base64.b64encode(gzip.compress(part, 6, mtime=0)).decode()


def _player(name: str) -> str:
    """A file of the player's bundle, which must not end the element it is put into."""
    text = player_file(name).read_text(encoding="utf-8")
    if any(end in text.lower() for end in ("</script", "</style", "<!--")):
        raise RuntimeError(f"{name} cannot stand inside a page: it holds the end of a script or style")
    return text


def _hashed(script: str) -> str:
    """A script as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
