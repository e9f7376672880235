"""How a station's operator panel looks and reads: ``assets/stations/<station>/panel.yaml``, typed and strict.

Words, layout, alarm codes and procedures are the station's, so that the panel in the viewer reads like the one that
people stand before. The panel of a run travels in its Record, as :func:`panel_of_record` makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from twin.assets import Station, Text, asset_folder, load_station, signal_table
from twin.document import Document, load_document
from twin.errors import InputError, did_you_mean

FILE = "panel.yaml"
#: Attachment of a Record that says how its station's panel looks.
ATTACHMENT = "panel.json"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Row = Annotated[tuple[str, ...], Strict(False)]


class Button(Document):
    """A button: pressed and let go, working as long as it is held, or a switch that stays as it is put.

    ``lamp``: the signal that lights it.
    """

    signal: str
    text: Text
    look: Literal["go", "halt", "plain"] = "plain"
    works: Literal["press", "hold", "switch"] = "press"
    lamp: str = ""


class Group(Document):
    """Buttons that stand together, on the page for running, for moving by hand or for lock-out."""

    text: Text
    page: Literal["run", "hand", "lockout"] = "run"
    buttons: Annotated[list[Button], Field(min_length=1)]


class ModeSwitch(Document):
    """The mode selector: its signal, and the words of each of its labels."""

    signal: str
    labels: dict[str, Text]


class JogAxis(Document):
    """An axis that is jogged: its label in the signal that chooses it, and what both directions are called."""

    axis: str
    text: Text
    plus: Text
    minus: Text
    position: str


class Jog(Document):
    """Jogging: which signal chooses the axis and which gives speed and direction, and how fast the panel asks."""

    axis: str
    speed: str
    speeds_frac: Annotated[list[Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)]
    axes: Annotated[list[JogAxis], Field(min_length=1)]


class EmergencyStop(Document):
    """The emergency stop: its button's signal, its chain, and the words on it."""

    signal: str
    chain: str
    text: Text


class Isolator(Document):
    """An isolator on the lock-out board: what it is called, what it keeps away, and what to look at to be sure."""

    device: str
    text: Text
    off: Text
    on: Text
    keeps_away: Text
    proof: str


class Lockout(Document):
    """The lock-out board: isolators, and whose lock each ``op_lock`` is."""

    isolators: Annotated[list[Isolator], Field(min_length=1)]
    locks: dict[Name, Text]


class Board(Document):
    """The slot board: places in rows as they stand, from the top."""

    rows: Annotated[list[Row], Field(min_length=1)]
    names: dict[str, Text]


class AlarmText(Document):
    """What the panel says of an alarm; ``{1}``, ``{2}`` in code and text are what the pattern's stars stood for.

    Without ``text`` it says what the controller says.
    """

    code: str
    procedure: Name
    text: Text | None = None


class Procedure(Document):
    """What a person does, step by step."""

    text: Text
    steps: Annotated[list[Text], Field(min_length=1)]


class Panel(Document):
    """A station's operator panel. ``alarms`` are patterns of ``alm_`` signals, ``*`` a number; the first that fits.

    ``refusals``: why the controller says no, by its word for it. ``guardian``: patterns of signals that are the second
    person's to set, where there is one.
    """

    text: Text
    modes: ModeSwitch
    estop: EmergencyStop
    groups: Annotated[list[Group], Field(min_length=1)]
    jog: Jog
    lockout: Lockout
    board: Board
    acknowledge: Button
    guardian: list[str] = []
    cameras: list[Name] = []
    refusals: dict[Name, Text]
    alarms: dict[str, AlarmText]
    procedures: dict[Name, Procedure]

    def alarm(self, name: str) -> dict[str, Any] | None:
        """Code, text and procedure of an alarm by its signal's name; None when the panel does not know it."""
        for pattern, said in self.alarms.items():
            if match := _pattern(pattern).fullmatch(name):
                return {
                    "code": said.code.format("", *match.groups()),
                    "procedure": said.procedure,
                    "text": said.text and {key: words.format("", *match.groups()) for key, words in said.text.items()},
                }
        return None


@cache
def load_panel(station: str) -> Panel:
    """The panel of a shipped station.

    Raises:
        InputError: there is none, or it speaks of what the station does not have.
    """
    return read_panel(asset_folder("stations", station) / FILE, load_station(station))


def read_panel(file: Path, station: Station) -> Panel:
    """A panel from a file, checked against the station that it stands in.

    Raises:
        InputError: it is no panel, or it speaks of what the station does not have.
    """
    panel = load_document(file, Panel)
    try:
        _check(panel, station)
    except InputError as error:
        raise InputError(key=error.key, expected=error.expected, got=error.got, hint=error.hint, file=file) from None
    return panel


def panel_of_record(panel: Panel, signals: Iterable[str]) -> dict[str, Any]:
    """The panel as JSON-ready data for a Record with these signals: its alarms by name instead of by pattern."""
    data = panel.model_dump(mode="json", exclude_none=True)
    alarms = {name: panel.alarm(name) for name in signals if ".alm_" in name}
    return {**data, "alarms": {name: said for name, said in alarms.items() if said is not None}}


def _check(panel: Panel, station: Station) -> None:
    table = {signal.name: signal for signal in signal_table(station, {})}

    def known(key: str, name: str, among: Iterable[str], what: str) -> None:
        if name not in (among := list(among)):
            raise InputError(key=key, expected=what, got=name, hint=did_you_mean(name, among))

    def requested(key: str, name: str) -> None:
        known(key, name, [n for n in table if ".op_" in n], "an op_ signal of the station")

    requested("modes.signal", panel.modes.signal)
    for label in panel.modes.labels:
        known(f"modes.labels.{label}", label, table[panel.modes.signal].labels.values(), "a mode of the station")
    for n, group in enumerate(panel.groups):
        for m, button in enumerate(group.buttons):
            requested(f"groups.{n}.buttons.{m}.signal", button.signal)
            if button.lamp:
                known(f"groups.{n}.buttons.{m}.lamp", button.lamp, table, "a signal of the station")
    requested("jog.axis", panel.jog.axis)
    requested("jog.speed", panel.jog.speed)
    for n, axis in enumerate(panel.jog.axes):
        known(f"jog.axes.{n}.axis", axis.axis, table[panel.jog.axis].labels.values(), "an axis that can be jogged")
        known(f"jog.axes.{n}.position", axis.position, table, "a signal of the station")
    requested("estop.signal", panel.estop.signal)
    known("estop.chain", panel.estop.chain, table, "a signal of the station")
    requested("acknowledge.signal", panel.acknowledge.signal)
    for n, pattern in enumerate(panel.guardian):
        if not any(fnmatchcase(name, pattern) for name in table if ".op_" in name):
            raise InputError(key=f"guardian.{n}", expected="a pattern of op_ signals of the station", got=pattern)
    for n, isolator in enumerate(panel.lockout.isolators):
        known(f"lockout.isolators.{n}.device", isolator.device, station.isolators, "an isolator of the station")
        known(f"lockout.isolators.{n}.proof", isolator.proof, table, "a signal of the station")
        for lock in panel.lockout.locks:
            known(f"lockout.locks.{lock}", f"{isolator.device}.{lock}", table, "a lock that the isolator has")
    for row in panel.board.rows:
        for place in row:
            known("board.rows", place, station.devices, "a place of the station")
            known("board.names", place, panel.board.names, "a name of every place on the board")
    for pattern, said in panel.alarms.items():
        known(f"alarms.{pattern}.procedure", said.procedure, panel.procedures, "a procedure of this panel")
        stars = pattern.count("*")
        for words in (said.code, *(said.text or {}).values()):
            if not _fits(words, stars):
                expected = f"nothing in braces but {{1}} to {{{stars}}}: a number a star" if stars else "no braces"
                raise InputError(key=f"alarms.{pattern}", expected=expected, got=words)


def _fits(words: str, stars: int) -> bool:
    """Whether all that stands in braces is the number of a star."""
    try:
        fields = [field for _, *field in Formatter().parse(words) if field[0] is not None]
    except ValueError:
        return False
    return all(field in [[str(n), "", None] for n in range(1, stars + 1)] for field in fields)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile("([0-9]+)".join(map(re.escape, pattern.split("*"))))
