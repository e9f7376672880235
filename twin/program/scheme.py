"""How a controller is reached, by the word before the first colon of its name; others can be added by a package.

A package adds a scheme (``opcua:``) with an entry point of the group ``swaptwin.schemes`` that names a
:class:`Scheme`; what runs, replays and validates sees only the :class:`~twin.control.Controller` that it makes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import metadata
from typing import Protocol

from twin.control import Controller, Settings
from twin.errors import ControllerError, InputError, did_you_mean
from twin.program import in_process, process
from twin.signals import SignalTable

#: Where packages announce their schemes.
GROUP = "swaptwin.schemes"
_CLASS = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.DOTALL)


class Scheme(Protocol):
    """A way to reach controllers."""

    def check(self, address: str) -> None:
        """Find what the address names; :class:`InputError` when it is not there."""

    def make(self, address: str, table: SignalTable, settings: Settings, scan_ns: int) -> Controller:
        """A controller that is ready for its first scan."""


_BUILT_IN: Mapping[str, Scheme] = {"process": process.SCHEME}


def scheme_of(controller: str) -> tuple[Scheme, str]:
    """The scheme of a controller's name, and its address in it.

    Raises:
        InputError: no scheme has that name.
        ControllerError: the package that brings the scheme cannot be imported.
    """
    found = _SCHEME.fullmatch(controller)
    if found is not None:
        word, address = found[1], found[2]
        if word in _BUILT_IN:
            return _BUILT_IN[word], address
        added = {entry.name: entry for entry in metadata.entry_points(group=GROUP)}
        if word in added:
            return _loaded(added[word]), address
        if not _CLASS.fullmatch(controller):
            known = sorted({*_BUILT_IN, *added})
            schemes = ", ".join(f"{name}:" for name in known)
            raise InputError(
                key="controller",
                expected=f"package.module:Class or one of the schemes {schemes}",
                got=repr(controller),
                hint=did_you_mean(word, known),
            )
    return in_process.SCHEME, controller


def _loaded(entry: metadata.EntryPoint) -> Scheme:
    try:
        scheme: Scheme = entry.load()
    except Exception as error:
        raise ControllerError(
            f"the scheme {entry.name}: cannot be imported: {type(error).__name__}: {error}"
        ) from error
    return scheme
