"""What came of a run, asked the way the tests ask: by signal, by event, by time in s."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from twin.record import Event, Record
from twin.scenario import Scenario, load_scenario

AXES = ("shuttle.travel", "shuttle.cross", "shuttle.lift", "shuttle.yaw", "crane.travel", "crane.hoist", "crane.fork")


@dataclass(frozen=True)
class Outcome:
    """A run that has ended: its scenario, its summary and its Record."""

    scenario: Scenario
    summary: dict[str, Any]
    record: Record

    @classmethod
    def of(cls, name: str, folder: Path) -> Outcome:
        """Run a shipped scenario to its end."""
        from twin.run import run_to_end  # needs PyBullet, and who only collects tests may not have it

        scenario = load_scenario(name)
        path = folder / f"{name}.mcap"
        summary = run_to_end(scenario, out=path)
        return cls(scenario, summary, Record.open(path))

    @property
    def places(self) -> list[str]:
        """Where packs ended, one entry a pack."""
        return sorted(self.summary["packs"].values())

    @property
    def end_s(self) -> float:
        return self.record.end_ns / 1e9

    def signal(self, name: str, t0_s: float = 0.0, t1_s: float = 1e6) -> tuple[np.ndarray, np.ndarray]:
        """Times (s) and values of a signal in a window."""
        t_ns, values = self.record.signal(name, round(t0_s * 1e9), round(t1_s * 1e9))
        return t_ns / 1e9, np.asarray(values).ravel()

    def values(self, name: str, t0_s: float = 0.0, t1_s: float = 1e6) -> np.ndarray:
        return self.signal(name, t0_s, t1_s)[1]

    def position(self, axis: str, t0_s: float = 0.0, t1_s: float = 1e6) -> np.ndarray:
        """Encoder of an axis, m or rad."""
        return self.values(f"{axis}.pv_position_{unit(axis)}", t0_s, t1_s)

    def speed(self, axis: str, t0_s: float = 0.0, t1_s: float = 1e6) -> np.ndarray:
        return self.values(f"{axis}.pv_speed_{unit(axis)}_s", t0_s, t1_s)

    def parameter(self, name: str) -> float:
        return float(self.values(name)[0])

    def pack_p_W(self, serial: str, t0_s: float, t1_s: float) -> np.ndarray:
        """Positions of a pack in W, m, (n, 3)."""
        frames = [frame.name for frame in self.record.frames]
        _, X = self.record.poses(round(t0_s * 1e9), round(t1_s * 1e9))
        return X[:, frames.index(f"pack.{serial}"), :3]

    def pose(self, frame: str, t0_s: float, t1_s: float) -> np.ndarray:
        """Positions of a frame in its parent, m, (n, 3)."""
        frames = [each.name for each in self.record.frames]
        _, X = self.record.poses(round(t0_s * 1e9), round(t1_s * 1e9))
        return X[:, frames.index(frame), :3]

    def events(self, kind: str, name: str = "") -> list[Event]:
        """Events of a kind, in order, all or those of one name."""
        found = [event for event in self.record.events(0, 2**62) if event.kind == kind]
        return [event for event in found if name in ("", event.name)]

    def at_s(self, kind: str, name: str) -> float:
        """When an event first was."""
        return self.events(kind, name)[0].t_ns / 1e9

    def scripted_s(self, event_id: str) -> float:
        """When an event of the scenario's script fired."""
        found = [
            e for kind in ("event", "operator", "fault") for e in self.events(kind) if e.data.get("id") == event_id
        ]
        return found[0].t_ns / 1e9

    def stands(self, t0_s: float, t1_s: float, *, within: float = 2e-4) -> bool:
        """Whether no axis moves in a window, by its encoder, m or rad."""
        return all(float(np.ptp(self.position(axis, t0_s, t1_s))) <= within for axis in AXES)


def unit(axis: str) -> str:
    return "rad" if axis.endswith("yaw") else "m"
