"""The reference controller: tables, interlocks, alarms, modes and PackML tied together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twin.control import crane as crane_table
from twin.control import swap as swap_table
from twin.control.alarm import Alarms
from twin.control.controller import Controller
from twin.control.crane import CraneUnit
from twin.control.facts import Facts
from twin.control.hand import Hand
from twin.control.interlock import Interlocks
from twin.control.inventory import Inventory
from twin.control.output import OutputWriter, station_signals
from twin.control.packml import State, StateMachine
from twin.control.panel import Mode, Panel
from twin.control.rack import Rack
from twin.control.request import Requests
from twin.control.sequence import DONE, NS_PER_S, SUSPEND, Row, Sequence, Waiting
from twin.control.settings import Settings
from twin.control.shuttle import ShuttleUnit
from twin.control.slot_watch import SlotWatch
from twin.control.station_alarm import concerned, station_alarms
from twin.control.taking_up import take_up
from twin.control.wiring import Wiring
from twin.signals import Image, SignalTable

#: The crane works in these states, beside whatever the shuttle does.
_CRANE_STATES = frozenset({
    State.Idle, State.Starting, State.Execute, State.Completing, State.Complete,
    State.Suspending, State.Suspended, State.Unsuspending,
})  # fmt: skip

_MEMORY = ("power", "started", "let_go", "reset_after", "need_inventory", "chain_opened", "chain_reset",
           "reset_pulse_ns", "shuttle_moved", "crane_moved", "_first", "_odd", "rearm")  # fmt: skip


class StationController(Controller):
    """The reference controller of the chassis-swap station.

    One scan: facts from the inputs, what must stop now, what the operator asks for, what the state demands, the two
    sequences, the rack, interlocks, outputs. It never starts again by itself after a stop, an abort or a power loss.
    """

    def __init__(self, table: SignalTable, settings: Settings | Mapping[str, Any], scan_ns: int) -> None:
        super().__init__(table, settings, scan_ns)
        s = self.settings
        self.wiring = Wiring(table, s)
        self.facts = Facts(self.wiring, s, scan_ns)
        self.inventory = Inventory(self.wiring)
        self.alarms = Alarms(station_alarms(self.wiring))
        self.machine = StateMachine(State.Resetting)
        self.shuttle = ShuttleUnit(self.wiring, self.facts, self.inventory, s)
        self.slot_watch = SlotWatch(self.wiring, self.alarms, s)
        self.crane = CraneUnit(self.wiring, self.facts, self.inventory, self.slot_watch, s)
        self.swap_sequence = Sequence(swap_table.SWAP, swap_table.GUARDS, self.facts, self.shuttle, s.timeouts)
        self.crane_sequence = Sequence(crane_table.CRANE, crane_table.GUARDS, self.facts, self.crane, s.timeouts)
        self.rack = Rack(self.wiring, self.slot_watch, s)
        self.interlocks = Interlocks(self.facts)
        self.panel = Panel(self.wiring, self.alarms, round(s.operator.refused_shown_s * NS_PER_S), scan_ns)
        self.hand = Hand(self)
        self.requests = Requests(self)
        self.output = OutputWriter(self)
        #: Drive power is wanted.
        self.power = True
        #: A person started the station since the last stop or abort; a run begins with a started station.
        self.started = True
        #: Stopping lets a truck go that was not, or not wholly, served.
        self.let_go = False
        self.reset_after = False
        #: A person has to confirm where every pack is.
        self.need_inventory = False
        self.chain_opened = False
        self.chain_reset = False
        self.reset_pulse_ns = 0
        #: Moved by hand or by force since the sequence last ran: it goes on from what stands where now.
        self.shuttle_moved = self.crane_moved = False
        #: Drives with a fault are to be enabled anew.
        self.rearm = False
        self._first = True
        self._odd = False
        self._inputs: Image | None = None
        self._outputs: Image | None = None
        self._acts: dict[State, Callable[[], None]] = {
            State.Resetting: self._complete_with_drives,
            State.Idle: self._idle,
            State.Starting: self._starting,
            State.Execute: self._execute,
            State.Completing: self._completing,
            State.Complete: self._reset_complete,
            State.Aborting: self._complete_when_still,
            State.Stopping: self._stopping,
            State.Stopped: self._stopped,
            State.Clearing: self._complete_with_drives,
            State.Suspending: self._complete_when_still,
            State.Suspended: self._suspended,
            State.Unsuspending: self._complete_with_drives,
            State.Holding: self._complete_when_still,
            State.Unholding: self._complete_with_drives,
        }

    @property
    def signals(self) -> SignalTable:
        own = station_signals(self.table, self.swap_sequence, self.crane_sequence)
        return own + self.interlocks.signals + self.alarms.signals

    @property
    def alarm_classes(self) -> Mapping[str, str]:
        return {name: alarm.alarm_class for name, alarm in self.alarms.by_name.items()}

    @property
    def transitions(self) -> Mapping[str, list[dict[str, Any]]]:
        return {"shuttle": self.swap_sequence.transitions(), "crane": self.crane_sequence.transitions()}

    def waits_for(self) -> dict[str, Waiting]:
        """What the shuttle's and the crane's sequence wait for, in words."""
        return {"shuttle": self.swap_sequence.waits_for(), "crane": self.crane_sequence.waits_for()}

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        if inputs is not self._inputs or outputs is not self._outputs:
            self._bind(inputs, outputs)
        self.facts.update(self.shuttle, self.crane)
        if self._first:
            self._first = False
            self.inventory.accept()
            self.rack.serve_all()
        self.shuttle.lock_key = self.shuttle.unlock_key = False
        machine = self.machine
        self.panel.read(machine.state)
        self._watch()
        if self.panel.pressed:
            self.requests.handle()
        if self.reset_pulse_ns:
            self.requests.pulse()
        if machine.entered:
            # Every state is seen for at least one scan.
            machine.entered = False
        else:
            act = self._acts.get(machine.state)
            if act is not None:
                act()
        if machine.state in _CRANE_STATES and self.started and self.panel.mode < Mode.manual:
            self._run_crane()
        self.hand.run()
        self._serve_rack()
        self.output.write()

    def _bind(self, inputs: Image, outputs: Image) -> None:
        self._inputs, self._outputs = inputs, outputs
        self.wiring.bind(inputs, outputs)
        self.alarms.bind(outputs)
        self.interlocks.bind(outputs)

    # -- what must stop now -----------------------------------------------------------------------

    def _watch(self) -> None:
        """Alarms that do not depend on a step, and the reaction of the classes."""
        f, alarms, shuttle = self.facts, self.alarms, self.shuttle
        if not f.chain_closed:
            self.chain_opened, self.chain_reset = True, False
            alarms.raise_("station.safety.alm_estop")
        if not f.fence_closed and self.panel.mode != Mode.maintenance:
            alarms.raise_("station.safety.alm_fence_open")
        if f.truck_creeps:
            shuttle.truck_moved, shuttle.truck_reference_m = True, None
            alarms.raise_("bay.sensor.alm_truck_moved")
        if not f.load_in_limit:
            alarms.raise_("shuttle.lift.alm_overload")
        if not f.fork_load_in_limit:
            alarms.raise_("crane.load.alm_overload")
        if f.lift_lost_load:
            shuttle.carrying = False
            alarms.raise_("shuttle.plate.alm_load_lost")
        if f.crane_lost_load:
            self.crane.carrying = False
            alarms.raise_("crane.load.alm_load_lost")
        if not f.mains_on:
            f.power_confirmed = False
            alarms.raise_("station.safety.alm_mains")
        if not f.floor_dry:
            alarms.raise_("station.safety.alm_water")
        if shuttle.clamp and not f.shuttle_out_of_lane and not (f.park_brake and f.hv_is_off):
            alarms.raise_("truck.interface.alm_handshake_lost")
        if f.drives_on and not (f.shuttle_ready and f.crane_ready):
            for axis in self.wiring.axes:
                if axis.fault:
                    alarms.raise_(f"{axis.name}.alm_drive_fault")
        self.slot_watch.look()
        count = alarms.count
        f.degraded = count["C"] > 0
        if count["A1"] or count["A2"]:
            self._abort()
        elif count["B"]:
            self._stand()

    def _abort(self) -> None:
        if self.alarms.count["A1"]:
            self.power = False
        if self.alarms.count["A2"]:
            self.facts.lowering_confirmed = False
        if self.machine.command("abort"):
            self.started = self.let_go = self.reset_after = False
            self.need_inventory = self.shuttle_moved = True

    def _stand(self) -> None:
        """Class B: hold where PackML can hold; from Idle stop; else as soon as the state can."""
        machine = self.machine
        if machine.state == State.Starting:
            machine.complete()
        elif machine.state in (State.Idle, State.Resetting):
            machine.command("stop")
            self.started = False
        else:
            machine.command("hold")

    def fail(self, row: Row) -> None:
        """A sequence cannot go on: raise what its table says."""
        for name in concerned(row.alarm, self.wiring, self.shuttle.current, self.crane.target):
            self.alarms.raise_(name)

    # -- states -----------------------------------------------------------------------------------

    def _complete_with_drives(self) -> None:
        if self.facts.drives_on:
            self.machine.complete()

    def _complete_when_still(self) -> None:
        if all(axis.still for axis in self.wiring.axes):
            self.machine.complete()

    def _reset_complete(self) -> None:
        # The truck is gone and nothing was left open: a swap that went well needs no person.
        self.machine.command("reset")

    def _idle(self) -> None:
        shuttle = self.shuttle
        ready = self.started and self.panel.mode < Mode.manual and self.facts.drives_on
        if ready and self.facts.truck_present and not shuttle.under_way and not self.facts.bay_clear:
            shuttle.forget_truck()
            shuttle.under_way = True
            self.swap_sequence.goto("park.arrive")
            self.machine.command("start")

    def _starting(self) -> None:
        if self.swap_sequence.phase == "park":
            self._run_swap()
        else:
            self.machine.complete()

    def _execute(self) -> None:
        if self.facts.drives_on:
            self._run_swap()
            if self.swap_sequence.step == swap_table.COMPLETING:
                self.machine.complete()

    def _completing(self) -> None:
        self._run_swap()
        if self.swap_sequence.done:
            self._finish_truck()
            self.machine.complete()

    def _stopping(self) -> None:
        if not self.let_go:
            self._complete_when_still()
            return
        self._run_swap()
        if self.swap_sequence.done:
            self.let_go = False
            self._finish_truck()
            self.machine.complete()

    def _stopped(self) -> None:
        if self.reset_after:
            self.reset_after = False
            self.requests.reset_stopped()

    def _suspended(self) -> None:
        if self.swap_sequence.phase == "authorise":
            self._count_stock()
            if self.facts.stock_enough:
                self.alarms.clear("station.unit.alm_no_full_pack")
        if not self.alarms.count["C"]:
            self.machine.command("unsuspend")

    def _finish_truck(self) -> None:
        self.shuttle.forget_truck()
        self.swap_sequence.goto("none.wait")
        self.alarms.clear("bay.sensor.alm_not_leaving")

    def _count_stock(self) -> None:
        stock = self.crane.stock()
        self.facts.stock_enough = stock >= len(self.shuttle.order)
        self.facts.stock_short = not self.facts.stock_enough

    # -- sequences --------------------------------------------------------------------------------

    def _run_swap(self) -> None:
        sequence = self.swap_sequence
        if sequence.step == "authorise.stock":
            self._count_stock()
        sequence.confirm_each = self.panel.mode == Mode.semi_automatic
        row = sequence.run(self.scan_ns)
        if row is None or (row.next == DONE and sequence.done):
            return
        if row.next == SUSPEND and not sequence.failed:
            self.fail(row)
            self.machine.command("suspend")
            return
        self.fail(row)
        if self.machine.state in (State.Completing, State.Stopping):
            # Nothing to hold: the robot is home. Keep trying, the alarm stands.
            sequence.goto(sequence.step)

    def _run_crane(self) -> None:
        crane, sequence = self.crane, self.crane_sequence
        if sequence.failed or not self.facts.drives_on:
            return
        step = self.swap_sequence.step
        crane.wants_empty, crane.wants_full = step == "deliver.claim", step == "fetch.claim"
        row = sequence.run(self.scan_ns)
        if row is not None:
            self.fail(row)

    def _serve_rack(self) -> None:
        f, crane = self.facts, self.crane
        source, target = crane.source_place, crane.target_place
        self._odd = not self._odd
        if self._odd or not (f.chain_closed and f.mains_on and f.floor_dry):
            permitted = f.chain_closed and f.mains_on and f.floor_dry
            self.rack.serve(permitted=permitted, fetched=source, target=target)
            return
        # Slots and beliefs take turns: neither needs every scan.
        if self.panel.mode < Mode.manual and not self.inventory.compare((source, target)):
            self.alarms.raise_("station.inventory.alm_mismatch")
            self.need_inventory = True

    # -- taking up, checkpoints ------------------------------------------------------------------------------

    def take_up(self, inputs: Image, outputs: Image) -> bool:
        standing = [name for name in self.alarms.by_name if outputs.get(name)]
        self._bind(inputs, outputs)
        return take_up(self, standing)

    def state(self) -> dict[str, Any]:
        return {
            "machine": [int(self.machine.state), self.machine.entered],
            "alarms": self.alarms.state(),
            "facts": self.facts.state(),
            "inventory": self.inventory.state(),
            "shuttle": self.shuttle.state(),
            "crane": self.crane.state(),
            "swap_sequence": self.swap_sequence.state(),
            "crane_sequence": self.crane_sequence.state(),
            "rack": self.rack.state(),
            "slot_watch": self.slot_watch.state(),
            "panel": self.panel.state(),
            "output": self.output.state(),
            "axes": [axis.state() for axis in self.wiring.axes],
            "station": {name: getattr(self, name) for name in _MEMORY},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self.machine.state, self.machine.entered = State(state["machine"][0]), state["machine"][1]
        for name in ("alarms", "facts", "inventory", "shuttle", "crane", "swap_sequence", "crane_sequence", "rack",
                     "slot_watch", "panel", "output"):  # fmt: skip
            getattr(self, name).restore(state[name])
        self.interlocks.forget()
        for axis, saved in zip(self.wiring.axes, state["axes"], strict=True):
            axis.restore(saved)
        for name, value in state["station"].items():
            setattr(self, name, value)
