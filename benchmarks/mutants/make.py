"""Mutants as controllers by name: ``Program("benchmarks.mutants.make:sign_0a1b2c3d")``.

A mutant is the whole package ``twin.control`` imported once more under another name, one of its modules changed; base
class, settings and wiring stay the original ones, so that it is a controller like any other.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any

from benchmarks.mutants.catalogue import by_name
from benchmarks.mutants.mutant import Mutant
from benchmarks.mutants.source import MODULES, changed
from twin.control import Controller

_PACKAGE = "benchmarks_mutant"
_made: dict[str, type[Controller]] = {}


class _Finder(MetaPathFinder, InspectLoader):
    """Finds the modules of one mutant, its changed one among them."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == _PACKAGE:
            return ModuleSpec(fullname, self, is_package=True)
        package, _, module = fullname.rpartition(".")
        return ModuleSpec(fullname, self) if package == _PACKAGE and module in MODULES else None

    def get_source(self, fullname: str) -> str:
        module = fullname.rpartition(".")[2]
        if fullname == _PACKAGE:
            return ""
        text = changed(module, tuple(c for c in self._mutant.changes if c.module == module)).decode()
        for name in MODULES:
            text = text.replace(f"from twin.control.{name} import", f"from {_PACKAGE}.{name} import")
        return text.replace("from twin.control import", f"from {_PACKAGE} import")

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.get_source(fullname), f"{fullname.rpartition('.')[2]}.py", "exec", dont_inherit=True)

    def is_package(self, fullname: str) -> bool:
        return fullname == _PACKAGE


def controller_of(mutant: Mutant) -> type[Controller]:
    """The class of a mutant of the source.

    Raises:
        SyntaxError, ImportError, InputError: the change makes no program; the catalogue holds none such.
    """
    finder = _Finder(mutant)
    sys.meta_path.insert(0, finder)
    try:
        kind: type[Controller] = importlib.import_module(f"{_PACKAGE}.station").StationController
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
            del sys.modules[name]
    kind.__module__, kind.__qualname__ = __name__, mutant.name
    return kind


def __getattr__(name: str) -> Any:
    if name not in _made:
        mutant = by_name().get(name)
        if mutant is None or not mutant.changes:
            raise AttributeError(name)
        _made[name] = controller_of(mutant)
    return _made[name]
