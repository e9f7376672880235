"""What RTAMT, which others wrote, says of the same formulas and traces; more by ``python -m benchmarks.rtamt``."""

from __future__ import annotations

import pytest

from benchmarks.rtamt_pairs import MS, difference, draw, ours
from twin.formula import parse, reach

SEEDS = 200


def test_pairs_are_worth_comparing() -> None:
    """Formulas of every kind, true somewhere and false somewhere, looked at well within their traces."""
    texts, both = "", 0
    for seed in range(SEEDS):
        pair = draw(seed)
        far = reach(parse(pair.ours))
        assert far.ahead_ns is not None
        told = ours(pair)[far.back_ns // MS + 1 : max(pair.count - far.ahead_ns // MS, 0)]
        assert (told >= 0).all()
        both += {0, 1} <= set(told.tolist())
        texts += pair.ours
    words = ("within", "throughout", "for", "last", "until", "rises", "falls", "not", "and", "or", "implies", "abs")
    assert all(word in texts for word in words)
    assert both > SEEDS / 4


@pytest.mark.slow
def test_rtamt_says_the_same() -> None:
    pytest.importorskip("rtamt")
    assert [found for seed in range(SEEDS) if (found := difference(draw(seed)))] == []
