"""The Result is one file both ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.validation.example import example_result
from twin.document import Document
from twin.errors import InputError
from twin.finding import Finding
from twin.validation.result import CaseResult, Result, load_result


def test_a_result_is_its_json(tmp_path: Path) -> None:
    result = example_result()
    path = tmp_path / "result.json"
    path.write_text(result.to_json(), encoding="utf-8")
    assert load_result(path) == result
    assert load_result(path).to_json() == result.to_json()
    assert json.loads(result.to_json())["format"] == 1


def test_the_example_file_is_the_example() -> None:
    path = Path(__file__).with_name("example_result.json")
    assert load_result(path) == example_result()


@pytest.mark.parametrize("part", [Result, CaseResult, Finding])
def test_every_field_is_explained(part: type[Document]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "validate.md").read_text("utf-8")
    explained = page[page.index("## The JSON file") : page.index("## Many cases")]
    assert [name for name in part.model_fields if f"`{name}`" not in explained] == []


def test_findings_come_with_what_counts_first() -> None:
    kinds = [(one.kind, one.counts) for one in example_result().findings]
    assert kinds == [
        ("verdict", True),
        ("violation", True),
        ("worse", True),
        ("difference", True),
        ("violation", False),
        ("difference", False),
    ]


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no JSON"])
def test_another_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="the JSON of a validation"):
        load_result(path)
