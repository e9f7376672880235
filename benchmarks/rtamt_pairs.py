"""Random formulas in our language and in RTAMT's, with random traces: what both can say, they say alike.

RTAMT reads a trace sample by sample, ours as values that stand until the next. On a trace that is sampled evenly, with
bounds that are whole samples, the two agree at each sample. An ``until`` whose bound does not begin at 0 is no constant
between two samples, so it is drawn outermost only; so are edges, which last no time.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.formula import Evaluation, parse, reach
from twin.signals import Signal

MS = 1_000_000
#: Values of the two numbers differ, and differ from all limits: no robustness is 0, whose sign says nothing.
NUMBERS = {"x": "area.one.pv_x", "y": "area.two.pv_x"}
TRUTHS = {"p": "area.one.st_on", "q": "area.two.st_on"}
SIGNALS = {
    name: Signal(name, "bool" if ".st_" in name else "real") for name in (*NUMBERS.values(), *TRUTHS.values())
}  # fmt: skip
_MOST_MS = 12


@dataclass(frozen=True)
class Pair:
    """A formula in both languages and a trace: values by RTAMT's short names, one a millisecond."""

    ours: str
    theirs: str
    trace: Mapping[str, list[float]]

    @property
    def count(self) -> int:
        return len(self.trace["x"])


class Trace:
    """A pair's trace as our formulas read it."""

    signals = SIGNALS

    def __init__(self, pair: Pair) -> None:
        self._t_ns = np.arange(pair.count, dtype=np.int64) * MS
        self.end_ns = pair.count * MS
        self._values = {name: np.array(pair.trace[short]) for short, name in {**NUMBERS, **TRUTHS}.items()}

    def load(self, names: Iterable[str]) -> None:
        """Everything is at hand."""

    def series(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        return self._t_ns, self._values[name]

    def period_ns(self, signal: Signal) -> int:
        return MS

    def events(self, text: str) -> npt.NDArray[np.int64]:
        return np.empty(0, dtype=np.int64)


def draw(seed: int) -> Pair:
    """The pair of a seed."""
    at = random.Random(seed)
    ours, theirs = _outer(at)
    count = at.randint(5 * _MOST_MS, 8 * _MOST_MS)
    # Values that stay for a while, so that what lasts comes to be true.
    trace = {
        "x": _steps(at, count, [0.0, 1.0, 2.0, 3.0]), "y": _steps(at, count, [0.3, 1.3, 2.3, 3.3]),
        "p": _steps(at, count, [0.0, 1.0]), "q": _steps(at, count, [0.0, 1.0]),
    }  # fmt: skip
    return Pair(ours, theirs, trace)


def _steps(at: random.Random, count: int, values: list[float]) -> list[float]:
    found: list[float] = []
    while len(found) < count:
        found += [at.choice(values)] * at.choice([1, 1, 2, 3, 5, 9, 20])
    return found[:count]


def _outer(at: random.Random) -> tuple[str, str]:
    """An until with a bound that begins later, a rule upon an edge, or any other formula."""
    kind = at.random()
    (a, ra), (b, rb) = _formula(at, 2), _formula(at, 2)
    first, last = _span(at)
    if kind < 0.15:
        return f"({a}) until ({b}) by {first} ms to {last} ms", f"(({ra}) until[{first}ms:{last}ms] ({rb}))"
    if kind < 0.35:
        edge, theirs = at.choice([("rises", "rise"), ("falls", "fall")])
        return f"{edge}({a}) implies ({b})", f"({theirs}({ra})) implies ({rb})"
    return _formula(at, 4)


def _formula(at: random.Random, depth: int) -> tuple[str, str]:
    if depth == 0 or at.random() < 0.15:
        return _predicate(at)
    a, ra = _formula(at, depth - 1)
    kind = at.choice(["and", "or", "implies", "not", "within", "throughout", "for", "within last", "until"])
    if kind == "not":
        return f"not ({a})", f"not({ra})"
    first, last = _span(at)
    if kind in ("within", "throughout"):
        theirs = "eventually" if kind == "within" else "always"
        return f"(({a}) {kind} {first} ms to {last} ms)", f"({theirs}[{first}ms:{last}ms]({ra}))"
    if kind in ("for", "within last"):
        theirs = "historically" if kind == "for" else "once"
        return f"(({a}) {kind} {last} ms)", f"({theirs}[0ms:{last}ms]({ra}))"
    b, rb = _formula(at, depth - 1)
    if kind == "until":
        return f"(({a}) until ({b}) by {last} ms)", f"(({ra}) until[0ms:{last}ms] ({rb}))"
    return f"(({a}) {kind} ({b}))", f"(({ra}) {kind} ({rb}))"


def _span(at: random.Random) -> tuple[int, int]:
    first, last = sorted((at.randint(0, _MOST_MS), at.randint(0, _MOST_MS)))
    return first, last


def _predicate(at: random.Random) -> tuple[str, str]:
    if at.random() < 0.4:
        short = at.choice(list(TRUTHS))
        return TRUTHS[short], f"({short} > 0.5)"
    compare = at.choice(["<", "<=", ">", ">="])
    if at.random() < 0.2:
        return f"{NUMBERS['x']} {compare} {NUMBERS['y']}", f"(x {compare} y)"
    text = at.choice(["x", "y", "x + y", "x - y", "2 * x", "abs(x - y)", "x * y"])
    limit = at.choice([0.5, 1.5, 2.5])
    ours = re.sub(r"\b[xy]\b", lambda found: NUMBERS[found.group()], text)
    return f"{ours} {compare} {limit}", f"(({text}) {compare} {limit})"


def ours(pair: Pair) -> npt.NDArray[np.int8]:
    """1 where the formula is true, 0 where false, -1 where not known, at each sample."""
    return Evaluation(Trace(pair)).truth(parse(pair.ours)).at(np.arange(pair.count) * MS)


def theirs(pair: Pair) -> list[float]:
    """RTAMT's robustness at each sample; above 0 it holds.

    Raises:
        ImportError: RTAMT is not installed.
    """
    import rtamt

    spec = rtamt.StlDiscreteTimeSpecification()
    for name in pair.trace:
        spec.declare_var(name, "float")
    spec.unit = "ms"
    spec.set_sampling_period(1, "ms", 0.1)
    spec.spec = pair.theirs
    spec.parse()
    found = spec.evaluate({"time": list(range(pair.count)), **{k: list(v) for k, v in pair.trace.items()}})
    return [value for _, value in found]


def difference(pair: Pair) -> str:
    """Where the two disagree; nothing where they do not.

    They are asked where all that a formula looks at lies in the trace: there ours has to know. Beyond its ends RTAMT
    takes what is convenient for each operator, and ours does not know.
    """
    mine, robustness = ours(pair), theirs(pair)
    far = reach(parse(pair.ours))
    assert far.ahead_ns is not None
    for n in range(math.ceil(far.back_ns / MS), pair.count - math.ceil(far.ahead_ns / MS)):
        if mine[n] != (robustness[n] > 0):
            told = {1: "true", 0: "false", -1: "not known"}[int(mine[n])]
            return f"at {n} ms {pair.ours} is {told}, {pair.theirs} is {robustness[n]}"
    return ""
