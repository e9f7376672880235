"""Speaks the line protocol for a controller of Python's: ``python -m twin.program.host package.module:Class``.

With ``--check`` before the name it only looks whether it is there, and says what is wrong as JSON.

What it prints goes to standard error; standard output belongs to the protocol.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from twin.control import INPUT_KINDS, OUTPUT_KINDS, Controller, Settings
from twin.errors import SwapTwinError, error_to_dict
from twin.program.described import describe
from twin.program.model import Program
from twin.program.wire import HELLO, Levels, Lines, WireError, declaration, declared, output_names, write_all
from twin.signals import SignalTable


def serve(lines: Iterator[str], say: Callable[[str], None], controller: str) -> None:
    """Answer until the other side has no more questions."""
    try:
        table, settings, scan_ns = _acquaintance(lines)
        made = Program(controller).make(table, settings, scan_ns)
        inputs, outputs = made.images()
    except SwapTwinError as error:
        say(f"fail {_one_line(str(error))}")
        return
    own = SignalTable(signal for signal in made.signals if signal.kind in OUTPUT_KINDS)
    say("\n".join([HELLO, *_introduction(made, own), "ready"]))
    from_plant = Levels(inputs, table.select(*INPUT_KINDS).names)
    to_plant = Levels(outputs, output_names(table, own, OUTPUT_KINDS))

    def answer(word: str, rest: list[str]) -> str:
        if word == "scan":
            from_plant.take(rest[1:])
            made.scan(int(rest[0]), inputs, outputs)
            return f"done {rest[0]} {to_plant.changes()}"
        if word == "state":
            # A controller's memory is plain data, and more than JSON knows: tuples, keys that are numbers.
            return "state " + base64.b64encode(pickle.dumps(made.state())).decode()
        if word == "take_up":
            from_plant.take(rest)
            return "ok" if made.take_up(inputs, outputs) else "no"
        if word == "restore":
            made.restore(pickle.loads(base64.b64decode(rest[0])))
            return "ok"
        raise WireError(f"does not know the word {word[:50]!r}")

    for line in lines:
        word, *rest = line.split()
        if word == "end":
            break
        if word == "outputs":
            to_plant.take(rest)
            to_plant.hold()
            continue
        try:
            said = answer(word, rest)
        except WireError as error:
            said = f"fail {error}"
        except Exception as error:
            said = f"fail raised {_one_line(describe(error))}"
        say(said)
    made.close()


def _acquaintance(lines: Iterator[str]) -> tuple[SignalTable, Settings, int]:
    signals, settings, scan_ns = [], {}, 0
    if next(lines, "") != HELLO:
        raise WireError(f"expected {HELLO}")
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "begin":
            break
        if word == "scan_ns":
            scan_ns = int(rest)
        elif word == "setting":
            key, _, text = rest.partition(" ")
            settings[key] = json.loads(text)
        elif word in ("input", "output"):
            signals.append(declaration(rest))
    return SignalTable(signals), Settings.from_dotted(settings), scan_ns


def _introduction(made: Controller, own: SignalTable) -> Iterator[str]:
    yield from (declared("signal", signal) for signal in own)
    yield from (f"alarm_class {name} {kind}" for name, kind in made.alarm_classes.items())
    yield from (f"transitions {name} {json.dumps(rows, ensure_ascii=False)}" for name, rows in made.transitions.items())
    yield "can state"
    if made.takes_up:
        yield "can take_up"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _end_with(parent: int) -> None:
    """When the other side is gone without a word, nobody would end a controller that hangs."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGTERM)


def _checked(controller: str) -> dict[str, Any] | None:
    try:
        Program(controller).check()
    except SwapTwinError as error:
        return error_to_dict(error)
    return None


def main() -> None:
    """Serve the controller named on the command line."""
    output = os.dup(1)
    os.dup2(2, 1)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    sys.stdout = sys.stderr
    words = sys.argv[1:]
    if words[:1] == ["--check"]:
        write_all(output, json.dumps(_checked(words[1])) + "\n")
        return
    controller = words[0] if words else ""
    serve(iter(Lines(0)), lambda text: write_all(output, text + "\n"), controller)


if __name__ == "__main__":
    main()
