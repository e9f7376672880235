"""A controller in another process, in any language, in lockstep with virtual time."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from twin.clock import ns_to_s
from twin.control import INPUT_KINDS, OUTPUT_KINDS, Controller, Settings
from twin.errors import InputError, error_from_dict
from twin.program.child import Child, Limits
from twin.program.wire import HELLO, Levels, WireError, declaration, declared, output_names, setting
from twin.signals import Image, SignalTable

#: What a controller of another process can do beyond a scan, if it says so.
ABILITIES = ("state", "take_up")
_HOST = (sys.executable, "-m", "twin.program.host")


class ProcessController(Controller):
    """Speaks the line protocol with a process (docs/controller-protocol.md); every scan is one line each way.

    Args:
        command: what is started. name: what it is called in what people are told.

    Raises:
        ControllerError: it cannot be started, or does not get acquainted.
    """

    def __init__(
        self, table: SignalTable, settings: Settings, scan_ns: int, *, command: Sequence[str], name: str,
        limits: Limits | None = None, environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(table, settings, scan_ns)
        self._own = SignalTable()
        self._alarm_classes: dict[str, str] = {}
        self._transitions: dict[str, list[dict[str, Any]]] = {}
        self._abilities: set[str] = set()
        self._images: tuple[Image, Image] | None = None
        self._levels_due = True
        self.child = Child(command, name, limits or Limits(), environment)
        self.child.ends_with(self)
        try:
            self._get_acquainted()
        except BaseException:
            self.child.end()
            raise
        self.child.ready()

    @property
    def signals(self) -> SignalTable:
        return self._own

    @property
    def alarm_classes(self) -> Mapping[str, str]:
        return self._alarm_classes

    @property
    def transitions(self) -> Mapping[str, list[dict[str, Any]]]:
        return self._transitions

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        """One line to the process, one line back.

        Raises:
            ControllerError: with what became of it, and when.
        """
        if self._images is None or self._images[0] is not inputs or self._images[1] is not outputs:
            self._meet(inputs, outputs)
        self.child.when = f"at {ns_to_s(t_ns):.3f} s"
        if self._levels_due:
            self._levels_due = False
            message = f"outputs {self._to.all()}\nscan {t_ns} {self._from.all()}\n"
        else:
            message = f"scan {t_ns} {self._from.changes()}\n"
        answer = self.child.ask(message)
        words = answer.split()
        if words[:2] != ["done", str(t_ns)]:
            raise self._refused(answer, f"done {t_ns} …")
        try:
            self._to.take(words[2:])
        except WireError as error:
            raise self.child.fault(str(error), _reason(str(error), "garbled")) from None

    def state(self) -> dict[str, Any]:
        if "state" not in self._abilities:
            return {}
        word, _, text = self.child.ask("state\n").partition(" ")
        if word != "state":
            raise self._refused(f"{word} {text}", "state TEXT")
        return {"process": text}

    def restore(self, state: Mapping[str, Any]) -> None:
        # The images were restored by the caller; the process is told them before the next scan.
        self._levels_due = True
        if not state:
            return
        answer = self.child.ask(f"restore {state['process']}\n")
        if answer != "ok":
            raise self._refused(answer, "ok")

    @property
    def takes_up(self) -> bool:
        return "take_up" in self._abilities

    def take_up(self, inputs: Image, outputs: Image) -> bool:
        """Let the process take up work where another controller left these images."""
        if not self.takes_up:
            return False
        self._meet(inputs, outputs)
        answer = self.child.ask(f"outputs {self._to.all()}\ntake_up {self._from.all()}\n")
        if answer not in ("ok", "no"):
            raise self._refused(answer, "ok or no")
        return answer == "ok"

    def close(self) -> None:
        self.child.end()

    def _meet(self, inputs: Image, outputs: Image) -> None:
        names = output_names(self.table, self._own, OUTPUT_KINDS)
        self._from = Levels(inputs, self.table.select(*INPUT_KINDS).names)
        self._to = Levels(outputs, names)
        self._images, self._levels_due = (inputs, outputs), True

    def _get_acquainted(self) -> None:
        table = self.table
        lines = [HELLO, f"scan_ns {self.scan_ns}"]
        lines += [declared("input", signal) for signal in table.select(*INPUT_KINDS)]
        lines += [declared("output", signal) for signal in table.select(*OUTPUT_KINDS)]
        lines += [setting(key, value) for key, value in self.settings.dotted().items()]
        answer = self.child.ask("\n".join([*lines, "begin", ""]))
        if answer != HELLO:
            raise self._refused(answer, HELLO)
        own = []
        while (line := self.child.line()) != "ready":
            word, _, rest = line.partition(" ")
            try:
                if word == "signal":
                    own.append(declaration(rest))
                elif word == "alarm_class":
                    name, kind = rest.split()
                    self._alarm_classes[name] = kind
                elif word == "transitions":
                    name, _, text = rest.partition(" ")
                    self._transitions[name] = json.loads(text)
                elif word == "can" and rest in ABILITIES:
                    self._abilities.add(rest)
                else:
                    raise self._refused(line, "signal, alarm_class, transitions, can or ready")
            except (WireError, InputError) as error:
                raise self.child.fault(str(error), "garbled") from None
            except ValueError:
                raise self._refused(line, f"{word} as the protocol has it") from None
        self._own = SignalTable(own)
        both = next((name for name in self._own.names if name in table), None)
        if both is not None:
            raise self.child.fault(f"declares {both}, which the station has already,", "garbled")

    def _refused(self, answer: str, expected: str) -> Exception:
        word, _, rest = answer.partition(" ")
        if word == "fail":
            return self.child.fault(rest or "failed", _reason(rest, "raised"))
        return self.child.fault(f"answered {answer[:200]!r} instead of {expected}", "garbled")


def _reason(told: str, otherwise: str) -> str:
    return "not a number" if told.startswith("wrote ") else otherwise


class Process:
    """``process:COMMAND ARGS``, as a shell would split it; no shell is used."""

    def check(self, address: str) -> None:
        _found(address)

    def make(self, address: str, table: SignalTable, settings: Settings, scan_ns: int) -> Controller:
        return ProcessController(table, settings, scan_ns, command=_found(address), name=address)


SCHEME = Process()


def guarded(
    controller: str, table: SignalTable, settings: Settings, scan_ns: int, *, limits: Limits | None = None
) -> ProcessController:
    """Any controller of Python's in a process of its own, by the same protocol: what it does there harms nobody."""
    return ProcessController(
        table, settings, scan_ns, command=[*_HOST, controller], name=_name(controller), limits=limits,
        environment=_environment(),
    )  # fmt: skip


def check_guarded(controller: str, limits: Limits | None = None) -> None:
    """Find what is named, in a process of its own: importing somebody's module is running it.

    Raises:
        InputError: it is not there.
        ControllerError: its module raised while it was imported, or did worse.
    """
    child = Child([*_HOST, "--check", controller], _name(controller), limits or Limits(), _environment())
    child.when = "while it was imported"
    try:
        found = json.loads(child.ask(""))
    except ValueError:
        raise child.fault("answered what is no answer", "garbled") from None
    finally:
        child.end()
    if found is not None:
        raise error_from_dict(found)


def _name(controller: str) -> str:
    return f"the controller {controller}" if controller else "the station's own controller"


def _environment() -> dict[str, str]:
    """What can be imported here can be imported there."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUNBUFFERED": "1"}


def _found(address: str) -> list[str]:
    try:
        command = shlex.split(address, posix=os.name == "posix")
    except ValueError as error:
        raise InputError(key="controller", expected="process:COMMAND ARGS", got=f"{address!r} ({error})") from None
    if not command or shutil.which(command[0]) is None:
        got = repr(command[0]) if command else "nothing"
        raise InputError(key="controller", expected="process: and a command that can be run", got=got)
    return command
