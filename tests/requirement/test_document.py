"""Files of requirements: what is wrong is named, with its file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import InputError
from twin.formula import parse
from twin.formula.constant import constant
from twin.record import Record
from twin.requirement import load_all_requirements, load_requirements
from twin.shipped import shipped

SIGNALS = ["bay.clamp.st_closed", "shuttle.lift.pv_force_n", "rack.slot1.st_latched"]


def written(folder: Path, when: str, then: str = "bay.clamp.st_closed", *, name: str = "rule", more: str = "") -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.yaml"
    path.write_text(
        f'text: {{en: Some, zh: 若干}}\n{more}requirements:\n  {name}:\n    when: "{when}"\n    then: "{then}"\n'
        "    severity: safety\n    text: {en: e, zh: z}\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("when", "then", "key", "says"),
    [
        ("bay.clamp.st_closd", "true", "then", "can be broken"),
        ("bay.clamp.st_closd", "bay.clamp.st_closed", "when", "did you mean bay.clamp.st_closed"),
        ("bay.clamp.st_closed", "any(rack.slt*.st_latched)", "then", "signals of the station"),
        ("bay.clamp.st_closed within 5 s to 2 s", "false", "when", "end is not before its start"),
        ("bay.clamp.st_closed for -2 s", "false", "when", "another word"),
        ("shuttle.lift.pv_force_n between 5 kN and 2 kN", "false", "when", "which never holds"),
        ("shuttle.lift.pv_force_n > 5 kN and 2 kN > shuttle.lift.pv_force_n", "false", "when", "never holds"),
        ("shuttle.lift.pv_force_n > -2 kN and shuttle.lift.pv_force_n < -5 kN", "false", "when", "never holds"),
        ("bay.clamp.st_closed and 1 > 2", "false", "when", "never holds"),
        ("bay.clamp.st_closed", "bay.clamp.st_closed implies not (1 > 2)", "then", "always true"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(tmp_path: Path, when: str, then: str, key: str, says: str) -> None:
    path = written(tmp_path, when, then)
    with pytest.raises(InputError, match=says) as refused:
        load_requirements(path, SIGNALS)
    assert refused.value.key == f"requirements.rule.{key}"
    assert (refused.value.file, refused.value.line) == (path, 4 if key == "when" else 5)


def test_a_signal_that_a_station_may_lack_is_declared(tmp_path: Path) -> None:
    more = "optional: [rack.slot*.st_smoke]\n"
    load_requirements(written(tmp_path, "rack.slot*.st_smoke", more=more), SIGNALS)
    load_requirements(written(tmp_path, "any(rack.slot*.st_latched)"), SIGNALS)
    with pytest.raises(InputError, match=r"rack.slot1.st_smok\b"):
        load_requirements(written(tmp_path, "rack.slot1.st_smok", more=more), SIGNALS)


def test_a_sentence_is_there_in_each_language(tmp_path: Path) -> None:
    path = written(tmp_path, "bay.clamp.st_closed", "false")
    path.write_text(path.read_text("utf-8").replace("zh: z}", "zh: ''}"), encoding="utf-8")
    with pytest.raises(InputError, match=r"requirements.rule.text.zh: expected a sentence in each language"):
        load_requirements(path)


def test_a_requirement_is_in_one_file_only(tmp_path: Path) -> None:
    one, two = written(tmp_path, "bay.clamp.st_closed"), written(tmp_path, "bay.clamp.st_closed", name="other")
    assert [list(of.requirements) for of in load_all_requirements([one, two])] == [["rule"], ["other"]]
    three = written(tmp_path, "not bay.clamp.st_closed")
    with pytest.raises(InputError, match=rf"each requirement once, got one of {one} too \({three}:3\)"):
        load_all_requirements([one, two, three])


def test_the_shipped_files_name_signals_of_the_station_only() -> None:
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    assert load_all_requirements(sorted(shipped("assets", "requirements").glob("*.yaml")), record.signals.names)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.b.pv_x > 1 and a.b.pv_x < 2", None), ("a.b.pv_x >= 2 and a.b.pv_x <= 2", None),
        ("a.b.pv_x > 2 and a.b.pv_x <= 2", False), ("a.b.pv_x == 1 and a.b.pv_x == 2", False),
        ("a.b.pv_x > 2 and a.c.pv_x < 1", None), ("a.b.pv_x > 2 mm and a.b.pv_x < 1 m", None),
        ("a.b.pv_x between 1 and 3 and a.b.pv_x > 2", None), ("a.b.pv_x between 1 and -3", False),
        ("a.b.st_x or true", True),
        ("a.b.st_x or not true", None), ("false implies a.b.st_x", True), ("rises(true)", False),
        ("a.b.st_x until false", False), ("false until a.b.st_x", None), ("any(a.*.st_x)", None),
    ],
)  # fmt: skip
def test_what_no_signal_can_change(text: str, told: bool | None) -> None:
    assert constant(parse(text)) is told
