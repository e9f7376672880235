"""The digest of a controller: what an approval was given for, and what a simulated run is kept under."""

from __future__ import annotations

import ast
import hashlib
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import twin.control
from twin.program import OWN, Program


def program_digest(program: Program) -> str:
    """Of the controller's name, its settings, and the files it is made of as far as they are found.

    A Python class: its module and what that imports of its own package or folder, with ``twin.control``. Anything else:
    the files that its name mentions. What such a file loads in its turn is not seen.
    """
    digest = hashlib.sha256(json.dumps([program.controller or OWN, dict(sorted(program.settings.items()))]).encode())
    for path in _files(program.controller or OWN):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(controller: str) -> Iterator[Path]:
    own = Path(twin.control.__file__).parent
    head, _, rest = controller.partition(":")
    module = _source(head)
    if module is None:
        yield from (path for path in map(Path, _words(rest)) if path.is_file())
        return
    yield from sorted(own.glob("*.py"))
    yield from sorted(path for path in _imported(head, module) if own not in path.parents)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def _source(module: str) -> Path | None:
    """The file of a module; the current folder is looked in first. Nothing is imported: that may do harm already."""
    places: Sequence[str] | None = [str(Path.cwd()), *sys.path]
    found: ModuleSpec | None = None
    for part in module.split("."):
        # By its last name alone: a folder that is a package without saying so asks for the module above it otherwise.
        found = PathFinder.find_spec(part, places)
        if found is None:
            return None
        places = list(found.submodule_search_locations or ())
    path = Path(found.origin) if found is not None and found.origin else None
    return path if path is not None and path.is_file() else None


def _imported(name: str, path: Path) -> set[Path]:
    """A module's file, and those of its own package (or folder, of a module without one) that it imports."""
    top = name.partition(".")[0]
    found: set[Path] = set()
    waiting = [(name, path)]
    while waiting:
        module, file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        for other in _imports(module, file):
            other_path = _source(other) if other.partition(".")[0] == top or "." not in name else None
            if other_path is not None and (other.startswith(f"{top}.") or other_path.parent == path.parent):
                waiting.append((other, other_path))
    return found


def _imports(module: str, path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{one.name}" for one in node.names)
