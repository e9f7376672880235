"""A class in the browser: the instructor's page, and a trainee at his station with a guardian and an instructor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Running
from tests.web.page import Open
from twin.classroom import Classroom, enrol, load_roster
from twin.classroom.card import way_in
from twin.lesson import Person, load_lesson
from twin.viewing import teaching_of
from web.classroom import ClassServer


@contextmanager
def serving(room: Classroom) -> Iterator[ClassServer]:
    """A class's server as long as the block lasts."""
    server = ClassServer(room, teaching=teaching_of)
    running = Running(server)
    try:
        yield server
    finally:
        running.stop()


def signed_in(open_page: Open, server: ClassServer, number: str, code: str, **options: Any) -> Any:
    """The page of somebody who signs in."""
    page = open_page(f"http://127.0.0.1:{server.port}/", ready=False, **options)
    page.get_by_label("Staff number").fill(number)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    return page


@pytest.mark.sim
@pytest.mark.slow
def test_what_is_typed_stays_until_it_is_sent(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pybullet")
    monkeypatch.setattr("twin.teaching.teacher.AWAY_S", float("inf"))  # nobody sits at the trainee's page
    path = tmp_path / "class.yaml"
    code = enrol(path, "9", "Chen Jie", "instructor")
    enrol(path, "1", "Li Wei")
    with (
        Classroom(load_roster(path), tmp_path / "kept", lessons={"first_swap": load_lesson("first_swap")}) as room,
        serving(room) as server,
    ):
        seat = room.begin("1", "first_swap", "guided")
        page = signed_in(open_page, server, "9", code)
        seat.now.pace(1.0)
        page.get_by_role("button", name="…").click()
        page.get_by_placeholder("Text").fill("Look")
        page.locator("select").select_option("encoder_drift")
        page.locator("h1").click()
        time = page.locator("td").nth(3)
        before = time.inner_text()
        page.wait_for_function("(it) => document.querySelectorAll('td')[3].innerText !== it", arg=before)
        assert page.get_by_placeholder("Text").input_value() == "Look", "drawn anew, and nothing is lost"
        assert "encoder_drift" in page.locator("textarea").input_value()
        page.get_by_role("button", name="Send to the trainee").click()
        page.wait_for_function("document.querySelector('input').value === ''")
        assert [word.text for word in seat.words] == ["Look"]
        page.close()  # it asks as long as it is there


def test_a_card_lets_its_owner_in_whoever_sat_there_before(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    codes = {number: enrol(path, number, name) for number, name in (("1", "Li Wei"), ("2", "Wang Fang"))}
    with (
        Classroom(load_roster(path), tmp_path / "kept", lessons={"first_swap": load_lesson("first_swap")}) as room,
        serving(room) as server,
    ):
        page = open_page(way_in(f"http://127.0.0.1:{server.port}/", "1", codes["1"]), ready=False)
        for number, name in (("1", "Li Wei"), ("2", "Wang Fang")):
            page.goto(way_in(server.address, number, codes[number]))
            assert page.get_by_label("Staff number").input_value() == number
            assert page.evaluate("location.href") == server.address, "the code is gone from the address"
            page.get_by_role("button", name="Sign in").press("Enter")
            page.wait_for_function("(name) => document.body.innerText.includes(name)", arg=f"class · {name}")
            assert page.evaluate("location.pathname") == "/desk"
        page.close()


def test_a_page_whose_class_is_gone_says_that_what_it_shows_is_old(open_page: Open, tmp_path: Path) -> None:
    code = enrol(tmp_path / "class.yaml", "9", "Chen Jie", "instructor")
    with Classroom(load_roster(tmp_path / "class.yaml"), tmp_path / "kept", lessons={}) as room:
        with serving(room) as server:
            page = signed_in(open_page, server, "9", code, outlives_server=True)
            page.wait_for_selector("table")
            assert page.get_by_text("The class does not answer").count() == 0
        page.get_by_text("The class does not answer").wait_for(timeout=20_000)
        page.close()


@pytest.mark.sim
@pytest.mark.slow
def test_a_trainee_hears_his_instructor_and_has_a_guardian(open_page: Open, tmp_path: Path) -> None:
    """The operator's is a real browser; the guardian's page asks what it may."""
    pytest.importorskip("pybullet")
    path, chen = tmp_path / "class.yaml", Person(number="9", name="Chen Jie")
    enrol(path, "9", "Chen Jie", "instructor")
    code = enrol(path, "1", "Li Wei")
    enrol(path, "2", "Wang Fang")
    lessons = {"call_and_confirm": load_lesson("call_and_confirm")}
    with Classroom(load_roster(path), tmp_path / "kept", lessons=lessons) as room, serving(room) as server:
        page = signed_in(open_page, server, "1", code)
        page.get_by_label("Guardian").select_option("2")
        page.get_by_role("button", name="guided").click()
        page.wait_for_selector(".lesson-freeze", timeout=90_000)
        page.locator(".lesson-freeze").click()
        assert "Wang Fang" in page.locator(".lesson-role").inner_text()
        seat = room.seats["1"]
        seat.say("Look at the gate", chen)
        seat.freeze(chen)
        page.locator(".messages").get_by_text("Look at the gate").wait_for(timeout=20_000)
        page.locator(".messages").get_by_text("Frozen by the instructor").wait_for(timeout=20_000)
        assert page.locator(".lesson-freeze").count() == 0, "he cannot go on by himself"
        seat.resume(chen)
        page.wait_for_selector(".messages-held", state="detached", timeout=20_000)
        page.locator(".messages-close").click()
        assert page.locator(".messages-word").count() == 0
        page.locator(".bar-button").filter(has_text="Operator").click()
        page.locator("#operator-tab-lockout").click()
        own = page.get_by_role("group", name="My lock").get_by_role("button")
        assert own.all_inner_texts() == ["Operator · Li Wei", "Technician · Li Wei"]
        answer = page.locator('[data-signal="operator.crew.op_confirmed"]')
        assert answer.is_disabled(), "the guardian's word is not his"
        page.locator('[data-signal="operator.crew.op_called"]').click()
        page.wait_for_selector('[data-step="called"].done', timeout=60_000)
        guardian = teaching_of(seat, "guardian").attempts()[-1]
        guardian.request({"operator.crew.op_confirmed": True}).result(20)
        page.wait_for_selector('[data-step="answered"].done', timeout=60_000)
        page.close()
