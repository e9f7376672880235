"""The one loop: a scenario in, a Record out.

Each scan: the world senses, the script and people act, the controller scans, the devices act, the scan is recorded,
physics advances. What the controller sees and says at ``t`` and the truth at ``t`` share one time stamp.
"""

from __future__ import annotations

import copy
import json
import time
from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from twin import assets
from twin.clock import ScanClock, ms_to_ns, ns_to_s, s_to_ns
from twin.control import INPUT_KINDS, OUTPUT_KINDS
from twin.errors import ControllerError, InputError
from twin.event import Action
from twin.layout import io_list, truth_signals
from twin.program import OWN, Handover, Program, no_number, raised
from twin.program.settings import settings_of
from twin.record import Event
from twin.record.model import Level
from twin.recording import Recording
from twin.scenario import Scenario
from twin.script import Script
from twin.signals import Image, SignalTable, picker
from twin.summary import Course, summarise
from twin.trace import Trace
from twin.world import World

UNIT = "station.unit"
#: A run is over when nothing can change any more for this long.
_SETTLED_S = 10.0
_IDLE_S = 2.0
_STOPPED = frozenset({"Held", "Aborted", "Stopped"})
_ALARM_LEVELS: Mapping[str, Level] = {"A1": "fatal", "A2": "error", "B": "error", "C": "warning", "D": "info"}


class Run:
    """One run, scan by scan; a context manager.

    Args:
        scenario: what stands where and what happens.
        controller: the program under test; the station's own by default. Its settings become the scenario's, so that
            the Record tells them.
        out: the Record to write, or None to write none.
        watched: someone looks on: chunks are closed every 100 ms of wall time, and the run does not end by itself
            while it is stopped.
        about: what else the Record's metadata tell.
        until_ns: it does not end by itself before.
        attachments: texts that the Record carries beside its own, by file name.
        wall: wall clock, s; only for the figures of the summary.

    Raises:
        InputError: the scenario asks for something that its station does not have.
        ControllerError: the controller cannot be made.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        controller: Program | Handover | None = None,
        out: Path | None,
        watched: bool = False,
        about: Mapping[str, str] | None = None,
        until_ns: int = 0,
        attachments: Mapping[str, str] | None = None,
        wall: Callable[[], float] = time.perf_counter,
    ) -> None:
        program = controller or Program()
        scenario = scenario.laid_over(program.settings)
        self.scenario = scenario
        self._wall, self._wall_start = wall, wall()
        self._watched, self._until_ns = watched, until_ns
        station = assets.load_station(scenario.station)
        table = io_list(scenario, station)
        self.clock = ScanClock(ms_to_ns(scenario.scan_ms), ms_to_ns(scenario.step_ms))
        settings = settings_of(scenario.truck.asset, station, scenario.controller)
        self.controller = program.make(table, settings, self.clock.scan_ns)
        self.table = table + self.controller.signals
        self.inputs = Image(self.table.select(*INPUT_KINDS))
        self.outputs = Image(self.table.select(*OUTPUT_KINDS))
        self.truth = Image(SignalTable(truth_signals(scenario, station)))
        self._truth_nodes = {
            n: (
                self.truth.device(f"bracket{n}.seat"),
                [self.truth.device(f"bracket{n}.lock{k}") for k in (1, 2, 3, 4)],
            )
            for n in range(1, station.brackets + 1)
        }
        self.world = World(scenario, station, (self.inputs, self.outputs))
        images = (self.inputs, self.outputs, self.truth)
        signals = [image.table[name] for image in images for name in image.order]
        self._trace = Trace(len(self.world.row) + 1, signals)
        self._charge_nodes = [(pack, self.truth.device(f"pack{pack.number}.battery")) for pack in self.world.packs]
        self.course = Course()
        self._script = Script(scenario, self.world, (self.inputs, self.outputs), self._note)
        self._requests: list[dict[str, Any]] = []
        self._asked: list[tuple[Action, Callable[[InputError | None], None]]] = []
        self._labels = {field: self.table[f"{UNIT}.{field}"].labels for field in ("seq_state", "seq_mode", "seq_phase")}
        self._before: dict[str, int] = dict.fromkeys(self._labels, -1)
        self._phase_names = ("none", "none")
        alarms = [n for n, name in enumerate(self.outputs.order) if ".alm_" in name]
        self._pick_alarms = picker(alarms)
        self._alarm_names = [self.outputs.order[n] for n in alarms]
        self._alarms_before: tuple[float, ...] = (False,) * len(alarms)
        self._settled_ns = 0
        self.ended = ""
        tables = self.controller.transitions
        self._recording: Recording | None = None
        if out is not None:
            who = {"controller": program.controller or OWN, **(about or {})}
            if isinstance(program, Handover):
                who["handovers"] = json.dumps(program.to_list())
            self._recording = Recording(
                out, self.world, station, images, self.clock, who, tables, watched=watched,
                attachments=attachments or {},
            )  # fmt: skip

    # -- running -------------------------------------------------------------------------------------------------

    @property
    def t_ns(self) -> int:
        """Time of the next scan."""
        return self.clock.t_ns

    def request(self, request: dict[str, Any]) -> None:
        """Take an operator's request (``{"op_start": true}``); it is in the input image of the next scan.

        What must be held, such as a jog, is taken back when the same is not asked again within its time; then it must
        be released before it is taken again.

        Raises:
            InputError: there is no such signal, it cannot take the value, or it was not released.
        """
        self._script.admit(request)
        self._requests.append(request)

    def ask(self, action: Action, answer: Callable[[InputError | None], None]) -> None:
        """Let something happen in the next scan, at the instant at which an event of the scenario would.

        Args:
            answer: told once that scan came to it: None, or why it cannot happen here.
        """
        self._asked.append((action, answer))

    def cause(self, action: Action) -> None:
        """Let something happen that the scenario does not hold, before the next scan."""
        self._script.cause(self.clock.t_ns, action)

    def scan(self) -> bool:
        """Run one scan.

        Returns:
            False when the run is over.

        Raises:
            ControllerError: the controller raised, or wrote a value that is no number.
        """
        t_ns = self.clock.t_ns
        world = self.world
        world.sense(t_ns)
        self._script.play(t_ns, *self._phase_names)
        self._take_requests(t_ns)
        try:
            self.controller.scan(t_ns, self.inputs, self.outputs)
        except ControllerError:
            raise
        except Exception as error:
            raise ControllerError(raised(error, t_ns)) from error
        outputs = self.outputs.row()
        if wrong := no_number(self.outputs.order, outputs):
            raise ControllerError(f"the controller {wrong} at {ns_to_s(t_ns):.3f} s")
        world.act(t_ns)
        self._measure()
        self._record(t_ns, outputs)
        self._watch(t_ns, outputs)
        world.advance()
        self.clock.advance()
        return not self._over(t_ns)

    def _take_requests(self, t_ns: int) -> None:
        for request in self._requests:
            if self._script.operate(t_ns, request):
                self._note(Event(t_ns, "operator", "request", data={"set": request}))
        self._requests.clear()
        for action, answer in self._asked:
            answer(self._refused(t_ns, action))
        self._asked.clear()
        if taken_back := self._script.let_go(t_ns):
            self._note(Event(t_ns, "operator", "request", "not renewed", data={"set": taken_back}))

    def _refused(self, t_ns: int, action: Action) -> InputError | None:
        """Let something happen; why it cannot."""
        try:
            self._script.cause(t_ns, action)
        except InputError as error:
            return error
        return None

    def _measure(self) -> None:
        """Ground truth that is not in the poses."""
        world, truth = self.world, self.truth
        unit = truth.station.unit
        unit.gt_clearance_m = min(world.clearance.least_m, 9.0)
        truth.shuttle.lift.gt_force_n = float(round(world.axis_lift.joints[0].effort))
        for pack, battery in self._charge_nodes:
            battery.gt_soc_frac = round(pack.soc_frac, 4)
        truck = world.bay.truck
        truth.bay.sensor.gt_position_m = truck.x_m if truck is not None else 0.0
        if truck is None:
            return
        for number, bracket in truck.brackets.items():
            seat, locks = self._truth_nodes[number]
            gap = max(bracket.gap_m)
            seat.gt_gap_m = gap if gap < 1.0 else 1.0
            seat.gt_sideways_m = bracket.sideways_m if bracket.sideways_m < 1.0 else 1.0
            seat.gt_lock_force_n = float(round(bracket.lock_force_n())) if bracket.held else 0.0
            for node, latch in zip(locks, bracket.latches, strict=True):
                node.gt_stroke_frac, node.gt_holding = latch.stroke, latch.joint is not None

    def _record(self, t_ns: int, outputs: list[float]) -> None:
        inputs, truth = self.inputs.row(), self.truth.row()
        physics = array("d", self.world.row)
        physics.append(self.world.bay.clamp)
        self._trace.add(physics, inputs + outputs + truth)
        if self._recording is not None:
            self._recording.scan(t_ns, inputs, outputs, truth, physics)

    def _watch(self, t_ns: int, outputs: list[float]) -> None:
        """Turn edges of state, mode, phase and alarms into events."""
        node = self.outputs.station.unit
        before, course = self._before, self.course
        self._phase_names = (self._phase_names[0], self._phase_names[0])
        if node.seq_state != before["seq_state"]:
            before["seq_state"] = node.seq_state
            name = self._labels["seq_state"].get(node.seq_state, str(node.seq_state))
            course.states.append(name)
            self._note(Event(t_ns, "state", name))
        if node.seq_mode != before["seq_mode"]:
            before["seq_mode"] = node.seq_mode
            self._note(Event(t_ns, "mode", self._labels["seq_mode"].get(node.seq_mode, str(node.seq_mode))))
        if node.seq_phase != before["seq_phase"]:
            before["seq_phase"] = node.seq_phase
            self._change_phase(t_ns, self._labels["seq_phase"].get(node.seq_phase, str(node.seq_phase)))
        alarms = self._pick_alarms(outputs)
        if alarms != self._alarms_before:
            self._change_alarms(t_ns, alarms)

    def _change_phase(self, t_ns: int, name: str) -> None:
        _, ended = self._phase_names
        self._phase_names = (name, ended)
        if ended != "none":
            self.course.phases[-1]["end_s"] = ns_to_s(t_ns)
            self._note(Event(t_ns, "phase", ended, data={"edge": "end"}))
        if name != "none":
            self.course.phases.append({"name": name, "start_s": ns_to_s(t_ns), "end_s": None})
            self._note(Event(t_ns, "phase", name, data={"edge": "start"}))

    def _change_alarms(self, t_ns: int, alarms: tuple[float, ...]) -> None:
        classes = self.controller.alarm_classes
        for name, now, before in zip(self._alarm_names, alarms, self._alarms_before, strict=True):
            if now and not before:
                self.course.alarms.append({"tag": name, "at_s": ns_to_s(t_ns)})
            if bool(now) != bool(before):
                kind = classes.get(name, "")
                data = {"edge": "raised" if now else "cleared", "class": kind}
                level: Level = _ALARM_LEVELS.get(kind, "warning") if now else "info"
                self._note(Event(t_ns, "alarm", name, level=level, data=data))
        self._alarms_before = alarms

    def _note(self, event: Event) -> None:
        if self._recording is not None:
            self._recording.event(event)

    # -- the end -------------------------------------------------------------------------------------------------

    def _over(self, t_ns: int) -> bool:
        if t_ns + self.clock.scan_ns >= s_to_ns(self.scenario.time_limit_s) and not self._watched:
            self.ended = "time limit"
            return True
        if t_ns < self._until_ns:
            return False
        state = self.course.states[-1] if self.course.states else ""
        if (state != "Idle" and state not in _STOPPED) or self._busy():
            self._settled_ns = t_ns
            return False
        quiet_ns = t_ns - self._settled_ns
        gone = all(truck.stage == "gone" for truck in self.world.trucks)
        if state == "Idle" and gone and quiet_ns >= s_to_ns(_IDLE_S):
            self.ended = "all trucks served"
        elif quiet_ns >= s_to_ns(_SETTLED_S) and not self._watched:
            self.ended = f"stopped in {state}"
        return bool(self.ended)

    def _busy(self) -> bool:
        """Whether something moves, or may still happen by itself, in a station that idles or has stopped."""
        if self._script.pending or any(axis.moving for axis in self.world.axes):
            return True
        if self.course.states[-1] in _STOPPED:
            return False
        return any(truck.may_come or truck.moving for truck in self.world.trucks)

    def progress(self) -> dict[str, Any]:
        """How far the run is, for a person who waits."""
        return {
            "t_ns": self.t_ns,
            "limit_ns": s_to_ns(self.scenario.time_limit_s),
            "state": self.course.states[-1] if self.course.states else "",
            "phase": self._phase_names[0],
        }

    def flush(self) -> None:
        """All scans so far are in the Record's file when this returns."""
        if self._recording is not None:
            self._recording.flush()

    def finish(self, verdict: str | None = None) -> dict[str, Any]:
        """Close the Record and return the summary.

        Args:
            verdict: why the run ended, when it did not end by itself.
        """
        if self._phase_names[0] != "none":
            self.course.phases[-1]["end_s"] = ns_to_s(self.t_ns)
        summary = summarise(
            self.scenario, self.world, self.course,
            ended=verdict or self.ended, failed=verdict is not None, sim_ns=self.t_ns,
            wall_s=self._wall() - self._wall_start, digest=self._trace.hexdigest(),
        )  # fmt: skip
        if verdict:
            self._note(Event(max(0, self.t_ns - self.clock.scan_ns), "verdict", "run", verdict, level="error"))
        if self._recording is not None:
            self._recording.finish(summary)
            self._recording = None
        return summary

    def close(self) -> None:
        """Free the physics; a Record that is not finished stays as it is on disk."""
        self.controller.close()
        self.world.close()

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def checkpoint(self) -> dict[str, Any]:
        """This instant, between two scans, for :meth:`restore`; a speed-up beside running again from the start."""
        return {
            "world": self.world.checkpoint(),
            "clock": self.clock.scan,
            # A controller of one's own may hand out its living memory.
            "controller": copy.deepcopy(self.controller.state()),
            "inputs": self.inputs.row(),
            "truth": self.truth.row(),
            "outputs": self.outputs.row(),
            "script": self._script.state(),
            "trace": self._trace.copy(),
            "before": (dict(self._before), self._phase_names, self._alarms_before, self._settled_ns),
            "course": self.course.copy(),
        }

    def restore(self, checkpoint: dict[str, Any]) -> None:
        """Go back to an instant of this run, from which it continues; the Record is not rewound.

        Bit for bit in nearly every case (``benchmarks/continuation.py``); running again from the start is in all.
        """
        for image, kind in ((self.inputs, "inputs"), (self.outputs, "outputs"), (self.truth, "truth")):
            for name, value in zip(image.order, checkpoint[kind], strict=True):
                image.set(name, value)
        self.world.restore(checkpoint["world"])
        self.clock.scan = checkpoint["clock"]
        self.controller.restore(copy.deepcopy(checkpoint["controller"]))
        self._script.restore(checkpoint["script"])
        self._trace = checkpoint["trace"].copy()
        before, self._phase_names, self._alarms_before, self._settled_ns = checkpoint["before"]
        self._before = dict(before)
        self.course = checkpoint["course"].copy()
        self.ended = ""


def run_to_end(scenario: Scenario, *, out: Path | None = None, controller: Program | None = None) -> dict[str, Any]:
    """Run a scenario unpaced in this process and return its summary."""
    with Run(scenario, controller=controller, out=out) as run:
        while run.scan():
            pass
        return run.finish()
