"""`swaptwin controller`: stubs and the check, as typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli import app


def swaptwin(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["controller", *words])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(("lang", "line"), [("c", "} swaptwin_outputs;"), ("python", "class Outputs:")])
def test_a_stub_goes_to_a_file_or_to_standard_output(tmp_path: Path, lang: str, line: str) -> None:
    code, text, _ = swaptwin("stub", "--lang", lang)
    assert code == 0
    assert line in text.splitlines()
    assert "shuttle" in text and "[m] encoder position" in text
    out = tmp_path / "stub"
    assert swaptwin("stub", "--lang", lang, "--out", str(out)) == (0, "", "")
    assert out.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["stub", "--lang", "c", "--station", "nowhere"], "nowhere"),
        (["stub", "--lang", "c", "--out", "no/such/folder.h"], "--out: expected a file in a folder that exists"),
        (["stub", "--lang", "cobol"], "cobol"),
        (["check", "opcua:opc.tcp://x"], "one of the schemes process:"),
        (["check", "twin.control:StationController", "--set", "controller.x=1"], "controller.x: expected one of"),
    ],
)
def test_bad_input(words: list[str], told: str) -> None:
    code, text, error = swaptwin(*words)
    assert (code, text) == (2, "")
    assert told in error


def test_a_controller_is_checked() -> None:
    code, text, _ = swaptwin("check", "twin.control:StationController")
    assert code == 0
    assert "it gives its memory, and goes on from it in the same way" in text
    code, text, _ = swaptwin("check", "tests.program.harmful:Raises")
    assert code == 1
    assert "wrong: the controller tests.program.harmful:Raises raised ZeroDivisionError: my mistake" in text
