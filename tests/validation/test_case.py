"""What is validated on: what a person types becomes cases with names of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import InputError
from twin.shipped import scenario_paths
from twin.validation.case import find_cases


def _touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


def test_files_folders_and_patterns(tmp_path: Path) -> None:
    _touch(tmp_path / "a.csv", tmp_path / "a.map.yaml", tmp_path / "more" / "b.mcap", tmp_path / "more" / ".hidden")
    names = ["a", "b"]
    assert [case.name for case in find_cases([str(tmp_path)])] == names
    assert [case.name for case in find_cases([str(tmp_path / "a.csv"), str(tmp_path / "more")])] == names
    assert [case.name for case in find_cases([str(tmp_path / "**" / "*.mcap")])] == ["b"]
    assert find_cases([str(tmp_path / "a.csv")])[0].map_path == tmp_path / "a.map.yaml"


def test_a_folder_with_its_map_is_one_log(tmp_path: Path) -> None:
    _touch(tmp_path / "day" / "axes.csv", tmp_path / "day" / "bits.csv", tmp_path / "day.map.yaml")
    assert [case.source for case in find_cases([str(tmp_path / "day")])] == [tmp_path / "day"]
    assert [case.source for case in find_cases([str(tmp_path)])] == [tmp_path / "day"]


def test_a_file_is_one_case_however_often_it_is_named(tmp_path: Path) -> None:
    _touch(tmp_path / "a.csv")
    assert len(find_cases([str(tmp_path / "a.csv"), str(tmp_path), str(tmp_path / "*.csv")])) == 1


def test_names_tell_cases_apart(tmp_path: Path) -> None:
    _touch(tmp_path / "mon" / "a.csv", tmp_path / "tue" / "a.csv", tmp_path / "tue" / "b.csv")
    assert [case.name for case in find_cases([str(tmp_path)])] == ["mon/a", "tue/a", "b"]


def test_all_scenarios() -> None:
    cases = find_cases(scenarios=["all", "nominal_swap"])
    assert [case.name for case in cases] == sorted(scenario_paths())


@pytest.mark.parametrize(
    ("logs", "scenarios"), [((), ()), (("nowhere.csv",), ()), (("nowhere/*.csv",), ()), ((), ("nominal_swop",))]
)
def test_nothing_there_is_said(logs: tuple[str, ...], scenarios: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        find_cases(logs, scenarios)
