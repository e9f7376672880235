"""What names a controller everywhere: on a command line, in a job, in a report; and how it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin.control import Controller, Settings
from twin.errors import ControllerError, InputError
from twin.program import process
from twin.program.described import describe
from twin.program.scheme import scheme_of
from twin.yaml_node import YamlError, read_yaml

if TYPE_CHECKING:
    from twin.signals import SignalTable

_PREFIX = "controller."


@dataclass(frozen=True)
class Program:
    """A controller by name. It can be pickled; what is to be run elsewhere is handed on as this, never as a class.

    Args:
        controller: ``package.module:Class``, ``scheme:address`` (``process:./a.out``), or empty: the station's own.
        settings: dotted keys of the controller's settings (``{"shuttle.take_load_n": 9000}``), laid over the
            scenario's.
        guarded: it runs in a process of its own, so that one that hangs, leaks or prints without end does no harm.
    """

    controller: str = ""
    settings: Mapping[str, bool | float] = field(default_factory=dict)
    guarded: bool = False

    @classmethod
    def from_words(cls, controller: str | None, changes: Iterable[str] = (), *, guarded: bool = False) -> Program:
        """A program as a command line says it: ``--controller SPEC``, ``--set controller.shuttle.take_load_n=9000``.

        Args:
            guarded: somebody's controller runs in a process of its own, and is not even imported in this one.

        Raises:
            InputError: a change that is none, or of a key that does not stand under ``controller.``; no controller
                has that name.
            ControllerError: as :meth:`check`.
        """
        settings: dict[str, bool | float] = {}
        for text in changes:
            key, equals, value_text = (part.strip() for part in text.partition("="))
            if not key.startswith(_PREFIX) or not equals:
                expected = "controller.key.path=value; a program has no other keys"
                raise InputError(key=key or text, expected=expected, got=repr(text), file=f"--set {text}")
            try:
                value, _ = read_yaml(value_text)
            except YamlError as problem:
                raise InputError(key=key, expected=problem.expected, got=problem.got, file=f"--set {text}") from None
            if not isinstance(value, bool | int | float):
                raise InputError(key=key, expected="a number, true or false", got=repr(value), file=f"--set {text}")
            settings[key.removeprefix(_PREFIX)] = value
        program = cls(controller or "", settings, guarded=guarded and bool(controller))
        program.check()
        return program

    @property
    def name(self) -> str:
        """What people are told: ``station's own, shuttle.take_load_n=9000``."""
        changes = (f"{key}={_word(value)}" for key, value in self.settings.items())
        return ", ".join([self.controller or "station's own", *changes])

    def check(self) -> None:
        """Find what is named, without making it.

        Raises:
            InputError: there is no such scheme, module, class or command.
            ControllerError: its module raised while it was imported; of a guarded one also: it hangs, ended, leaks or
                prints without end.
        """
        scheme, address = scheme_of(self.controller)
        if self.guarded and scheme is not process.SCHEME:
            process.check_guarded(self.controller)
        else:
            scheme.check(address)

    def make(self, table: SignalTable, settings: Settings, scan_ns: int) -> Controller:
        """A controller that is ready for its first scan; ``close`` it when it is no longer needed.

        Args:
            table: the station's I/O list.
            settings: what the station and the scenario decide; this program's own are laid over it.
            scan_ns: the scan period in nanoseconds.

        Raises:
            InputError: it is not there, or a setting has no such key or cannot have the value.
            ControllerError: it raised while it was made; a guarded one: all that is wrong with it but its settings.
        """
        scheme, address = scheme_of(self.controller)
        settings = laid_over(settings, self.settings)
        try:
            if self.guarded and scheme is not process.SCHEME:
                return process.guarded(self.controller, table, settings, scan_ns)
            return scheme.make(address, table, settings, scan_ns)
        except (ControllerError, InputError):
            raise
        except Exception as error:
            raise ControllerError(f"the controller cannot be made: {describe(error)}") from error


def laid_over(settings: Settings, changes: Mapping[str, bool | float]) -> Settings:
    """Settings with some changed by dotted keys.

    Raises:
        InputError: no such key, or not such a value; the key as a scenario has it (``controller.…``).
    """
    try:
        return settings.overridden(changes) if changes else settings
    except InputError as error:
        raise InputError(key=_PREFIX + error.key, expected=error.expected, got=error.got, hint=error.hint) from None


def _word(value: bool | float) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:.12g}"
