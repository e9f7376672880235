"""Where the shipped data is: assets and scenarios, in a checkout as in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from twin.errors import InputError, did_you_mean

_PACKAGE = Path(__file__).resolve().parent

Kind = Literal["assets", "scenarios"]


def shipped(kind: Kind, *parts: str) -> Path:
    """Path of a shipped file or folder; it need not exist.

    A wheel carries the data inside the package; in a checkout or an editable install it stands beside it.
    """
    inside = _PACKAGE / "shipped_data" / kind
    root = inside if inside.is_dir() else _PACKAGE.parent / kind
    return root.joinpath(*parts)


def player_file(name: str) -> Path:
    """Path of a file of the viewer's player, as built; it need not exist. ``web`` stands beside ``twin`` everywhere."""
    return _PACKAGE.parent / "web" / "player" / "dist" / name


def scenario_paths() -> dict[str, Path]:
    """Name to file of every shipped scenario, by name."""
    return {path.stem: path for path in sorted(shipped("scenarios").glob("*.yaml"))}


def find_scenario(name_or_path: str | Path) -> Path:
    """The file of a scenario given by its shipped name or by a path.

    Raises:
        InputError: neither a file nor a shipped name.
    """
    path, known = Path(name_or_path), scenario_paths()
    if path.suffix.lower() in (".yaml", ".yml") or path.is_file():
        if path.is_file():
            return path
        raise InputError(key="scenario", expected="a scenario file", got="no such file", file=path)
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    raise InputError(
        key="scenario",
        expected="a file or the name of a shipped scenario",
        got=repr(str(name_or_path)),
        hint=did_you_mean(str(name_or_path), known) or "`swaptwin scenarios` lists the names",
    )
