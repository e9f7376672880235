"""Cards to hand out: what a card's QR code says, and that a card that cannot be made costs nobody his code."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from twin.classroom import load_roster
from twin.classroom.card import way_in
from twin.classroom.qr import check_qr, qr_svg
from twin.classroom.report import check_spreadsheet
from twin.cli import app
from twin.errors import MissingExtraError

RUN = CliRunner()


def test_a_card_has_the_code_and_the_way_in(tmp_path: Path) -> None:
    pytest.importorskip("segno")
    roster, card = tmp_path / "spring.yaml", tmp_path / "card.html"
    command = ["train", "enrol", str(roster), "1001", "李 & <Wei>", "--card", str(card), "--address"]
    told = RUN.invoke(app, [*command, "https://192.168.1.20:8470"])
    assert told.exit_code == 0, told.output
    code = re.search(r": (\w{10})$", told.stdout, re.MULTILINE)
    assert code is not None and load_roster(roster).lets_in("1001", code[1])
    page = card.read_text(encoding="utf-8")
    assert f">{code[1]}<" in page and "李 &amp; &lt;Wei&gt;" in page and "https://192.168.1.20:8470/" in page
    assert qr_svg(f"https://192.168.1.20:8470/card#number=1001&code={code[1]}") in page
    assert card.stat().st_mode & 0o077 == 0


def test_the_code_is_in_the_part_of_the_address_that_no_server_sees() -> None:
    before, after = way_in("https://x/", "A-17", "abc").split("#")
    assert before == "https://x/card" and after == "number=A-17&code=abc"


@pytest.mark.parametrize("address", [[], ["--address", "192.168.1.20"], ["--address", "https://x/y"]])
def test_without_an_address_nobody_gets_a_new_code(tmp_path: Path, address: list[str]) -> None:
    roster = tmp_path / "spring.yaml"
    command = ["train", "enrol", str(roster), "1001", "Li Wei", "--card", str(tmp_path / "card.html"), *address]
    assert RUN.invoke(app, command).exit_code == 2
    assert not roster.exists() and not (tmp_path / "card.html").exists()


@pytest.mark.parametrize(("library", "check"), [("segno", check_qr), ("xlsxwriter", check_spreadsheet)])
def test_what_is_not_installed_is_told_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, library: str, check: Callable[[], Any]
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'swaptwin\[train\]'"):
        check()
