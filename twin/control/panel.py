"""The operator's side: requests as edges, the mode in force, and refusals that say why."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from twin.control.alarm import Alarms
from twin.control.packml import State
from twin.control.wiring import Wiring


class Mode(IntEnum):
    """Operating mode, numbered as in the operator's panel."""

    automatic = 0
    semi_automatic = 1
    manual = 2
    maintenance = 3


class Refusal(IntEnum):
    """Why a request was refused."""

    none = 0
    wrong_state = 1
    wrong_mode = 2
    interlock = 3
    estop_pressed = 4
    chain_not_reset = 5
    mains_off = 6
    drives_off = 7
    shuttle_not_home = 8
    pack_on_plate = 9
    lift_not_down = 10
    lock_state_mixed = 11
    position_unclear = 12
    fork_not_home = 13
    inventory_not_confirmed = 14
    nothing_to_confirm = 15
    no_truck = 16


_BUTTONS = (
    "op_start", "op_stop", "op_hold", "op_confirm", "op_reset", "op_clear", "op_release_truck", "op_inventory_ok",
    "op_acknowledge",
)  # fmt: skip
_read_buttons = operator.attrgetter(*_BUTTONS)
_read_hand = operator.attrgetter("op_engage", "op_lock", "op_unlock", "op_jog_axis", "op_jog_speed_frac")

#: In these states the machine stands and a person may take over by hand.
STANDING = frozenset({State.Stopped, State.Held, State.Idle, State.Suspended})
_MODE_STATES = STANDING | {State.Aborted, State.Complete}


class Panel:
    """Reads the panel once a scan."""

    def __init__(self, wiring: Wiring, alarms: Alarms, shown_ns: int, scan_ns: int) -> None:
        self._w, self._alarms = wiring, alarms
        self._shown_ns, self._scan_ns = shown_ns, scan_ns
        self.mode = Mode.automatic
        self._mode_asked = 0
        self._last: tuple[Any, ...] = (False,) * len(_BUTTONS)
        self._hand: tuple[Any, ...] = (False, False, False, 0, 0.0)
        #: Buttons pressed since the last scan, without ``op_``.
        self.pressed: list[str] = []
        #: Hand controls: (engage, lock, unlock, axis, speed) and those of the scan before.
        self.hand = self.hand_before = self._hand
        self._left_ns = 0

    def read(self, state: State) -> None:
        """Edges, hand controls and the mode."""
        node = self._w.panel
        values = _read_buttons(node)
        if values == self._last:
            if self.pressed:
                self.pressed = []
        else:
            self.pressed = [
                name[3:] for name, now, before in zip(_BUTTONS, values, self._last, strict=True) if now and not before
            ]
            self._last = values
        self.hand_before, self.hand = self.hand, _read_hand(node)
        if node.op_mode != self.mode or node.op_mode != self._mode_asked:
            self._ask_mode(node.op_mode, state)
        if self._left_ns > 0:
            self._left_ns -= self._scan_ns
            if self._left_ns <= 0:
                self._alarms.clear("operator.panel.alm_refused")
                self._w.panel_out.seq_refused_reason = int(Refusal.none)

    def take_up(self, mode: Mode) -> None:
        """Begin in a mode, with what is pressed now: no edge in the next scan."""
        node = self._w.panel
        self.mode, self._mode_asked = mode, int(node.op_mode)
        self._last, self.hand = _read_buttons(node), _read_hand(node)
        self.hand_before, self.pressed = self.hand, []

    def _ask_mode(self, asked: int, state: State) -> None:
        """Between the automatic modes at any time; to and from a manual one only while the machine stands."""
        by_hand = asked >= Mode.manual or self.mode >= Mode.manual
        if not by_hand or state in _MODE_STATES:
            self.mode = Mode(asked)
        elif asked != self._mode_asked:
            self.refuse(Refusal.wrong_state)
        self._mode_asked = asked

    def refuse(self, reason: Refusal) -> None:
        """Say no, visibly."""
        self._alarms.clear("operator.panel.alm_refused")
        self._alarms.raise_("operator.panel.alm_refused")
        self._w.panel_out.seq_refused_reason = int(reason)
        self._left_ns = self._shown_ns

    def state(self) -> dict[str, Any]:
        return {
            "mode": int(self.mode), "mode_asked": self._mode_asked, "last": list(self._last), "hand": list(self.hand),
            "hand_before": list(self.hand_before), "left_ns": self._left_ns, "pressed": list(self.pressed),
        }  # fmt: skip

    def restore(self, state: Mapping[str, Any]) -> None:
        self.mode, self._mode_asked = Mode(state["mode"]), state["mode_asked"]
        self._last, self.hand = tuple(state["last"]), tuple(state["hand"])
        self.hand_before, self._left_ns = tuple(state["hand_before"]), state["left_ns"]
        self.pressed = list(state["pressed"])
