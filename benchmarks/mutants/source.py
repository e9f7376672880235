"""The controller's sources as syntax trees whose nodes know where they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import twin.control
from benchmarks.mutants.mutant import Change

_ROOT = Path(twin.control.__file__).parent
#: What every mutant has of its own: all but the seam itself, and settings, which are changed by their values.
MODULES = tuple(
    sorted(path.stem for path in _ROOT.glob("*.py") if path.stem not in ("__init__", "controller", "settings"))
)


class Source:
    """One module of ``twin/control``."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.data = (_ROOT / f"{module}.py").read_bytes()
        self.tree = ast.parse(self.data)
        self._lines = [0]
        for line in self.data.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._parent = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def span(self, node: ast.AST) -> tuple[int, int]:
        """First byte of a node, and the byte after its last."""
        start = self._lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self._lines[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return start, end

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.data[start:end].decode()

    def put(self, node: ast.AST, new: str) -> Change:
        """The change that puts a text in a node's place."""
        start, end = self.span(node)
        return Change(self.module, node.lineno, start, end, self.text(node), new)  # type: ignore[attr-defined]

    def swap(self, one: ast.AST, other: ast.AST) -> tuple[Change, Change]:
        """The changes that exchange two nodes."""
        return self.put(one, self.text(other)), self.put(other, self.text(one))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that hold a node, inmost first."""
        while node in self._parent:
            node = self._parent[node]
            yield node

    def inside(self, node: ast.AST) -> str:
        """Name of the function that a node stands in; empty: none."""
        return next((up.name for up in self.above(node) if isinstance(up, ast.FunctionDef)), "")

    def of(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of some kinds that do something in a scan, from top to bottom."""
        for node in ast.walk(self.tree):
            if isinstance(node, kinds) and self.inside(node) not in _NOT_SCANNED and not self._is_annotation(node):
                yield node

    def _is_annotation(self, node: ast.AST) -> bool:
        return any(isinstance(up, ast.arg) or (isinstance(up, ast.AnnAssign) and node is not up and
                   not (up.value is not None and _within(node, up.value))) for up in self.above(node))  # fmt: skip


#: Building, checkpoints and what is told to people who read code: no scan comes past them.
_NOT_SCANNED = frozenset({"state", "restore", "signals", "transitions", "station_signals", "steps", "_method", "bind"})


def _within(node: ast.AST, other: ast.AST) -> bool:
    return any(node is inner for inner in ast.walk(other))


@cache
def source(module: str) -> Source:
    """A module, read once."""
    return Source(module)


def changed(module: str, changes: tuple[Change, ...]) -> bytes:
    """A module's text with changes made."""
    data = source(module).data
    for change in sorted(changes, key=lambda change: -change.start):
        data = data[: change.start] + change.new.encode() + data[change.end :]
    return data
