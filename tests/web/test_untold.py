"""While a lesson goes on that is to be found out, the server tells no page what is really so and what will go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.web.test_server import Client, run
from twin.playback import unpack
from twin.shipped import shipped
from twin.teaching.told import is_kept_back
from web.app import ViewerServer
from web.live import LiveRun

TRUE, MEASURED = "pack1.battery.gt_soc_frac", "station.unit.seq_state"
SPAN = ("r0", 0, 8e9)


class Lesson:
    """One that goes on until it is ended."""

    def __init__(self, record: Path) -> None:
        self.going = True
        self.live = LiveRun(
            record, request=lambda _: Future(), pace=lambda _: None, running=lambda: self.going,
            hides=lambda: self.going, keeps=lambda event: self.going and event["kind"] == "fault",
        )  # fmt: skip


def test_a_page_is_not_told_the_truth_until_the_lesson_has_ended(start_viewer: Callable[..., ViewerServer]) -> None:
    lesson = Lesson(shipped("assets", "recordings", "nominal_swap.mcap"))
    viewer = start_viewer([], live=lesson.live)

    async def signals(client: Client) -> set[str]:
        chunk = (await client.call("swaptwin.signals", *SPAN, 100, [TRUE, MEASURED]))["result"]
        return {entry["name"] for entry in unpack(chunk)[0]["signals"]}

    async def main() -> None:
        whole: list[tuple[Any, ...]] = [
            ("page", *SPAN), ("search", "r0", f"{TRUE} > 0.5"), ("search", "r0", f"{MEASURED} == Held"), ("why", "r0"),
            ("compare", "r0", "r0"), ("branch", "r0", 1e9, {}),
        ]  # fmt: skip
        async with Client(viewer) as client:
            manifest = (await client.call("swaptwin.open", "r0"))["result"]
            assert manifest["withheld"] and "seed" not in manifest["metadata"]
            assert ".gt_" not in json.dumps(manifest) and MEASURED in json.dumps(manifest)
            assert await signals(client) == {MEASURED}
            for name, *asked in whole:
                assert await client.refusal(f"swaptwin.{name}", *asked), name
            lesson.going = False
            manifest = (await client.call("swaptwin.open", "r0"))["result"]
            assert not manifest["withheld"] and manifest["metadata"]["seed"] and TRUE in json.dumps(manifest)
            assert await signals(client) == {TRUE, MEASURED}
            assert not await client.refusal("swaptwin.search", "r0", f"{TRUE} > 0.5")

    run(main())


def test_of_what_goes_wrong_the_instant_alone_is_told(start_viewer: Callable[..., ViewerServer], record: Path) -> None:
    lesson = Lesson(record)
    viewer = start_viewer([], live=lesson.live)

    async def main() -> None:
        async with Client(viewer) as client:
            for known, told in ((0, "untold"), (5, "untold")):
                events = (await client.call("swaptwin.tail", "r0", known))["result"]["events"]
                assert [event["kind"] for event in events if event["t_ns"] == 3_000_000_000] == [told]
                assert "seat_debris" not in json.dumps(events)
            lesson.going = False
            assert "seat_debris" in json.dumps((await client.call("swaptwin.tail", "r0", 0))["result"]["events"])

    run(main())


FAULT = {"fault": {"name": "lock_stuck", "target": "bracket2.lock3"}}


@pytest.mark.parametrize(
    ("kind", "data", "kept", "kept_in_guided_mode"),
    [
        ("fault", {"id": "event1", **FAULT}, True, False),
        ("fault", {"id": "", **FAULT}, True, False),
        ("fault", {"id": "", "edge": "end", **FAULT}, True, False),
        ("event", {"id": "power", "mains_off": {}}, True, False),
        ("event", {"id": "somebody", "press_estop": {}}, True, False),
        ("event", {"id": "", "press_estop": {}}, False, False),
        ("fault", {"id": "", "clear": {"name": "lock_stuck", "target": "bracket2.lock3"}}, False, False),
        ("lesson", {"id": "", "remark": {"what": "message", "by": "Chen Jie", "text": "Look"}}, False, False),
        ("lesson", {"id": "", "remark": {"what": "observed", "by": "Chen Jie", "text": "Slow"}}, True, True),
        ("lesson", {"id": "", "take_hint": {"step": "confirmed"}}, False, False),
        ("alarm", {"edge": "raised", "class": "B"}, False, False),
    ],
)
def test_what_the_two_at_the_station_did_is_told_and_what_was_done_to_them_is_not(
    kind: str, data: dict[str, Any], kept: bool, kept_in_guided_mode: bool
) -> None:
    event = {"kind": kind, "data": data}
    assert is_kept_back(event, to_be_found_out=True) == kept
    assert is_kept_back(event, to_be_found_out=False) == kept_in_guided_mode
