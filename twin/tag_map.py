"""The map of a log: which source tag is which signal, in what unit, logged how, and what it moves.

A map is a YAML file, checked strictly. It may be partial: a tag that it does not mention is kept under its own name.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, Strict, field_validator, model_validator

from twin.constraint import Like
from twin.document import Document, load_document, reject
from twin.signals import WRITER_BY_KIND, Signal, SignalType

SignalName = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.(" + "|".join(WRITER_BY_KIND) + r")_[a-z0-9_]+$"),
    Like("robot.x.pv_position_m"),
]
Quality = Literal["good", "uncertain", "bad"]
#: A whole number as the key of a mapping, which YAML reads as a word.
NumberKey = Annotated[int, Strict(False)]


class TimeFormat(Document):
    """How the stamps of a log read.

    ``format`` is ``iso``, ``epoch`` (in ``unit``), ``filetime``, a strptime format, or ``auto``: found out for each
    stream and told among the findings. ``zone`` is that of stamps which name none.
    """

    format: str = "auto"
    unit: Literal["s", "ms", "us", "ns"] = "s"
    zone: str = "UTC"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            reject(expected="the IANA name of a time zone (Asia/Shanghai)", got=zone)
        return zone


#: What a column of a table can be: of a table of samples, or of a journal of alarms.
Role = Literal[
    "time", "tag", "value", "quality", "server", "code", "class", "text", "raised", "cleared", "acknowledged", "state"
]  # fmt: skip


class Stream(Document):
    """One stream of a log, where it is not as it is found to be.

    ``clock_offset_s`` is its clock against the others', added to its stamps; ``clock_drift_ppm`` lets it grow from the
    stream's first sample on, in µs a second. ``time`` is how its own stamps read.
    ``columns`` says which column is what. ``delimiter``, ``decimal`` and ``encoding`` are those of a text.
    """

    clock_offset_s: float = 0.0
    clock_drift_ppm: Annotated[float, Field(ge=-10_000, le=10_000)] = 0.0
    time: TimeFormat | None = None
    columns: dict[Role, str] = Field(default_factory=dict)
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None
    encoding: str | None = None
    text: dict[str, str] = Field(default_factory=dict)

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        try:
            if encoding is not None:
                codecs.lookup(encoding)
        except LookupError:
            reject(expected="the name of an encoding (utf-8, gb18030, utf-16)", got=str(encoding))
        return encoding

    @property
    def roles(self) -> dict[str, str]:
        """Role to name of a column."""
        return {str(role): name for role, name in self.columns.items()}


class Tag(Document):
    """What one source tag is.

    value = (source · ``scale`` + ``offset``) · ``sign``. ``read_as`` says what the source's number is: itself, or the
    bits of a float (of 64 bits to the last one, where the source has whole numbers; ``raw_…`` is then the float before
    ``scale``). ``words`` turns text into numbers; ``missing`` are numbers or words that mean "no value".
    ``bits`` takes a bit field apart. ``joint`` is the joint that the signal is the position of, ``machine.joint``;
    the joint stands at ``joint_scale`` · value + ``joint_offset``. ``private``: it tells who
    somebody is, and is left out of what is handed on. ``dead_band``: a sample is written when
    the signal is so far from the last one, in its unit.
    """

    signal: SignalName | None = None
    type: SignalType = "real"
    unit: str = ""
    read_as: Literal["number", "float32_bits", "float64_bits"] = "number"
    scale: float = 1.0
    offset: float = 0.0
    sign: Literal[1, -1] = 1
    words: dict[str, float] = Field(default_factory=dict)
    labels: dict[NumberKey, str] = Field(default_factory=dict)
    bits: dict[Annotated[NumberKey, Field(ge=0, le=63)], SignalName] = Field(default_factory=dict)
    missing: list[float | str] = Field(default_factory=list)
    logged: Literal["periodic", "on_change", "dead_band"] = "on_change"
    period_s: Annotated[float, Field(gt=0)] | None = None
    dead_band: Annotated[float, Field(ge=0)] = 0.0
    low: float | None = None
    high: float | None = None
    text: dict[str, str] = Field(default_factory=dict)
    private: bool = False
    joint: str | None = None
    joint_scale: float = 1.0
    joint_offset: float = 0.0

    @model_validator(mode="after")
    def _one_meaning(self) -> Tag:
        if bool(self.bits) == (self.signal is not None):
            reject(expected="either `signal` or `bits`", got="both" if self.bits else "neither")
        if self.logged == "periodic" and self.period_s is None:
            reject(expected="`period_s` of a tag that is logged periodically", got="none")
        return self

    @property
    def plain(self) -> bool:
        """Whether the signal is what the source wrote."""
        return (
            self.read_as == "number" and self.scale == 1.0 and self.offset == 0.0 and self.sign == 1
            and not self.words and not self.missing and not self.bits
        )  # fmt: skip

    def signals(self, source: str) -> list[Signal]:
        """The signals that this tag gives, in the order of their values."""
        period_s = self.period_s if self.logged == "periodic" and self.period_s else 0.0
        more: dict[str, Any] = {"text": self.text, "source": source, "period_s": period_s, "private": self.private}
        if self.bits:
            return [Signal(name, "bool", **more) for name in self.bits.values()]
        assert self.signal is not None
        more |= {k: v for k, v in (("low", self.low), ("high", self.high)) if v is not None}
        return [Signal(self.signal, self.type, self.unit, labels=self.labels, **more)]


Vector = Annotated[tuple[float, float, float], Strict(False)]


class MapMachine(Document):
    """What the log moves: a cell, and where its root stands (m, rad), or a whole station, which stands in W.

    The signals that move a station are those of its I/O list; ``truck`` is drawn for every truck that comes.
    """

    cell: str | None = None
    station: str | None = None
    truck: str = "tractor_6x4"
    p_m: Vector = (0.0, 0.0, 0.0)
    rpy_rad: Vector = (0.0, 0.0, 0.0)

    @model_validator(mode="after")
    def _one_asset(self) -> MapMachine:
        if (self.cell is None) == (self.station is None):
            reject(expected="either `cell` or `station`", got="both" if self.cell else "neither")
        if self.station is not None and any((*self.p_m, *self.rpy_rad)):
            reject(expected="a station, which stands in W, without p_m and rpy_rad", got="both")
        return self


class MapPlace(Document):
    """A place for a pack: where a pack in it stands, and the signals that speak of it.

    ``frame`` is ``station``, or ``machine.link`` of a link that packs are fixed to; the pack stands there at ``p_m``
    and ``rpy_rad``. Half of ``seen`` or more say that a pack is there, all of ``locked`` that it is held there;
    ``load`` above ``load_above`` says that it hangs there; ``serial`` is read there. While ``valid`` is false the
    others say nothing. ``carries``: it takes packs from place to place.
    """

    frame: str = "station"
    p_m: Vector
    rpy_rad: Vector = (0.0, 0.0, 0.0)
    seen: list[SignalName] = Field(default_factory=list)
    locked: list[SignalName] = Field(default_factory=list)
    load: SignalName | None = None
    load_above: float = 0.0
    serial: SignalName | None = None
    valid: SignalName | None = None
    carries: bool = False
    error_m: Annotated[float, Field(ge=0)] = 0.02
    error_rad: Annotated[float, Field(ge=0)] = 0.02

    @model_validator(mode="after")
    def _something_says_it(self) -> MapPlace:
        if not self.seen and self.load is None:
            reject(expected="`seen` or `load`", got="neither")
        return self


class TagMap(Document):
    """A map. Keys of ``tags`` are ``stream/tag``, or ``tag`` where no two streams have it.

    A log is this map's when it has all of ``tag_names``. ``places`` are where packs can be, beside those of a station
    (of one name, instead of it); ``pack`` is the asset that is drawn for them, where no station says it.
    ``synthetic``: its logs are made up, and are called so wherever they appear.
    """

    text: dict[str, str] = Field(default_factory=dict)
    tag_names: list[str] = Field(default_factory=list)
    synthetic: bool = False
    time: TimeFormat = TimeFormat()
    quality: dict[str, Quality] = Field(default_factory=dict)
    streams: dict[str, Stream] = Field(default_factory=dict)
    tags: dict[str, Tag] = Field(default_factory=dict)
    machines: dict[str, MapMachine] = Field(default_factory=dict)
    places: dict[str, MapPlace] = Field(default_factory=dict)
    pack: str | None = None

    @model_validator(mode="after")
    def _no_signal_twice(self) -> TagMap:
        seen: dict[str, str] = {}
        for name, tag in self.tags.items():
            for signal in [tag.signal] if tag.signal else tag.bits.values():
                if signal in seen:
                    got = f"{signal} also of {seen[signal]}"
                    reject(expected="a signal of one tag only", got=got, at=("tags", name))
                seen[str(signal)] = name
        return self

    def find(self, stream: str, tag: str) -> Tag | None:
        """The entry of a source tag, or None when the map does not mention it."""
        return self.tags.get(f"{stream}/{tag}") or self.tags.get(tag)

    def judge(self, codes: Iterable[str]) -> dict[str, Quality]:
        """What the quality codes of a log mean: the map's word, else the rules of OPC UA and OPC DA, else uncertain."""
        codes = list(codes)
        # A decimal 0 is good in OPC UA and bad in OPC DA, whose other codes are 64 and more.
        data_access = any(code.isdecimal() and 64 <= int(code) <= 255 for code in codes)
        return {code: self.quality.get(code) or judge_opc(code, data_access=data_access) for code in codes}


def judge_opc(code: str, *, data_access: bool) -> Quality:
    """By the severity bits of an OPC UA status (hex), or, in a log of such codes, the top bits of an OPC DA quality."""
    try:
        number = int(code, 0)
    except ValueError:
        return "good" if code.strip().lower() in ("", "good", "ok") else "uncertain"
    if code.lower().startswith("0x") or number > 0xFFFF:
        return ("good", "uncertain", "bad", "bad")[number >> 30 & 3]
    return ("bad", "uncertain", "bad", "good")[number >> 6 & 3] if data_access else "uncertain"


def map_beside(path: Path) -> Path:
    """Where the map of a log stands that brings its own: ``day.csv`` has ``day.map.yaml``."""
    return path.with_name(path.name.split(".")[0] + ".map.yaml")


def load_map(path: str | Path) -> TagMap:
    """Read a map.

    Raises:
        InputError: a file that is missing or not YAML, or the first key or value that is wrong.
    """
    return load_document(path, TagMap)


def unused(tag_map: TagMap, tags: Iterable[str]) -> list[str]:
    """Entries of a map that met no tag; ``tags`` are ``stream/tag``."""
    names = {name for tag in tags for name in (tag, tag.partition("/")[2])}
    return [name for name in tag_map.tags if name not in names]
