"""Changes of what the controller holds as tables: steps, guards, interlocks, alarms, modes and states."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.mutants.mutant import Change, Mutant
from benchmarks.mutants.source import Source, source

_TABLES = (("swap", "SWAP"), ("crane", "CRANE"))
_STEP, _GUARD, _NEXT, _TIMEOUT, _ALARM, _RETRY = 0, 2, 3, 4, 5, 7
#: An alarm of this class told as one of that: the station no longer does what it must.
_WEAKER = {"A1": ("B", "D"), "A2": ("B", "D"), "B": ("C", "D"), "C": ("D",)}


def table_mutants() -> Iterator[Mutant]:
    """All changes of tables."""
    for module, name in _TABLES:
        yield from _of_rows(source(module), name)
        yield from _of_guards(source(module))
    yield from _of_resume(source("swap"))
    yield from _of_interlocks(source("interlock"))
    yield from _of_alarms(source("station_alarm"))
    yield from _of_states(source("packml"))
    for module, name in (("panel", "STANDING"), ("station", "_CRANE_STATES"), ("output", "_ATTENTION")):
        yield from _of_members(source(module), name)


def _value(text: Source, name: str) -> ast.expr:
    for node in text.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            return node.value
    raise KeyError(name)


def _calls(value: ast.AST, name: str) -> list[ast.Call]:
    found = [node for node in ast.walk(value) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]
    return sorted(found, key=lambda call: call.lineno)


def _word(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _of_rows(text: Source, name: str) -> Iterator[Mutant]:
    rows = _calls(_value(text, name), "Row")
    steps = list(dict.fromkeys(_word(row.args[_STEP]) for row in rows))
    for number, row in enumerate(rows):
        args = row.args
        target, step = _word(args[_NEXT]), _word(args[_STEP])
        if target in steps:
            for other in {steps[min(steps.index(target) + 1, len(steps) - 1)], steps[steps.index(target) - 1]}:
                if other not in (target, step):
                    yield Mutant("step", (text.put(args[_NEXT], f'"{other}"'),))
        if len(args) > _RETRY and _word(args[_RETRY]):
            beside = steps[steps.index(_word(args[_RETRY])) + 1]
            yield Mutant("step", (text.put(args[_RETRY], f'"{beside}"'),))
        yield Mutant("guard", (text.put(args[_GUARD], '"always"'),))
        if len(args) > _TIMEOUT and _word(args[_TIMEOUT]):
            yield Mutant("timer", (text.put(args[_TIMEOUT], '""'),))
        if len(args) > _ALARM and not (isinstance(args[_ALARM], ast.Constant) and not _word(args[_ALARM])):
            yield Mutant("alarm", (text.put(args[_ALARM], '""'),))
        after = rows[number + 1] if number + 1 < len(rows) else None
        if after is not None and _word(after.args[_STEP]) == step:
            yield Mutant("order", text.swap(row, after))
    yield from _exchanged(text, rows)


def _exchanged(text: Source, rows: list[ast.Call]) -> Iterator[Mutant]:
    """Two steps that follow each other take each other's turn."""
    by_step: dict[str, list[ast.Call]] = {}
    for row in rows:
        by_step.setdefault(_word(row.args[_STEP]), []).append(row)
    before = {_word(row.args[_NEXT]): row for row in rows}
    for b, own in by_step.items():
        c = _word(own[0].args[_NEXT])
        if len(own) > 1 or len(by_step.get(c, ())) != 1 or b not in before:
            continue
        last = by_step[c][0]
        yield Mutant(
            "order",
            (
                text.put(before[b].args[_NEXT], f'"{c}"'),
                text.put(own[0].args[_NEXT], text.text(last.args[_NEXT])),
                text.put(last.args[_NEXT], f'"{b}"'),
            ),
        )


def _without(text: Source, items: ast.Tuple | ast.List | ast.Set, gone: ast.expr) -> Change:
    left = [text.text(item) for item in items.elts if item is not gone]
    opening, closing = {ast.Tuple: ("(", ")"), ast.List: ("[", "]"), ast.Set: ("{", "}")}[type(items)]
    comma = "," if len(left) == 1 and isinstance(items, ast.Tuple) else ""
    return text.put(items, f"{opening}{', '.join(left)}{comma}{closing}")


def _of_guards(text: Source) -> Iterator[Mutant]:
    guards = _value(text, "GUARDS")
    assert isinstance(guards, ast.Dict)
    for conditions in guards.values:
        assert isinstance(conditions, ast.Tuple)
        for gone in conditions.elts:
            yield Mutant("guard", (_without(text, conditions, gone),))


def _of_resume(text: Source) -> Iterator[Mutant]:
    resume = _value(text, "RESUME")
    assert isinstance(resume, ast.Tuple)
    steps = list(dict.fromkeys(_word(row.args[_STEP]) for row in _calls(_value(text, "SWAP"), "Row")))
    for row, after in zip(resume.elts, [*resume.elts[1:], None], strict=True):
        assert isinstance(row, ast.Tuple) and isinstance(row.elts[0], ast.Tuple)
        if after is not None:
            yield Mutant("order", text.swap(row, after))
        step = _word(row.elts[1])
        if step:
            yield Mutant("step", (text.put(row.elts[1], f'"{steps[steps.index(step) + 1]}"'),))
        if len(row.elts[0].elts) > 1:
            for gone in row.elts[0].elts:
                yield Mutant("guard", (_without(text, row.elts[0], gone),))


def _of_interlocks(text: Source) -> Iterator[Mutant]:
    shared = [_value(text, name) for name in ("_SHUTTLE", "_CRANE")]
    listed = [arg for call in _calls(text.tree, "Interlock") for arg in call.args[1:]]
    for conditions in [*shared, *listed]:
        if isinstance(conditions, ast.Name):
            yield Mutant("interlock", (text.put(conditions, '("always",)'),))
        elif isinstance(conditions, ast.Tuple):
            for gone in conditions.elts:
                yield Mutant("interlock", (_without(text, conditions, gone),))


def _of_alarms(text: Source) -> Iterator[Mutant]:
    for row in ast.walk(_value(text, "_FIXED")):
        if isinstance(row, ast.Tuple) and len(row.elts) == 4 and _word(row.elts[1]) in _WEAKER:
            for weaker in _WEAKER[_word(row.elts[1])]:
                yield Mutant("alarm", (text.put(row.elts[1], f'"{weaker}"'),))


def _of_states(text: Source) -> Iterator[Mutant]:
    commands = _value(text, "COMMANDS")
    assert isinstance(commands, ast.Dict)
    for legal in commands.values:
        if isinstance(legal, ast.Dict):
            for state, target in zip(legal.keys, legal.values, strict=True):
                assert state is not None
                left = [
                    f"{text.text(key)}: {text.text(value)}"
                    for key, value in zip(legal.keys, legal.values, strict=True)
                    if key is not None and key is not state
                ]
                yield Mutant("mode", (text.put(legal, "{" + ", ".join(left) + "}"),))
                for wrong in ("State.Execute", "State.Idle"):
                    if text.text(target) != wrong:
                        yield Mutant("mode", (text.put(target, wrong),))
        elif isinstance(legal, ast.DictComp):
            yield Mutant("mode", (text.put(legal.generators[0].ifs[0], "True"),))
    no_stop = _value(text, "_NO_STOP")
    assert isinstance(no_stop, ast.Set)
    for gone in no_stop.elts:
        yield Mutant("mode", (_without(text, no_stop, gone),))


def _of_members(text: Source, name: str) -> Iterator[Mutant]:
    """A set of states: one of them left out, or one too many."""
    states = next(node for node in ast.walk(_value(text, name)) if isinstance(node, ast.Set))
    for gone in states.elts:
        yield Mutant("mode", (_without(text, states, gone),))
    listed = [text.text(item) for item in states.elts]
    for more in ("State.Execute", "State.Aborted", "State.Held", "State.Stopped"):
        if more not in listed:
            yield Mutant("mode", (text.put(states, "{" + ", ".join([*listed, more]) + "}"),))
