"""What the operator's buttons do in each state, and every reason to say no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.control import swap as swap_table
from twin.control.packml import State
from twin.control.panel import Mode, Refusal
from twin.control.sequence import NS_PER_S

if TYPE_CHECKING:
    from twin.control.station import StationController


class Requests:
    """Handles the buttons pressed in this scan. Each handler gives the refusal, ``none`` when it was done."""

    def __init__(self, station: StationController) -> None:
        self._st = station
        self._handlers = {
            "start": self._start,
            "stop": self._stop,
            "hold": self._hold,
            "confirm": self._confirm,
            "reset": self._reset,
            "clear": self._clear,
            "release_truck": self._release_truck,
            "inventory_ok": self._inventory_ok,
            "acknowledge": self._see,
        }

    def handle(self) -> None:
        """All buttons pressed in this scan."""
        for name in self._st.panel.pressed:
            self._answer(self._handlers[name]())

    def _answer(self, reason: Refusal) -> None:
        if reason is not Refusal.none:
            self._st.panel.refuse(reason)

    def _acknowledge(self) -> None:
        self._st.alarms.acknowledge()
        self._st.rearm = True

    def _see(self) -> Refusal:
        self._st.alarms.see()
        return Refusal.none

    # -- start, stop, hold ------------------------------------------------------------------------

    def _start(self) -> Refusal:
        st = self._st
        if st.machine.state is not State.Idle:
            return Refusal.wrong_state
        if st.panel.mode >= Mode.manual:
            return Refusal.wrong_mode
        if st.shuttle.under_way:
            step = st.shuttle.resume_step()
            if not step:
                return Refusal.position_unclear
            st.swap_sequence.goto(step)
            st.shuttle_moved = False
            st.machine.command("start")
        st.started = True
        return Refusal.none

    def _stop(self) -> Refusal:
        st = self._st
        if not st.machine.command("stop"):
            return Refusal.wrong_state
        st.started = st.let_go = False
        return Refusal.none

    def _hold(self) -> Refusal:
        return Refusal.none if self._st.machine.command("hold") else Refusal.wrong_state

    # -- confirm ----------------------------------------------------------------------------------

    def _confirm(self) -> Refusal:
        st = self._st
        f, state = st.facts, st.machine.state
        if not f.mains_on:
            return Refusal.mains_off
        lowering = not f.lowering_confirmed and state in (State.Aborted, State.Stopped, State.Held)
        if lowering:
            f.lowering_confirmed = True
        if state is State.Held:
            return self._unhold()
        if state is State.Suspended:
            st.alarms.acknowledge()
            return Refusal.none
        power = not f.power_confirmed
        f.power_confirmed = True
        step = [sequence for sequence in (st.swap_sequence, st.crane_sequence) if sequence.wait_confirm]
        for sequence in step:
            sequence.confirmed = True
        return Refusal.none if lowering or power or step else Refusal.nothing_to_confirm

    def _unhold(self) -> Refusal:
        st = self._st
        if st.panel.mode >= Mode.manual:
            if st.facts.power_confirmed:
                return Refusal.wrong_mode
            # Drives come back for the hand; the sequence stays held.
            st.facts.power_confirmed = True
            return Refusal.none
        step = st.swap_sequence.retry if st.swap_sequence.failed else ""
        if st.shuttle_moved:
            step = st.shuttle.resume_step()
            if not step:
                return Refusal.position_unclear
        reason = self._crane_ready()
        if reason is not Refusal.none:
            return reason
        if step:
            st.swap_sequence.goto(step)
        st.shuttle_moved = False
        st.facts.power_confirmed = True
        self._acknowledge()
        st.machine.command("unhold")
        return Refusal.none

    def _crane_ready(self) -> Refusal:
        """Put the crane's sequence where it can go on."""
        st = self._st
        if st.crane_moved:
            step = st.crane.resume_step()
            if not step:
                return Refusal.fork_not_home
            st.crane_sequence.goto(step)
            st.crane_moved = False
        elif st.crane_sequence.failed:
            st.crane_sequence.goto(st.crane_sequence.retry)
        return Refusal.none

    # -- reset and clear --------------------------------------------------------------------------

    def _reset(self) -> Refusal:
        st = self._st
        state = st.machine.state
        if state is State.Aborted:
            st.reset_pulse_ns = round(st.settings.operator.reset_pulse_s * NS_PER_S)
            return Refusal.none
        if state in (State.Held, State.Suspended):
            return self._let_go()
        if state is State.Stopped:
            return self.reset_stopped(answer=False)
        if state is State.Idle:
            self._acknowledge()
            return Refusal.none
        return Refusal.wrong_state

    def pulse(self) -> None:
        """The safety chain's reset line is pulsed; at the pulse's end the chain is closed or the reset was in vain."""
        st = self._st
        st.reset_pulse_ns = max(0, st.reset_pulse_ns - st.scan_ns)
        if st.reset_pulse_ns == 0:
            st.chain_reset = st.facts.chain_closed
            self._answer(Refusal.none if st.chain_reset else Refusal.estop_pressed)

    def _clear(self) -> Refusal:
        st = self._st
        if st.machine.state is not State.Aborted:
            return Refusal.wrong_state
        if not st.facts.chain_closed:
            return Refusal.estop_pressed
        if st.chain_opened and not st.chain_reset:
            return Refusal.chain_not_reset
        if not st.facts.mains_on:
            return Refusal.mains_off
        st.chain_opened = st.chain_reset = False
        self._acknowledge()
        st.power = st.facts.power_confirmed = True
        st.machine.command("clear")
        return Refusal.none

    def reset_stopped(self, *, answer: bool = True) -> Refusal:
        """From Stopped to Idle, if everything is safe and known."""
        reason = self._not_ready()
        if reason is Refusal.none:
            st = self._st
            self._acknowledge()
            st.power = st.facts.power_confirmed = True
            st.machine.command("reset")
        elif answer:
            self._answer(reason)
        return reason

    def _not_ready(self) -> Refusal:
        st = self._st
        f = st.facts
        if not f.chain_closed:
            return Refusal.estop_pressed
        if not f.mains_on:
            return Refusal.mains_off
        if st.need_inventory and st.wiring.panel.op_inventory_ok:
            self._inventory_ok()
        if st.need_inventory:
            return Refusal.inventory_not_confirmed
        if st.shuttle.under_way:
            if not st.shuttle.resume_step():
                return Refusal.position_unclear
        else:
            reason = self._shuttle_home()
            if reason is not Refusal.none:
                return reason
        return self._crane_ready()

    def _shuttle_home(self) -> Refusal:
        f = self._st.facts
        if not f.shuttle_out_of_lane:
            return Refusal.shuttle_not_home
        if not f.plate_empty:
            return Refusal.pack_on_plate
        return Refusal.none if f.lift_low else Refusal.lift_not_down

    def _inventory_ok(self) -> Refusal:
        st = self._st
        if st.machine.state not in (State.Stopped, State.Held, State.Aborted, State.Suspended, State.Idle):
            return Refusal.wrong_state
        st.inventory.accept()
        st.need_inventory = False
        st.alarms.clear("station.inventory.alm_mismatch")
        return Refusal.none

    # -- letting a truck go -----------------------------------------------------------------------

    def _release_truck(self) -> Refusal:
        if self._st.machine.state not in (State.Held, State.Suspended, State.Idle):
            return Refusal.wrong_state
        return self._let_go()

    def _let_go(self) -> Refusal:
        """High voltage on, clamps open, drive off: only with the robot out and every pack of the order locked."""
        st = self._st
        if not st.facts.mains_on:
            return Refusal.mains_off
        if not st.shuttle.under_way:
            return Refusal.no_truck
        reason = self._shuttle_home()
        if reason is not Refusal.none:
            return reason
        if not st.facts.packs_secured:
            return Refusal.lock_state_mixed
        self._acknowledge()
        st.facts.power_confirmed = True
        st.swap_sequence.goto(swap_table.LET_GO)
        st.let_go = st.reset_after = True
        st.machine.command("stop")
        return Refusal.none
