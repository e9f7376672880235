"""Writes the declarations of a station's images for a controller in another language, with the protocol in them."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable, Iterator, Mapping

from twin.control import INPUT_KINDS, OUTPUT_KINDS
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

_C_TYPES = {"bool": ("bool", "b"), "int": ("int32_t", "i"), "enum": ("int32_t", "e"), "real": ("double", "r")}
_PYTHON_TYPES = {"bool": ("bool", "False"), "int": ("int", "0"), "enum": ("int", "0"), "real": ("float", "0.0")}
_C_WORDS = frozenset(
    word
    for line in (
        "auto bool break case char class const continue default delete do double else enum extern false float for goto",
        "if inline int long new operator private protected public register restrict return short signed sizeof static",
        "struct switch template this throw true try typedef union unsigned using virtual void volatile while",
    )
    for word in line.split()
)
_HEAD = "Images of station {station}, written by `swaptwin controller stub --lang {lang} --station {station}`."


def c_stub(station: str, table: SignalTable) -> str:
    """One header: the images as plain structs, and in the file that defines ``SWAPTWIN_MAIN`` the protocol too."""
    protocol = shipped("assets", "controllers", "c", "swaptwin_protocol.h").read_text(encoding="utf-8")
    head = _HEAD.format(station=station, lang="c")
    lines = [_C_HEAD.replace("HEAD", head).replace("PROTOCOL", protocol.strip()), *_c_enums(table)]
    parts = (("in", table.select(*INPUT_KINDS)), ("out", table.select(*OUTPUT_KINDS)))
    for name, part in parts:
        lines += ["typedef struct {", *_c_fields(part), f"}} swaptwin_{name}puts;", ""]
        lines += [f"extern swaptwin_{name}puts swaptwin_{name};", ""]
    lines += ["#ifdef SWAPTWIN_MAIN", ""]
    for name, part in parts:
        lines += [f"swaptwin_{name}puts swaptwin_{name};", ""]
        lines += [f"static const swaptwin_signal swaptwin_{name}put_signals[] = {{"]
        for signal in part:
            place = ".".join(_c_word(word) for word in signal.name.split("."))
            kind = _C_TYPES[signal.type][1]
            lines += [f"    {{\"{signal.name}\", '{kind}', &swaptwin_{name}.{place}, NULL, NULL}},"]
        lines += ["};", ""]
    return "\n".join([*lines, _C_TAIL])


_C_HEAD = """\
/* HEAD
 *
 * Every file that sees the images includes this, and one of them defines SWAPTWIN_MAIN before it, ahead of any system
 * header; that one has main:
 *
 *     #define SWAPTWIN_MAIN
 *     #include "swaptwin_controller.h"
 *     static void scan(int64_t t_ns) { swaptwin_out.station.safety.cmd_drives_on = true; }
 *     int main(void) { return swaptwin_main(scan); }
 *
 * Then: cc mine.c -o mine && swaptwin run nominal_swap --controller process:./mine */
#ifndef SWAPTWIN_CONTROLLER_H
#define SWAPTWIN_CONTROLLER_H

#if defined(SWAPTWIN_MAIN) && !defined(_WIN32) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#include <stdbool.h>
#include <stdint.h>

#ifdef SWAPTWIN_MAIN
PROTOCOL
#endif

#ifdef __cplusplus
extern "C" {
#endif
"""

_C_TAIL = """\
/* The controller over these images; what more it has (its own signals, begin, memory) is put in before it serves. */
static inline swaptwin_controller swaptwin_controller_of(void (*scan)(int64_t t_ns)) {
    swaptwin_controller made;
    memset(&made, 0, sizeof made);
    made.inputs = swaptwin_input_signals;
    made.input_count = sizeof swaptwin_input_signals / sizeof *swaptwin_input_signals;
    made.outputs = swaptwin_output_signals;
    made.output_count = sizeof swaptwin_output_signals / sizeof *swaptwin_output_signals;
    made.scan = scan;
    return made;
}

/* For a controller that has nothing more. */
static inline int swaptwin_main(void (*scan)(int64_t t_ns)) {
    const swaptwin_controller made = swaptwin_controller_of(scan);
    return swaptwin_serve(&made);
}

#endif

#ifdef __cplusplus
}
#endif
#endif
"""


def python_stub(station: str, table: SignalTable) -> str:
    """One module: the images as classes, and the protocol; it needs nothing but Python."""
    protocol = shipped("assets", "controllers", "python", "swaptwin_protocol.py").read_text(encoding="utf-8")
    lines = [
        f'"""{_HEAD.format(station=station, lang="python")}',
        "",
        "Beside it, a script that scans and serves::",
        "",
        "    from swaptwin_controller import Inputs, Outputs, serve",
        "",
        "    def scan(t_ns: int, inputs: Inputs, outputs: Outputs) -> None:",
        "        outputs.station.safety.cmd_drives_on = True",
        "",
        "    serve(scan)",
        "",
        'Then: swaptwin run nominal_swap --controller "process:python mine.py"',
        '"""',
        "",
        protocol.split('"""', 2)[2].strip(),
        "",
    ]
    for name, part in (("Inputs", table.select(*INPUT_KINDS)), ("Outputs", table.select(*OUTPUT_KINDS))):
        lines += ["", f"class {name}:", *_python_fields(part), ""]
    return "\n".join([*lines, "", "_IMAGES = (Inputs, Outputs)", ""])


STUBS: Mapping[str, Callable[[str, SignalTable], str]] = {"c": c_stub, "python": python_stub}


def _tree(table: SignalTable) -> dict[str, dict[str, list[Signal]]]:
    areas: dict[str, dict[str, list[Signal]]] = {}
    for signal in table:
        areas.setdefault(signal.area, {}).setdefault(signal.device.split(".")[1], []).append(signal)
    return areas


def _c_word(word: str) -> str:
    return f"{word}_" if word in _C_WORDS else word


def _python_word(word: str) -> str:
    return f"{word}_" if keyword.iskeyword(word) else word


def _comment(signal: Signal) -> str:
    """Unit, text and labels, for a comment of either language."""
    labels = ", ".join(f"{value} {label}" for value, label in signal.labels.items())
    said = [f"[{signal.unit}]" if signal.unit else "", signal.text.get("en", ""), f"({labels})" if labels else ""]
    return " ".join(" ".join(filter(None, said)).split()).replace("*/", "* /")


def _c_fields(table: SignalTable) -> Iterator[str]:
    for area, devices in _tree(table).items():
        yield "    struct {"
        for device, signals in devices.items():
            yield "        struct {"
            for signal in signals:
                declared = f"{_C_TYPES[signal.type][0]} {_c_word(signal.field)};"
                yield f"            {declared:<34} /* {_comment(signal)} */"
            yield f"        }} {_c_word(device)};"
        yield f"    }} {_c_word(area)};"


def _c_enums(table: SignalTable) -> Iterator[str]:
    """Labels as constants: SWAPTWIN_STATION_UNIT_SEQ_STATE_IDLE."""
    for signal in table:
        if not signal.labels:
            continue
        stem = _constant(f"swaptwin_{signal.name}")
        yield f"enum {{ /* {signal.name} */"
        seen: set[str] = set()
        for value, label in signal.labels.items():
            # A label of another script has no ASCII name; two labels may have the same.
            name = _constant(label)
            if not label.isascii() or name in seen:
                name = _constant(f"value_{value}")
            seen.add(name)
            yield f"    {stem}_{name} = {value},"
        yield "};"
        yield ""


def _constant(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", name).upper()


def _python_fields(table: SignalTable) -> Iterator[str]:
    for area, devices in _tree(table).items():
        yield f"    class {_python_word(area)}:"
        for device, signals in devices.items():
            yield f"        class {_python_word(device)}:"
            for signal in signals:
                kind, zero = _PYTHON_TYPES[signal.type]
                yield f"            {_python_word(signal.field)}: {kind} = {zero}  # {_comment(signal)}"
            for signal in signals:
                if signal.labels:
                    labels = {re.sub(r"\W", "_", label): value for value, label in signal.labels.items()}
                    yield f"            {signal.field.upper()} = {json.dumps(labels, ensure_ascii=False)}"
            yield ""
