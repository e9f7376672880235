"""A first map of a log, written for a person to finish: what is seen stands in it, what is guessed is a comment.

The map loads and imports as it is, whatever the log: it says how each tag of numbers is logged and gives it a name.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

import numpy as np

from twin.importing.account import iso
from twin.importing.first_look import MOST_OF_TAG, StreamLook, TagLook
from twin.importing.layout import made_up_name
from twin.source.stamp import MISSING_NS
from twin.tag_map import TagMap

#: Units as they stand in names, in lower case, to their symbol.
_UNITS: dict[str, str] = {
    "mm": "mm", "cm": "cm", "m": "m", "um": "µm", "µm": "µm", "mm/s": "mm/s", "m/s": "m/s", "m/min": "m/min",
    "deg": "°", "°": "°", "rad": "rad", "rpm": "1/min", "kg": "kg", "t": "t", "n": "N", "kn": "kN", "nm": "N·m",
    "n·m": "N·m", "bar": "bar", "pa": "Pa", "kpa": "kPa", "mpa": "MPa", "v": "V", "mv": "mV", "kv": "kV", "a": "A",
    "ma": "mA", "w": "W", "kw": "kW", "kwh": "kWh", "hz": "Hz", "°c": "°C", "℃": "°C", "c": "°C", "degc": "°C",
    "%": "%", "s": "s", "ms": "ms", "min": "min",
}  # fmt: skip
#: Units of positions, to what a joint is told in.
_JOINT_UNITS: dict[str, tuple[str, float]] = {
    "m": ("m", 1.0), "mm": ("m", 1e-3), "cm": ("m", 1e-2), "µm": ("m", 1e-6), "rad": ("rad", 1.0),
    "°": ("rad", math.pi / 180),
}  # fmt: skip
#: In brackets, or behind the last underscore; a single letter there may be anything, but for these.
_BRACKETS = re.compile(r"[\[(（【]\s*([^\])）】]{1,8}?)\s*[\])）】]")
#: The letter of an axis: X轴, _X, X1, X[mm].
_AXIS = re.compile(r"(?:^|[^A-Za-z])([XYZxyz])(?:[^A-Za-z]|$)")
_SUFFIX = re.compile(r"_([A-Za-z]{2,5})$")
#: Words of names to a quantity and the units it is usually logged in.
_QUANTITIES: tuple[tuple[str, str, str], ...] = (
    ("电流|current", "current", "A"), ("电压|voltage", "voltage", "V"), ("温度|temp", "temperature", "°C"),
    ("压力|pressure", "pressure", "bar, MPa"), ("功率|power", "power", "kW"), ("电量|soc", "state of charge", "%"),
    ("扭矩|转矩|torque", "torque", "N·m"), ("转速|rpm", "speed of rotation", "1/min"), ("频率|freq", "frequency", "Hz"),
    ("速度|speed|velocity", "speed", "mm/s, m/s"), ("重量|载荷|称重|load|weight", "load", "kg, N"),
    ("角度|angle", "angle", "°"), ("位置|行程|坐标|高度|position|(^|[^a-z])pos", "position", "mm, m"),
)  # fmt: skip
_MOST_LABELS = 20
#: YAML keys on one line are bounded; a longer name is no name.
_LONGEST_NAME = 400


def write_map(looks: Sequence[StreamLook], sources: Sequence[str]) -> str:
    """The text of a first map."""
    lines = [
        "# A first map, written by `swaptwin import --guess` of " + _plain(", ".join(sources)),
        "# It loads and imports as it is. A line that begins with `# ?` is a guess: it holds once the mark is removed.",
        "# `joint` makes a tag move a machine; docs/import.md says what may stand here.",
        "#",
    ]
    for look in looks:
        lines.append(f"# {_stream_line(look)}")
    lines += ["", *_time(looks), *_quality(looks), ""]
    lines += ["# The machine that this log moves: a folder of assets/cells; its joints are in the URDF there:"]
    lines += ["# ? machines:", "# ?   cell: {cell: generic_cell, p_m: [0, 0, 0]}", ""]
    entries: list[str] = []
    slugs: set[str] = set()
    for look in looks:
        for tag in look.tags:
            name = made_up_name(look.name, tag.name, slugs)
            if len(tag.name) <= _LONGEST_NAME:
                entries += _entry(look, tag, name)
    has_entries = any(not line.lstrip().startswith("#") for line in entries)
    lines.append("tags:" if has_entries else "tags: {}")
    return "\n".join([*lines, *entries]) + "\n"


def _stream_line(look: StreamLook) -> str:
    seen = "whole" if look.complete else "its beginning only"
    text = f"{_plain(look.name)}: looked at {seen}, {look.samples} samples of {len(look.tags)} tags"
    if look.first_ns != MISSING_NS:
        text += f", {iso(look.first_ns)} to {iso(look.last_ns)}" + ("" if look.zoned else " in its own zone")
    if look.journal:
        text += f", {look.journal} entries of a journal"
    return text + (f", {look.damage} lines not read" if look.damage else "")


def _time(looks: Sequence[StreamLook]) -> list[str]:
    lines = ["time:", "  format: auto"]
    for look in looks:
        if look.samples:
            told = str(look.stamps) if look.stamps else "NOT KNOWN: give a strptime format (%d/%m/%Y %H:%M:%S)"
            lines.append(f"  # {_plain(look.name)}: {told}; the first stamp is {_plain(look.first_stamp)}")
    zoneless = [look for look in looks if look.samples and not look.zoned and not _counted(look)]
    if zoneless:
        lines.append("  # The stamps name no zone. Which clock was on the wall: Asia/Shanghai, Europe/Berlin, UTC?")
    return [*lines, "  zone: UTC"]


def _counted(look: StreamLook) -> bool:
    return look.stamps is not None and look.stamps.format in ("epoch", "filetime")


def _quality(looks: Sequence[StreamLook]) -> list[str]:
    codes = sum((look.codes for look in looks), start=type(looks[0].codes)()) if looks else {}
    if not codes:
        return []
    judged = TagMap().judge(codes)
    lines = ["", "# What the codes mean; this is how they are taken:", "# ? quality:"]
    return lines + [f"# ?   {_quoted(code)}: {judged[code]}   # {codes[code]} samples" for code in judged]


def _entry(look: StreamLook, tag: TagLook, signal: str) -> list[str]:
    key = _quoted(f"{look.name}/{tag.name}")
    if sum(tag.words.values()) > len(tag.numbers):
        return _words_entry(tag, key, signal)
    if not len(tag.numbers):
        return [f"  # {key}: no value was seen"]
    low, high = float(tag.numbers.min()), float(tag.numbers.max())
    often = f"every {tag.period_s:g} s" if tag.period_s else "at no fixed period"
    digits = "" if tag.decimals is None else f", decimals: {tag.decimals}"
    first = "" if tag.samples <= MOST_OF_TAG else f" (values by the first {MOST_OF_TAG})"
    lines = [f"  {key}:", f"    # {tag.samples} samples{first}, {often}; {low:.6g} to {high:.6g}{digits}"]
    floats = tag.float_range()
    if floats:
        lines.append(
            f"    # Guessed: these integers are the bits of 32-bit floats from {floats[0]:.6g} to {floats[1]:.6g}."
        )
        lines.append("    read_as: float32_bits")
    lines.append(f"    signal: {signal}")
    lines += _unit_lines(tag.name)
    if tag.period_s:
        lines += ["    logged: periodic", f"    period_s: {tag.period_s:g}"]
    else:
        lines += ["    logged: on_change", "    # ? logged: dead_band   # when small changes are left out"]
    if set(np.unique(tag.numbers)) <= {0.0, 1.0} and low != high:
        lines.append("    # ? type: bool")
    bits = tag.bits() if not floats else []
    if bits:
        named = ", ".join(f"{bit}: {signal}_bit{bit}".replace(".pv_", ".st_") for bit in bits)
        lines.append(f"    # ? bits: {{{named}}}   # instead of `signal`: a few bits change at a time")
    for value, count in tag.sentinels():
        lines.append(f"    # ? missing: [{value!r}]   # stands {count} times, far from all others")
    if tag.words:
        words = ", ".join(_quoted(word) for word, _ in tag.words.most_common(5))
        lines.append(f"    # ? missing: [{_plain(words)}]   # words among the numbers")
    return lines


def _words_entry(tag: TagLook, key: str, signal: str) -> list[str]:
    """A tag of words: an enum, whose words the import takes as they come where the map does not say them."""
    words = [word for word, _ in tag.words.most_common(_MOST_LABELS)]
    told = ", ".join(f"{_quoted(word)} ({tag.words[word]})" for word in words[:8])
    lines = [f"  {key}:", f"    # {len(tag.words)} words: {_plain(told)}", f"    signal: {signal}", "    type: enum"]
    if len(tag.numbers):
        # Numbers among the words are none of its values: such a tag stays as it is until a person has looked at it.
        return [f"  # {key}: {len(tag.words)} words and {len(tag.numbers)} numbers: {_plain(told)}"]
    if len(tag.words) <= _MOST_LABELS and sum(map(len, words)) < 200:
        pairs = ", ".join(f"{_quoted(word)}: {n}" for n, word in enumerate(words))
        labels = ", ".join(f"{n}: {_quoted(word)}" for n, word in enumerate(words))
        lines += [f"    # ? words: {{{_plain(pairs)}}}   # when no other word is to be taken"]
        lines += [f"    # ? labels: {{{_plain(labels)}}}"]
    return lines


def _unit_lines(name: str) -> list[str]:
    unit = unit_in(name)
    if unit:
        symbol = _UNITS[unit]
        return [f"    unit: {_quoted(symbol)}", *(_joint_lines(name, symbol) if symbol in _JOINT_UNITS else [])]
    for pattern, quantity, units in _QUANTITIES:
        if re.search(pattern, name, re.IGNORECASE):
            first, *others = units.split(", ")
            either = f", or {others[0]}" if others else ""
            lines = [f"    # ? unit: {_quoted(first)}   # a {quantity} by its name{either}"]
            return lines + (_joint_lines(name, first) if quantity == "position" else [])
    return []


def _joint_lines(name: str, symbol: str) -> list[str]:
    """How a position in this unit would move a joint; its axis by the name where that has one."""
    unit, scale = _JOINT_UNITS[symbol]
    axis = _AXIS.search(name)
    return [
        f"    # ? joint: cell.{axis[1].lower() if axis else 'x'}   # of a machine above",
        f"    # ? joint_scale: {scale:g}   # from {symbol} to {unit}; negative when it counts the other way",
        f"    # ? joint_offset: 0.0   # where the joint stands at 0, {unit}",
    ]


def unit_in(name: str) -> str | None:
    """The unit that a name carries, in brackets or as its end, or None."""
    for found in _BRACKETS.findall(name):
        if found.lower() in _UNITS:
            return str(found.lower())
    suffix = _SUFFIX.search(name)
    # `_min` is the smallest of something rather than minutes.
    return suffix[1].lower() if suffix and suffix[1].lower() in _UNITS and suffix[1].lower() != "min" else None


def _quoted(text: str) -> str:
    """A text between quotes, as YAML reads it, on one line."""
    return "".join(_escaped(character) for character in json.dumps(text, ensure_ascii=False))


def _plain(text: str) -> str:
    """A text in a comment, on one line."""
    return "".join(_escaped(character) for character in text)[:300]


def _escaped(character: str) -> str:
    """What YAML takes as it is stays; anything else becomes a number."""
    code = ord(character)
    if character.isprintable() and code != 0xFEFF:
        return character
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
