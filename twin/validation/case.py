"""What is validated on: logs and scenarios, found by what a person typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from twin.errors import InputError
from twin.shipped import find_scenario, scenario_paths
from twin.tag_map import map_beside

#: Stand beside logs and are none.
_BESIDE = (".yaml", ".yml", ".md", ".txt.license")


@dataclass(frozen=True)
class Case:
    """One log or scenario.

    Args:
        name: unique among the cases, and the same on every machine.
        source: the file or folder. map_path: what a log's tags are, where it is not found by itself.
        seed: of a scenario, instead of its own.
    """

    name: str
    kind: Literal["log", "scenario"]
    source: Path
    map_path: Path | None = None
    seed: int | None = None


def find_cases(
    logs: Sequence[str] = (), scenarios: Sequence[str] = (), map_path: Path | None = None, seed: int | None = None
) -> list[Case]:
    """Cases in the order given, each file once.

    Args:
        logs: files, folders or patterns. A folder is one log where a map stands beside it or ``map_path`` is given,
            otherwise all that is in it.
        scenarios: shipped names or files; ``all`` is every shipped one.

    Raises:
        InputError: nothing is there.
    """
    found = [
        Case(_stem(path), "log", path, map_path or _own_map(path))
        for path in dict.fromkeys(path for text in logs for path in _logs(text, map_path is not None))
    ]
    found += [Case(path.stem, "scenario", path, seed=seed) for path in dict.fromkeys(_scenarios(scenarios))]
    if not found:
        raise InputError(key="validate", expected="--logs or --scenarios", got="nothing to validate on")
    return _told_apart(found)


def _stem(path: Path) -> str:
    return path.name if path.is_dir() else path.name.split(".")[0] or path.name


def _own_map(path: Path) -> Path | None:
    beside = map_beside(path)
    return beside if beside.is_file() else None


def _logs(text: str, whole: bool) -> Iterator[Path]:
    path = Path(text)
    paths = [path] if path.exists() else sorted(_matching(path))
    if not paths:
        raise InputError(key="--logs", expected="a log, a folder of logs or a pattern", got="no such file", file=text)
    for one in paths:
        yield from _inside(one, whole)


def _matching(pattern: Path) -> Iterator[Path]:
    root = Path(pattern.anchor or ".")
    parts = pattern.parts[1:] if pattern.anchor else pattern.parts
    return root.glob("/".join(parts)) if parts else iter(())


def _inside(path: Path, whole: bool) -> Iterator[Path]:
    if path.is_file() or whole or _own_map(path):
        yield path
        return
    for one in sorted(path.iterdir()):
        if not one.name.startswith(".") and not one.name.lower().endswith(_BESIDE):
            yield from _inside(one, False)


def _scenarios(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        if name == "all":
            yield from scenario_paths().values()
        else:
            yield find_scenario(name)


def _told_apart(cases: list[Case]) -> list[Case]:
    """Where names are the same, the folders before them are said until they differ."""
    depth = 0
    while True:
        names = [case.name for case in cases]
        twice = {name for name in names if names.count(name) > 1}
        if not twice:
            return cases
        depth += 1
        renamed = []
        for case in cases:
            parts = case.source.absolute().parts[-1 - depth : -1]
            same = case.name in twice
            renamed.append(replace(case, name="/".join([*parts, _stem(case.source)])) if same else case)
        if renamed == cases:
            return [replace(case, name=f"{case.name} ({case.kind})") for case in cases]
        cases = renamed
