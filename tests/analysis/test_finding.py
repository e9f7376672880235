"""Kinds of findings and their words."""

from __future__ import annotations

from typing import get_args

from twin.analysis.finding import Finding, Kind, finding_words, worst_first


def test_every_kind_has_a_name_and_a_sentence_in_both_languages() -> None:
    words = finding_words()
    assert set(words) == set(get_args(Kind))
    for kind in words.values():
        assert kind["means"][0].endswith(".") and kind["means"][1].endswith("。")
        assert len(kind["name"]) == 2 and all(kind["name"])


def test_the_worst_kind_comes_first_and_of_a_kind_the_largest() -> None:
    found = [Finding("duplicate", "a", 9), Finding("gap", "b", 9, worst=1.0), Finding("gap", "c", 1, worst=60.0)]
    assert [finding.subject for finding in worst_first(found)] == ["c", "b", "a"]
