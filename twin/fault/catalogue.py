"""All faults as data and as tables, for the command, the documents and whoever writes lessons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic_core import PydanticUndefined

from twin.constraint import Like, describe_field
from twin.fault import FAMILIES, Fault, Text

Language = Literal["en", "zh"]

#: Families in the order in which they are told.
FAMILY_TITLES: dict[str, Text] = {
    "lock": Text("Locks", "锁"),
    "seat": Text("Seat and couplings", "落座与连接器"),
    "axis": Text("Machines", "设备"),
    "truck": Text("Truck, driver and clamp", "车辆、司机与夹紧器"),
    "pack": Text("Packs and slots", "电池包与仓位"),
    "fire": Text("Heat and fire", "发热与火灾"),
    "sensor": Text("Sensors", "传感器"),
    "bus": Text("Fieldbus", "总线"),
    "power": Text("Supply, safety chain, site", "供电、安全回路与现场"),
}


def catalogue() -> list[dict[str, Any]]:
    """Every kind of fault, JSON-ready, in the order of the families."""
    return [_entry(family, kind) for family, kinds in FAMILIES.items() for kind in kinds]


def _entry(family: str, kind: type[Fault]) -> dict[str, Any]:
    about = kind.about
    return {
        "name": kind.tag,
        "family": family,
        "kind": about.kind,
        "title": about.title._asdict(),
        "target": _target(kind),
        "severity": _severity(kind),
        "changes": about.changes._asdict(),
        "seen": about.seen._asdict(),
        "signals": list(about.signals),
        "response": about.response._asdict(),
        "example": {"name": kind.tag, **about.example},
    }


def _target(kind: type[Fault]) -> str:
    """What a target is like; empty where there is but one."""
    info = kind.model_fields["target"]
    like = next((item.examples for item in info.metadata if isinstance(item, Like)), "")
    if get_origin(info.annotation) is Literal:
        like = " or ".join(get_args(info.annotation))
    return like


def _severity(kind: type[Fault]) -> dict[str, Any] | None:
    key = kind.about.severity
    if not key:
        return None
    default = kind.model_fields[key].default
    return {
        "key": key,
        "takes": describe_field(kind, (key,))[1],
        "default": None if default is PydanticUndefined else default,
        "source": kind.about.source,
        "confidence": kind.about.confidence,
    }


def as_yaml(entry: dict[str, Any]) -> str:
    """What a scenario's event has under ``do`` for the example of a fault."""
    fields = ", ".join(f"{key}: {_plain(value)}" for key, value in entry["example"].items())
    return f"{{fault: {{{fields}}}}}"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def severity_told(entry: dict[str, Any]) -> str:
    """How bad it may be, in a few words; empty where there is no less and no more."""
    severity = entry["severity"]
    if severity is None:
        return ""
    takes = severity["takes"].removeprefix("a number ")
    default = "" if severity["default"] is None else f"; {severity['default']:g} [{severity['confidence']}]"
    return f"{severity['key']} {takes}{default}"


def markdown(language: Language = "en") -> Iterator[str]:
    """The lines of the tables in ``docs/faults.md``, one table a family."""
    for family, title in FAMILY_TITLES.items():
        yield f"### {getattr(title, language)}"
        yield ""
        yield "| name, target, severity | what changes | seen by | what to do |"
        yield "|---|---|---|---|"
        for entry in catalogue():
            if entry["family"] == family:
                yield _row(entry, language)
        yield ""


def _row(entry: dict[str, Any], language: Language) -> str:
    first = [f"`{entry['name']}`", *(f"{words}" for words in (entry["target"], severity_told(entry)) if words)]
    signals = ", ".join(f"`{pattern}`" for pattern in entry["signals"])
    seen = f"{entry['seen'][language]}: {signals}"
    return f"| {'<br>'.join(first)} | {entry['changes'][language]} | {seen} | {entry['response'][language]} |"
