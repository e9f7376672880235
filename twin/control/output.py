"""From what the units want to the output image: every command through its interlock, in every mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.control.packml import State
from twin.control.panel import Mode, Refusal
from twin.control.sequence import Sequence
from twin.signals import Signal, SignalTable

if TYPE_CHECKING:
    from twin.control.station import StationController

_ATTENTION = frozenset({State.Held, State.Holding, State.Aborted, State.Aborting, State.Suspended})


def station_signals(table: SignalTable, swap: Sequence, crane: Sequence) -> SignalTable:
    """The controller's own ``seq_`` signals."""
    serials = next((s.labels for s in table if s.field == "pv_pack_serial" and s.labels), {})

    def steps(device: str, sequence: Sequence) -> list[Signal]:
        conditions = condition_names(sequence)
        return [
            Signal(f"{device}.seq_step", "enum", labels=dict(enumerate(sequence.names)),
                   text={"en": "step of the table", "zh": "当前步骤"}),
            Signal(f"{device}.seq_waits_for", "enum", labels=dict(enumerate(["nothing", *conditions])),
                   text={"en": "first condition that is false", "zh": "等待的条件"}),
        ]  # fmt: skip

    return SignalTable([
        *steps("shuttle.sequence", swap),
        Signal("shuttle.sequence.seq_position", "int", text={"en": "pack position served, from 1", "zh": "当前电池位"}),
        *steps("crane.sequence", crane),
        Signal("shuttle.plate.seq_pack_serial", "enum", labels=serials,
               text={"en": "serial of the pack on the plate", "zh": "托盘电池包序列号"}),
        Signal("crane.load.seq_pack_serial", "enum", labels=serials,
               text={"en": "serial of the pack on the fork", "zh": "货叉电池包序列号"}),
        Signal("station.inventory.seq_packs", "int", text={"en": "packs in the station", "zh": "站内电池包数"}),
        Signal("station.inventory.seq_consistent", "bool", text={"en": "belief equals sensors", "zh": "库存一致"}),
        Signal("operator.panel.seq_refused_reason", "enum", labels={int(r): r.name for r in Refusal},
               text={"en": "why the last request was refused", "zh": "拒绝原因"}),
        Signal("operator.panel.seq_unacknowledged", "int",
               text={"en": "alarms that nobody has acknowledged", "zh": "未确认报警数"}),
    ])  # fmt: skip


def condition_names(sequence: Sequence) -> list[str]:
    """All conditions of a table, each once, in the order in which it names them."""
    names: dict[str, None] = {}
    for step in sequence.steps.values():
        for guard, _, _, _ in step.rows:
            names.update(dict.fromkeys(guard.conditions))
    return list(names)


class OutputWriter:
    """Writes all outputs of a scan."""

    def __init__(self, station: StationController) -> None:
        self._st = station
        index = station.interlocks.index
        self._axes = [
            (axis.write, index[f"{axis.name}.ilk_plus"], index[f"{axis.name}.ilk_minus"])
            for axis in station.wiring.axes
        ]
        names = ("shuttle.lock_driver.ilk_engage", "shuttle.lock_driver.ilk_lock", "shuttle.lock_driver.ilk_unlock",
                 "bay.clamp.ilk_close", "bay.clamp.ilk_open", "truck.interface.ilk_release",
                 "bay.entry_light.ilk_green")  # fmt: skip
        (self._engage, self._lock, self._unlock, self._close, self._open, self._release, self._green) = (
            index[name] for name in names
        )
        self._phases = {
            label: value for value, label in station.table["station.unit.seq_phase"].labels.items()
        }  # fmt: skip
        self._conditions = [
            {name: i + 1 for i, name in enumerate(condition_names(sequence))}
            for sequence in (station.swap_sequence, station.crane_sequence)
        ]
        self._count = 0
        self._shown: tuple[int, ...] = ()

    def write(self) -> None:
        """One scan."""
        st = self._st
        permitted = st.interlocks.evaluate(key=st.panel.mode == Mode.maintenance)
        if st.hand.jogged is not None:
            st.hand.tell()
        # A drive with a fault takes it back when it is enabled anew.
        enable = st.facts.drives_on and not st.rearm
        st.rearm = False
        for write, plus, minus in self._axes:
            write(enable, permitted[plus], permitted[minus])
        self._machine(permitted)
        self._bay(permitted)
        self._show()

    def _machine(self, permitted: list[bool]) -> None:
        st = self._st
        w, shuttle, f = st.wiring, st.shuttle, st.facts
        keys = w.keys_out
        keys.cmd_engage = shuttle.engage and (keys.cmd_engage or permitted[self._engage])
        keys.cmd_lock = shuttle.lock_key and permitted[self._lock]
        keys.cmd_unlock = shuttle.unlock_key and permitted[self._unlock]
        w.plate_out.cmd_float = shuttle.floating
        w.pose_out.cmd_measure = shuttle.measuring
        safety = w.safety_out
        safety.cmd_drives_on = st.power and f.chain_closed and f.mains_on and f.power_confirmed
        safety.cmd_reset = st.reset_pulse_ns > 0

    def _bay(self, permitted: list[bool]) -> None:
        st = self._st
        w, shuttle, f = st.wiring, st.shuttle, st.facts
        clamp, truck = w.clamp_out, w.truck_out
        if shuttle.clamp:
            clamp.cmd_close = clamp.cmd_close or permitted[self._close]
        elif clamp.cmd_close:
            clamp.cmd_close = not permitted[self._open]
        truck.cmd_hv_off = shuttle.hv_off
        # Once let go, the truck's own signals fade as it drives away.
        go = shuttle.truck_may_go and (truck.cmd_release or permitted[self._release])
        truck.cmd_release = go
        state = st.machine.state
        entry, exit_ = w.entry, w.exit
        green = (
            state is State.Idle and st.started and not f.truck_present and not shuttle.under_way
            and st.panel.mode < Mode.manual and f.drives_on and permitted[self._green]
        )  # fmt: skip
        entry.cmd_green, entry.cmd_red = green, not green
        exit_.cmd_green, exit_.cmd_red = go, not go
        entry.cmd_amber = exit_.cmd_amber = state in _ATTENTION

    def _show(self) -> None:
        st = self._st
        w = st.wiring
        unit, state, swap, crane = w.unit_out, st.machine.state, st.swap_sequence, st.crane_sequence
        shown = (state, st.panel.mode, swap.index, crane.index)
        if shown != self._shown:
            self._shown = shown
            unit.seq_state, unit.seq_mode = int(state), int(st.panel.mode)
            unit.seq_phase = self._phases.get(swap.phase, 0)
            w.shuttle_out.seq_step, w.crane_out.seq_step = swap.index, crane.index
        if w.exhaust_out is not None:
            w.exhaust_out.cmd_run = st.slot_watch.draws
        w.panel_out.seq_unacknowledged = len(st.alarms.unseen)
        unit.seq_wait_confirm = (
            state is State.Held
            or swap.wait_confirm
            or crane.wait_confirm
            or (state is State.Idle and not st.started)
            or (st.facts.mains_on and not st.facts.power_confirmed)
        )
        self._count = (self._count + 1) % 5
        if self._count == 0:
            self._show_slowly()

    def _show_slowly(self) -> None:
        """What nobody needs in every scan."""
        st = self._st
        w = st.wiring
        for node, sequence, numbers in zip(
            (w.shuttle_out, w.crane_out), (st.swap_sequence, st.crane_sequence), self._conditions, strict=True
        ):  # fmt: skip
            false = next((name for names in sequence.waits_for().guards.values() for name in names), "")
            node.seq_waits_for = numbers.get(false, 0)
        w.shuttle_out.seq_position = st.shuttle.current + 1 if st.shuttle.under_way else 0
        w.plate_out.seq_pack_serial = st.shuttle.plate_serial
        w.load_out.seq_pack_serial = st.crane.serial
        inventory = st.inventory
        carried = (st.shuttle.plate_kind != "none") + (not st.facts.fork_empty)
        w.inventory_out.seq_packs = sum(inventory.present.values()) + carried
        w.inventory_out.seq_consistent = inventory.consistent

    def state(self) -> int:
        return self._count

    def restore(self, state: int) -> None:
        self._count, self._shown = state, ()
