"""Our monitor and RTAMT: what each says of random formulas and traces, and how fast each is on one rule.

``python -m benchmarks.rtamt [--count 10000] [--seed 0] [--samples 10000000]``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from benchmarks.rtamt_pairs import MS, SIGNALS, Pair, difference, draw, ours, theirs
from twin.document import parse_document
from twin.formula import Evaluation, Formula, parse
from twin.requirement import Monitor, RequirementSet

#: RTAMT is given so many samples, ours all of them.
_THEIR_SAMPLES = 100_000
_WHEN, _THEN = "rises(area.one.st_on)", "area.two.st_on within 8 ms"
_RULE = f"""
text: {{en: Response, zh: 响应}}
requirements:
  response: {{when: {_WHEN}, then: {_THEN}, severity: safety, text: {{en: It answers., zh: 响应。}}}}
"""


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=10_000, help="pairs of a formula and a trace")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--samples", type=int, default=10_000_000, help="of the rule that is timed")
    given = options.parse_args()
    wrong = _equality(given.count, given.seed)
    _speed(given.samples)
    return 1 if wrong else 0


def _equality(count: int, seed: int) -> int:
    wrong, mine_s, theirs_s = 0, 0.0, 0.0
    began = time.perf_counter()
    for n in range(count):
        pair = draw(seed + n)
        mine_s += _timed(lambda: ours(pair))  # noqa: B023 - called here
        theirs_s += _timed(lambda: theirs(pair))  # noqa: B023
        if found := difference(pair):
            wrong += 1
            print(f"seed {seed + n}: {found}")
        if n + 1 in (count // 100, count // 10):
            print(f"  {n + 1} pairs, about {(time.perf_counter() - began) / (n + 1) * count:.0f} s in all", flush=True)
    print(f"{count - wrong} of {count} pairs equal (seeds {seed} to {seed + count - 1})")
    print(f"their formulas read and evaluated: ours {mine_s:.1f} s, RTAMT {theirs_s:.1f} s, of processor time")
    return wrong


def _speed(samples: int) -> None:
    at = np.random.default_rng(1)
    p = (np.arange(samples) % 50 < 20).astype(float)
    q = np.roll(p, 3) * (at.random(samples) < 0.999)
    t_ns = np.arange(samples, dtype=np.int64) * MS
    rule = Formula("implies", (parse(_WHEN), parse(_THEN)))
    seconds = _timed(lambda: Evaluation(_Arrays(t_ns, p, q)).truth(rule))
    print(f"\n{_WHEN} implies {_THEN}:")
    print(f"  ours   {samples / seconds / 1e6:7.2f} M samples/s ({samples} samples, {seconds:.2f} s)")
    for rows in (100_000, 1000, 50, 1):
        some = min(samples, max(rows * 400, 20_000) if rows < 100_000 else samples)
        seconds = _timed(lambda: _stream(t_ns[:some], p[:some], q[:some], rows))  # noqa: B023
        print(f"  ours, {rows:6} samples at a time {some / seconds / 1e6:7.3f} M samples/s ({some} samples)")
    few = min(samples, _THEIR_SAMPLES)
    x, y = p[:few].tolist(), q[:few].tolist()
    trace = {"p": x, "q": y, "x": x, "y": y}
    pair = Pair("", "(rise(p > 0.5)) implies (eventually[0ms:8ms](q > 0.5))", trace)
    seconds = _timed(lambda: theirs(pair))
    print(f"  RTAMT  {few / seconds / 1e6:7.2f} M samples/s ({few} samples, {seconds:.2f} s)")


class _Arrays:
    signals = SIGNALS

    def __init__(self, t_ns: np.ndarray, p: np.ndarray, q: np.ndarray) -> None:
        self._t_ns, self.end_ns = t_ns, int(t_ns[-1]) + MS
        self._values = {"area.one.st_on": p, "area.two.st_on": q}

    def load(self, names: object) -> None:
        """Everything is at hand."""

    def series(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        return self._t_ns, self._values[name]

    def period_ns(self, signal: object) -> int:
        return MS

    def events(self, text: str) -> np.ndarray:
        return self._t_ns[:0]


def _stream(t_ns: np.ndarray, p: np.ndarray, q: np.ndarray, rows: int) -> None:
    names = ("area.one.st_on", "area.two.st_on")
    monitor = Monitor(parse_document(_RULE, RequirementSet), SIGNALS.values(), scan_ns=MS)
    values = np.column_stack([p, q])
    for first in range(0, len(t_ns), rows):
        of = slice(first, first + rows)
        monitor.feed(names, t_ns[of], values[of])
        monitor.advance(int(t_ns[of][-1]) + 1)
    monitor.finish(int(t_ns[-1]) + MS)


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    raise SystemExit(main())
