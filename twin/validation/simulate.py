"""A scenario played in physics with a controller, in a process of its own; what was played before is kept."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from twin import __version__
from twin.errors import InputError
from twin.importing.cached import cache_folder, tidy
from twin.process import Job, run_job
from twin.program import Program
from twin.scenario import Scenario
from twin.shipped import shipped


@dataclass(frozen=True)
class Played:
    """A run. ``summary``: as :func:`twin.summary.summarise` makes it, or what could be told of a run that was ended."""

    record: Path
    summary: dict[str, Any]

    @property
    def verdict(self) -> str:
        """Why the controller was ended, if it was."""
        return str(self.summary.get("verdict") or "")


def play(scenario: Scenario, program: Program, digest: str) -> Played:
    """Play a scenario to its end, or find the run in the user's cache.

    Args:
        digest: of the program.

    Raises:
        InputError, ControllerError, MissingExtraError: the run cannot begin.
    """
    text = scenario.to_yaml()
    key = hashlib.sha256("\0".join([text, scenario.name, digest, __version__, *_made_with()]).encode()).hexdigest()[:32]
    folder = cache_folder() / "played" / key
    record, summary = folder / f"{scenario.name}.mcap", folder / "summary.json"
    if record.is_file() and summary.is_file():
        record.touch()
        return Played(record, json.loads(summary.read_bytes()))
    # Beside it under a name of its own: two workers may play the same scenario at once.
    beside = folder.with_name(f"{key}.{os.getpid()}.part")
    try:
        beside.mkdir(parents=True, exist_ok=True)
        _play(text, scenario.name, program, beside)
        _keep(beside, folder)
    except OSError as error:
        raise InputError(
            key="cache", expected="a folder that can be written", got=error, file=folder,
            hint="SWAPTWIN_CACHE names another",
        ) from None  # fmt: skip
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    tidy(folder)
    return Played(record, json.loads(summary.read_bytes()))


def _play(text: str, name: str, program: Program, folder: Path) -> None:
    source = folder / f"{name}.yaml"
    source.write_text(text, encoding="utf-8")
    job = Job(
        scenario=str(source), out=folder / f"{name}.mcap", summary=folder / "summary.json",
        controller=program.controller or None,
        overrides=tuple(f"controller.{key}={json.dumps(value)}" for key, value in program.settings.items()),
    )  # fmt: skip
    run_job(job)


def _keep(beside: Path, folder: Path) -> None:
    try:
        beside.replace(folder)
    except OSError:
        # Another worker was quicker; or what stands there is half of one.
        if (folder / "summary.json").is_file():
            return
        shutil.rmtree(folder)
        beside.replace(folder)


@lru_cache(maxsize=1)
def _made_with() -> tuple[str, ...]:
    """What else decides a run: the versions it computes with, and the shipped assets."""
    digest = hashlib.sha256()
    for path in sorted(shipped("assets").rglob("*")):
        if path.is_file() and path.suffix in (".yaml", ".json", ".urdf", ".obj", ".stl"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    versions = [f"{name} {version}" for name, version in library_versions().items()]
    return (platform.python_version(), platform.machine(), *versions, digest.hexdigest())


def library_versions() -> dict[str, str]:
    """Of what a run computes with; empty where it is not installed."""
    return {name: _installed_version(name) for name in ("numpy", "pybullet", "ruckig")}


def _installed_version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
