"""Changes of the controller's code: conditions, signs, indices, statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.mutants.mutant import Mutant
from benchmarks.mutants.source import Source, source

#: Where a condition of an ``and`` permits something to move, to be let go or to be charged.
_PERMITS = ("facts", "output", "rack", "axis")
_SIGNED = ("axis", "facts", "hand", "shuttle", "crane")
_FLIPPED = {ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<="}
_NEXT_TO = {ast.Lt: "<=", ast.Gt: ">=", ast.LtE: "<", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
            ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in"}  # fmt: skip
#: Functions of which the order of two statements is a decision.
_ORDERED = frozenset({
    "scan", "_watch", "_abort", "_stand", "_stopping", "_suspended", "_finish_truck", "_run_swap", "_serve_rack",
    "_start", "_stop", "_unhold", "_confirm", "_clear", "reset_stopped", "_let_go", "_not_ready", "update", "_station",
    "run", "_fire", "read", "_ask_mode", "refuse", "write", "_machine", "_bay", "_jog", "_keys", "forget_truck",
    "believe_sensors", "resume_step", "note_fetched", "note_delivered", "_serve",
})  # fmt: skip


def code_mutants() -> Iterator[Mutant]:
    """All changes of code."""
    for module in _PERMITS:
        yield from _missing_conditions(source(module))
    yield from _permitted(source("output"))
    for module in ("request", "hand", "panel", "station", "output", "packml"):
        yield from _modes(source(module))
    for module in _SIGNED:
        yield from _signs(source(module))
    for module in ("station", "request", "facts", "sequence", "panel", "output", "hand", "shuttle", "rack", "crane"):
        yield from _statements(source(module))
    for module in ("shuttle", "output", "rack", "crane", "station_alarm", "hand", "inventory", "facts"):
        yield from _counts(source(module))
    for module in ("station", "alarm", "panel", "station_alarm"):
        yield from _alarms(source(module))
    for module in ("facts", "shuttle", "sequence", "panel", "request", "rack", "inventory", "hand", "station"):
        yield from _debounce(source(module))


def _operator(node: ast.Compare, text: Source, by: dict[type, str]) -> str:
    new = by[type(node.ops[0])]
    return f"{text.text(node.left)} {new} {text.text(node.comparators[0])}"


def _without(node: ast.BoolOp, gone: ast.expr, text: Source) -> str:
    word = " and " if isinstance(node.op, ast.And) else " or "
    return "(" + word.join(text.text(part) for part in node.values if part is not gone) + ")"


def _says(node: ast.AST, text: Source, *words: str) -> bool:
    return any(word in text.text(node) for word in words)


_MODE_WORDS = ("Mode.", ".mode", "State.", ".state", "STANDING", "_MODE_STATES", "_CRANE_STATES", "by_hand", "started")


def _missing_conditions(text: Source) -> Iterator[Mutant]:
    """One condition fewer before something is permitted."""
    for node in text.of(ast.BoolOp):
        assert isinstance(node, ast.BoolOp)
        if isinstance(node.op, ast.And) and text.inside(node) not in ("_lost_load", "_waiting"):
            for gone in node.values:
                kind = "mode" if _says(gone, text, *_MODE_WORDS) else "interlock"
                yield Mutant(kind, (text.put(node, _without(node, gone, text)),))


def _permitted(text: Source) -> Iterator[Mutant]:
    """A command that no longer asks its interlock."""
    for node in text.of(ast.Subscript):
        assert isinstance(node, ast.Subscript)
        if isinstance(node.value, ast.Name) and node.value.id == "permitted" and isinstance(node.ctx, ast.Load):
            yield Mutant("interlock", (text.put(node, "True"),))


def _modes(text: Source) -> Iterator[Mutant]:
    """A mode or state asked for wrongly, or not at all."""
    for node in text.of(ast.Compare):
        assert isinstance(node, ast.Compare)
        if len(node.ops) == 1 and _says(node, text, *_MODE_WORDS):
            if type(node.ops[0]) in _NEXT_TO:
                yield Mutant("mode", (text.put(node, f"({_operator(node, text, _NEXT_TO)})"),))
            if type(node.ops[0]) in (ast.Lt, ast.GtE):
                for wrong in ("Mode.semi_automatic", "Mode.maintenance"):
                    if text.text(node.comparators[0]) == "Mode.manual":
                        yield Mutant("mode", (text.put(node.comparators[0], wrong),))
    for node in text.of(ast.BoolOp):
        assert isinstance(node, ast.BoolOp)
        for gone in node.values:
            if _says(gone, text, *_MODE_WORDS) and text.module not in _PERMITS:
                yield Mutant("mode", (text.put(node, _without(node, gone, text)),))
    for node in text.of(ast.If):
        assert isinstance(node, ast.If)
        only = node.body[0] if len(node.body) == 1 else None
        if not isinstance(only, ast.Return) or node.orelse or only.value is None:
            continue
        if text.text(only.value).startswith("Refusal.") or text.text(only.value) == "reason":
            kind = "mode" if _says(node.test, text, *_MODE_WORDS) else "interlock"
            yield Mutant(kind, (text.put(node.test, "False"),))


def _signs(text: Source) -> Iterator[Mutant]:
    for node in text.of(ast.Compare, ast.UnaryOp, ast.BinOp, ast.IfExp):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _FLIPPED:
            yield Mutant("sign", (text.put(node, f"({_operator(node, text, _FLIPPED)})"),))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield Mutant("sign", (text.put(node, text.text(node.operand)),))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            sign = "-" if isinstance(node.op, ast.Add) else "+"
            if not _says(node, text, "_scans", "_count", "_ns", "_turn"):
                new = f"{text.text(node.left)} {sign} {text.text(node.right)}"
                yield Mutant("sign", (text.put(node, f"({new})"),))
        elif isinstance(node, ast.IfExp) and _says(node.test, text, "plus", "side", "reach"):
            new = f"{text.text(node.orelse)} if {text.text(node.test)} else {text.text(node.body)}"
            yield Mutant("sign", (text.put(node, f"({new})"),))


def _statements(text: Source) -> Iterator[Mutant]:
    """Two statements that follow each other, exchanged."""
    for node in text.of(ast.If, ast.For):
        yield from _pairs(node, text)
    for node in ast.walk(text.tree):
        if isinstance(node, ast.FunctionDef) and node.name in _ORDERED:
            yield from _pairs(node, text)


def _pairs(node: ast.AST, text: Source) -> Iterator[Mutant]:
    body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
    for one, other in pairwise(body):
        if any(_doc(part) or isinstance(part, ast.Return | ast.Continue) for part in (one, other)):
            continue
        if isinstance(node, ast.FunctionDef | ast.If | ast.For) and not _indented(one, other, text):
            yield Mutant("order", text.swap(one, other))


def _indented(one: ast.stmt, other: ast.stmt, text: Source) -> bool:
    """A name that one gives and the other needs at once makes no program when they are exchanged."""
    given = {node.id for node in ast.walk(one) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    needed = {node.id for node in ast.walk(other) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return bool(given & needed)


def _doc(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _counts(text: Source) -> Iterator[Mutant]:
    """One too few or one too many: ends of ranges, indices, differences by one."""
    for node in text.of(ast.Call, ast.BinOp, ast.Compare):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range" and len(node.args) > 1:
            end = node.args[1]
            yield Mutant("step", (text.put(end, f"{text.text(end)} - 1"),))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _one(node.right):
            yield Mutant("step", (text.put(node, f"({text.text(node.left)})"),))
            yield Mutant("step", (text.put(node.right, "2"),))
        elif (
            isinstance(node, ast.Compare)
            and isinstance(node.comparators[0], ast.Constant)
            and isinstance(node.ops[0], ast.GtE)
            and _says(node, text, "source", "target", "bracket")
        ):
            yield Mutant("step", (text.put(node, f"({_operator(node, text, _NEXT_TO)})"),))
    for node in text.of(ast.Subscript):
        assert isinstance(node, ast.Subscript)
        if isinstance(node.slice, ast.Attribute | ast.Name) and _says(node.value, text, "brackets", "order"):
            size = f"len({text.text(node.value)})"
            yield Mutant("step", (text.put(node.slice, f"({text.text(node.slice)} + 1) % {size}"),))


def _one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1 and not isinstance(node.value, bool)


def _alarms(text: Source) -> Iterator[Mutant]:
    """An alarm that is not raised, or does nothing, or goes by itself."""
    for node in text.of(ast.Expr, ast.BoolOp):
        if isinstance(node, ast.Expr) and _says(node, text, ".raise_(", "self._abort()", "self._stand()", "self.fail("):
            yield Mutant("alarm", (text.put(node, "pass"),))
        elif isinstance(node, ast.BoolOp) and _says(node, text, 'count["A'):
            for gone in node.values:
                yield Mutant("alarm", (text.put(node, _without(node, gone, text)),))
    for node in text.of(ast.If):
        assert isinstance(node, ast.If)
        if text.inside(node) == "_watch" and _says(node.test, text, "f.", "shuttle.clamp", "count["):
            yield Mutant("alarm", (text.put(node.test, "False"),))
    for node in text.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if text.inside(node) == "_abort":
            yield Mutant("alarm", (text.put(node, "pass"),))


def _debounce(text: Source) -> Iterator[Mutant]:
    """A condition that need not last, that lasts too long, or whose count is not begun anew; a level for an edge."""
    for node in text.of(ast.IfExp, ast.Compare, ast.If):
        if isinstance(node, ast.IfExp) and _says(node, text, "_ns +", "_scans +"):
            yield Mutant("debounce", (text.put(node.orelse, text.text(node.body).partition(" +")[0]),))
            yield Mutant("debounce", (text.put(node, text.text(node.body)),))
        elif isinstance(node, ast.Compare) and _says(node, text, "_ns >", "_scans *", "pose_count *", "elapsed_ns >"):
            yield Mutant("debounce", (text.put(node, "True"),))
        elif isinstance(node, ast.If) and text.text(node.test) in ("self.elapsed_ns", "self._odd or not permitted"):
            yield Mutant("debounce", (text.put(node.test, "True"),))
    for node in text.of(ast.BoolOp):
        assert isinstance(node, ast.BoolOp)
        for gone in node.values:
            edge = text.text(gone)
            if edge in ("not before", "now != before", "not was", "self.fresh", "asked != self._mode_asked"):
                yield Mutant("debounce", (text.put(node, _without(node, gone, text)),))
    for node in text.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        started = {"self.parked_ns = 0", "self.creep_ns = 0", "self.settled_scans = 0", "self.elapsed_ns = 0"}
        if text.text(node) in started:
            yield Mutant("debounce", (text.put(node, "pass"),))
    for node in text.of(ast.Constant):
        assert isinstance(node, ast.Constant)
        if node.value in (200_000_000, 0.2) and not isinstance(node.value, bool):
            for factor in (0, 5, 50):
                yield Mutant("debounce", (text.put(node, f"{node.value * factor}"),))
