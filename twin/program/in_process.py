"""Controllers that are Python classes in this very process, and the station's own."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from twin.control import Controller, Settings
from twin.errors import ControllerError, InputError
from twin.signals import SignalTable


class InProcess:
    """``package.module:Class``; empty is the station's own controller."""

    def check(self, address: str) -> None:
        load_class(address)

    def make(self, address: str, table: SignalTable, settings: Settings, scan_ns: int) -> Controller:
        return load_class(address)(table, settings, scan_ns)


SCHEME = InProcess()
#: The station's own, by its full name.
OWN = "twin.control.station:StationController"


def load_class(spec: str) -> type[Controller]:
    """The class that ``package.module:Class`` names; the current folder is looked in first.

    Raises:
        InputError: no such module or class, or not a controller.
        ControllerError: the module raised while it was imported.
    """
    module_name, colon, class_name = (spec or OWN).partition(":")
    if not colon or not module_name or not class_name:
        raise InputError(key="controller", expected="my_package.my_module:MyController", got=repr(spec))
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and module_name.startswith(error.name):
            got = f"{module_name!r}, which is not there"
            raise InputError(
                key="controller",
                expected="a module on the path or in the current folder",
                got=got,
                hint="a program of any language is process:COMMAND",
            ) from None
        raise ControllerError(f"controller {spec}: {error}") from None
    except Exception as error:
        raise ControllerError(f"controller {spec} cannot be imported: {type(error).__name__}: {error}") from error
    kind = getattr(module, class_name, None)
    if not isinstance(kind, type) or not issubclass(kind, Controller):
        expected = f"a subclass of twin.control.Controller in {module_name}"
        raise InputError(key="controller", expected=expected, got=repr(class_name))
    return kind
