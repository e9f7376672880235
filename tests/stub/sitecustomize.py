"""Put on the path of a child process, this stands in for ``twin.run`` and for the engine: a run that only counts.

So the supervising of a run is tested fast, and where PyBullet is absent.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any

SCAN_NS = 20_000_000
END_NS = 2_000_000_000


class Run:
    """Two simulated seconds of one signal; calls the controller's ``scan`` with its own request instead of images."""

    def __init__(self, scenario: Any, *, controller: Any, out: Path, watched: bool, **_: Any) -> None:
        from twin.record import RecordWriter
        from twin.signals import Signal, SignalTable

        self.scenario, self.t_ns, self.requests = scenario, 0, {}
        self.controller = controller.make(SignalTable(), self.settings(), SCAN_NS) if controller.controller else None
        table = SignalTable([Signal("stub.count.pv_scans")])
        metadata = {"scenario": scenario.name, "watched": str(watched)}
        self.writer = RecordWriter(
            out, metadata=metadata, tables={"plant": table}, frames=[], flush_s=0.1 if watched else 1.0
        )

    @staticmethod
    def settings() -> Any:
        from twin.control import Settings

        place = {"device": "transfer.full", "x_m": 0.0, "y_m": 0.0, "support_m": 0.0}
        return Settings.from_mapping({"transfer_full": place, "transfer_empty": place, "slots": {}})

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def scan(self) -> bool:
        from twin.errors import ControllerError

        self.t_ns += SCAN_NS
        if self.controller is not None:
            try:
                self.controller.scan(self.t_ns, self.requests, None)
            except OSError:
                raise
            except Exception as error:
                raise ControllerError(f"the controller raised {type(error).__name__}: {error}") from error
        self.writer.row("plant", self.t_ns, [self.t_ns / SCAN_NS])
        self.writer.poll()
        return self.t_ns < self.scenario.time_limit_s * 1e9 and self.t_ns < END_NS

    def progress(self) -> dict[str, Any]:
        return {"t_ns": self.t_ns, "state": "Execute", "phase": "raise"}

    def request(self, request: dict[str, Any]) -> None:
        from twin.errors import InputError

        if "op_nonsense" in request:
            raise InputError(key="op_nonsense", expected="an operator signal", got="op_nonsense")
        self.requests.update(request)

    def flush(self) -> None:
        self.writer.flush()

    def finish(self, verdict: str | None = None) -> dict[str, Any]:
        self.writer.finish()
        return {
            "scenario": self.scenario.name,
            "completed": verdict is None,
            "final_state": "Idle" if verdict is None else "Execute",
            "sim_time_s": self.t_ns / 1e9,
            "seed": self.scenario.seed,
            "min_clearance_mm": float("inf"),
            "requests": self.requests,
            "alarms": [],
            "verdict": verdict,
        }


engine = types.ModuleType("pybullet")
engine.__spec__ = importlib.machinery.ModuleSpec("pybullet", None)
run = types.ModuleType("twin.run")
run.Run = Run  # type: ignore[attr-defined]
sys.modules.update({"pybullet": engine, "twin.run": run})
