"""What it takes to run a simulated Record again, exactly: its scenario with what people asked, and its program."""

from __future__ import annotations

import json
from dataclasses import dataclass

from twin.clock import ms_to_ns, ns_to_s
from twin.errors import InputError, RecordError
from twin.event import ScenarioEvent, TimeCondition
from twin.program import OWN, Handover, Program
from twin.rebuild.asked import asked_for
from twin.record import Record
from twin.scenario import Scenario, parse_scenario


@dataclass(frozen=True)
class Rerun:
    """A run that gives the same numbers as a Record, bit for bit, on the versions that it was made with."""

    scenario: Scenario
    program: Program | Handover

    @property
    def by_own(self) -> bool:
        """Whether the station's own controller runs all of it."""
        return isinstance(self.program, Program) and not self.program.controller


def rerun_of(record: Record) -> Rerun:
    """How a simulated Record is run again. Requests that people made at a page become events of the scenario.

    Raises:
        InputError: the Record does not come from a simulation.
    """
    try:
        text = record.attachment("scenario.yaml").decode()
    except RecordError:
        raise InputError(
            key="log", expected="a record of a simulation, with its scenario in it", got="none", file=record.path
        ) from None
    metadata = record.metadata
    scenario = parse_scenario(text, name=metadata.get("scenario", "scenario"))
    asked = [
        ScenarioEvent(at=TimeCondition(time_s=ns_to_s(event.t_ns)), do=action)
        for event in record.events()
        if (action := asked_for(event)) is not None
    ]
    if asked:
        # A run that somebody watches goes on until he stops it; its last scan belongs to it.
        limit_s = max(scenario.time_limit_s, ns_to_s(record.end_ns + ms_to_ns(scenario.scan_ms)))
        scenario = scenario.model_copy(update={"time_limit_s": limit_s}).with_events(asked)
    named = metadata.get("controller", OWN)
    first = Program("" if named == OWN else named)
    return Rerun(scenario, Handover.from_list(first, json.loads(metadata.get("handovers", "[]"))))
