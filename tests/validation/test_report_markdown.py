"""The comment on a change: short, and whatever texts are in it, nothing but text comes out of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.validation.example import ROOT, example_result
from twin.formula.document import Sentence
from twin.validation.report.markdown import LARGEST_BYTES, code, escaped, markdown
from twin.validation.result import CaseResult, Trouble

READER = MarkdownIt("commonmark").enable("table")
NASTY = st.text(st.sampled_from("aB1 \\`*_{}[]<>()#+-!|~$&;:@/=^\n\t.\u4e2d\u200b"), max_size=40)


def _seen(text: str) -> tuple[str, set[str]]:
    """What a reader shows of a text in a table's cell, and the tags that came of it."""
    html = READER.render(f"| a | b |\n|---|---|\n| x{text}x | y |\n")
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 2, html
    tags = set(re.findall(r"<[^>]*>", cells[0]))
    shown = re.sub(r"<[^>]*>", "", cells[0])
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, letter)
    return shown, tags


def _plain(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


@given(NASTY)
def test_any_text_stands_as_it_is(text: str) -> None:
    shown, tags = _seen(escaped(text))
    assert tags == set()
    assert _plain(shown) == _plain(f"x{' '.join(text.split())}x")


@given(NASTY)
def test_any_name_stands_as_it_is_in_code(text: str) -> None:
    shown, tags = _seen(code(text))
    assert tags <= {"<code>", "</code>"}
    assert _plain(shown) == _plain(f"x{' '.join(text.split())}x")


@pytest.mark.parametrize("text", ["@somebody", "see http://a.example", "www.a.example", "GH-12"])
def test_nobody_is_called_and_nothing_linked(text: str) -> None:
    assert text not in escaped(text)
    assert _plain(escaped(text)) == text


def test_it_says_coverage_first_then_the_verdict_then_what_was_found() -> None:
    for language, words in (
        ("en", ["Never exercised", "Verdict: Objection", "The controller raised", "Li Wei", "swaptwin validate"]),
        ("zh", ["从未触发", "结论: 有异议", "控制器在", "Li Wei", "swaptwin validate"]),
    ):
        text = markdown(example_result(), language)  # type: ignore[arg-type]
        assert [text.index(word) for word in words] == sorted(text.index(word) for word in words)


def test_it_is_never_longer_than_a_comment_may_be() -> None:
    long: dict[str, Any] = {"approved": None, "text": Sentence(en="e" * 20_000, zh="中" * 20_000)}
    findings = tuple(ROOT.model_copy(update={**long, "key": f"open:{n}" * 200}) for n in range(500))
    case = CaseResult(name="day", kind="log", mode="open", status="judged", findings=findings)
    result = example_result().model_copy(
        update={"cases": (case,), "command": "swaptwin validate --logs " + "log.mcap " * 20_000,
                "troubles": tuple(Trouble(what="中" * 5000, text="e" * 5000) for _ in range(50))}
    )  # fmt: skip
    for language in ("en", "zh"):
        text = markdown(result, language)  # type: ignore[arg-type]
        assert len(text.encode()) <= LARGEST_BYTES
        assert "490" in text, "how many findings are not told"
