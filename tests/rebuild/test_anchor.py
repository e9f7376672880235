"""What happened is put as an answer to what came before it: played by the twin's script it comes at the same scan."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from twin import assets
from twin import event as events
from twin.control import INPUT_KINDS, OUTPUT_KINDS
from twin.formula.document import Sentence
from twin.layout import io_list
from twin.rebuild.anchor import Anchors
from twin.rebuild.happening import Happening
from twin.rebuild.logged import before_what_followed
from twin.scenario import Pack, Scenario, Truck
from twin.script import Script
from twin.signals import Image

SCAN_NS = 20_000_000
NS = 1_000_000_000
PHASES = ("take", "unlock", "lower", "deliver")
#: As a PackML unit goes round: what may follow each.
NEXT = {"Execute": "Holding", "Holding": "Held", "Held": "Unholding", "Unholding": "Execute"}
TABLE = io_list(
    Scenario(text={"en": "x"}, truck=Truck(packs={"p2": Pack(serial="QJ75-0101")})), assets.load_station("chassis_swap")
)
LABELS = {label: value for value, label in TABLE["station.unit.seq_state"].labels.items()}


class _World:
    """What a script that only sets the panel's signals asks of a world: nothing."""

    safety: Any = None

    def __getattr__(self, name: str) -> Any:
        return type("Safety", (), {"press": 0, "release": 0, "fail_mains": 0, "return_mains": 0})()


@settings(max_examples=80)
@given(
    phases=st.lists(st.tuples(st.integers(1, 30), st.sampled_from(PHASES)), max_size=6),
    rests=st.lists(st.integers(1, 25), max_size=12),
    asked=st.lists(st.integers(0, 150), min_size=1, max_size=6),
)
def test_it_comes_at_the_scan_at_which_it_came(
    phases: list[tuple[int, str]], rests: list[int], asked: list[int]
) -> None:
    starts, at = [], 0
    for after, name in phases:
        if not starts or starts[-1][1] != name:
            at += after
            starts.append((at, name))
    states, at, label = [(0, "Execute")], 0, "Execute"
    for rest in rests:
        # Acting states last a scan, the others as long as they like.
        at += rest if label in ("Execute", "Held") else 1
        label = NEXT[label]
        states.append((at, label))
    asked = sorted(asked)
    anchors = Anchors(
        [(t * SCAN_NS, name) for t, name in starts], [(t * SCAN_NS, name) for t, name in states], lag_ns=SCAN_NS
    )
    script = []
    for n, scan in enumerate(asked):
        answer = anchors.answer(scan * SCAN_NS)
        script.append(events.ScenarioEvent(id=f"e{n}", at=answer.at, do=events.OperatorAction(set={"op_hold": True})))
        anchors.before = (f"e{n}", scan * SCAN_NS)
    assert _played(script, starts, states) == {f"e{n}": scan for n, scan in enumerate(asked)}


def _played(
    script: list[events.ScenarioEvent], starts: list[tuple[int, str]], states: list[tuple[int, str]]
) -> dict[str, int]:
    """The scan at which each event fires when phases and states come as given."""
    scenario = Scenario(text={"en": "x"}, truck=Truck(packs={"p2": Pack(serial="QJ75-0101")}), events=script)
    images = Image(TABLE.select(*INPUT_KINDS)), Image(TABLE.select(*OUTPUT_KINDS))
    fired: dict[str, int] = {}
    now = 0
    played = Script(scenario, _World(), images, lambda event: fired.setdefault(event.data["id"], now))  # type: ignore[arg-type]
    phase = before = "none"
    for scan in range(151):
        now = scan
        played.play(scan * SCAN_NS, phase, before)
        # The controller's turn: what it says in this scan is looked at in the next.
        before = phase
        for at, name in starts:
            if at == scan:
                phase = name
        for at, label in states:
            if at == scan:
                images[1].set("station.unit.seq_state", LABELS[label])
    return fired


def test_what_stopped_the_station_comes_before_its_stop_though_the_log_shows_it_after() -> None:
    def at(t_ns: int, action: events.Action) -> Happening:
        return Happening(t_ns, action, "what", "logged", Sentence(en="x", zh="x"))

    states = [(0, "Execute"), (10 * NS, "Aborted"), (40 * NS, "Stopped")]
    pressed, late = at(10 * NS + NS // 2, events.PressEstop()), at(15 * NS, events.MainsOff())
    asked = at(10 * NS + NS // 4, events.OperatorAction(set={"op_reset": True}))
    found = before_what_followed([asked, pressed, late], states)
    assert [(one.t_ns, one.action.tag) for one in found] == [
        (10 * NS - 1, "press_estop"), (asked.t_ns, "operator"), (15 * NS, "mains_off"),
    ]  # fmt: skip
