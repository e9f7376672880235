"""What tells who somebody is, and what only looks like it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.playback.secret import CARD, DRIVER, PLATE, PLATE_READ, TABLES
from twin.playback.private import Withheld
from twin.signals import SignalTable

WITHHELD = Withheld(SignalTable(signal for table in TABLES.values() for signal in table))


@given(st.text(alphabet="沪车辆 .,-_/（\n", max_size=8), st.text(alphabet="驶入 .,-_/）\n", max_size=8), st.booleans())
def test_no_text_keeps_a_private_word(before: str, after: str, upper: bool) -> None:
    for word in (PLATE, DRIVER):
        written = f"{before}{word.upper() if upper else word.lower()}{after}"
        cleaned = WITHHELD.clean({written: [written, {"deep": written}]})
        assert word.lower() not in str(cleaned).lower()


def test_a_stand_in_is_the_same_everywhere_and_another_for_everybody() -> None:
    texts = [f"truck.{PLATE}", f"{PLATE} is in", DRIVER, f"{DRIVER.upper()} and {PLATE}"]
    assert WITHHELD.clean(texts) == ["truck.private-1", "private-1 is in", "private-2", "private-2 and private-1"]


def test_words_that_others_use_too_are_no_secret() -> None:
    kept = ["none", "Zhang Weis", f"1{CARD}", f"row {CARD}", "X沪A123456", 5, None, True, 0.5]
    assert WITHHELD.clean(kept) == kept
    assert WITHHELD.clean(CARD) == "private-3", "a short word is told where it stands alone"
    assert WITHHELD.clean({"kind": DRIVER, "level": "error"}) == {"kind": DRIVER, "level": "error"}


def test_what_names_a_private_signal_is_found_at_any_depth() -> None:
    assert WITHHELD.mentioned({"a": [{"b": f"see {PLATE_READ.name}, or not"}]})
    assert WITHHELD.mentioned({"is": {PLATE_READ.name: [1]}})
    assert WITHHELD.mentioned(["tag cam/plate"])
    assert not WITHHELD.mentioned({"a": [f"{PLATE_READ.name}2", "cam/plates", 1, None]})


def test_a_record_without_private_signals_is_left_as_it_is() -> None:
    data = {"a": [DRIVER, PLATE]}
    assert Withheld(SignalTable([])).clean(data) is data
