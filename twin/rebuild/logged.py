"""The situations of a foreign log: one for each swap that is found in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from twin import assets
from twin import event as events
from twin.analysis.cause_table import CauseTable, cause_table_of
from twin.analysis.phase_table import PhaseTable, phase_table_of
from twin.analysis.phases import Swap, find_in
from twin.analysis.samples import RecordSamples
from twin.errors import InputError
from twin.formula.document import Sentence
from twin.panel import phase_labels
from twin.rebuild.anchor import STATE, Anchors
from twin.rebuild.course import happenings
from twin.rebuild.happening import NS, Happening, value_at
from twin.rebuild.known import Known, known
from twin.rebuild.parking import measured, parking
from twin.rebuild.situation import Situation
from twin.rebuild.stock import Stock, positions, stock
from twin.record import Record
from twin.scenario import IDENTITY, Pack, Parking, Scenario, Truck, parse_scenario

_PHASE = "station.unit.seq_phase"
#: The phases in which a pack comes off the truck, and in which its pose is measured again.
_PACK_OFF, _MEASURED_AGAIN = "lower", "return"
_ID = re.compile(IDENTITY)
#: States of a station that was stopped, and of one that is being.
_STOPPED = frozenset(
    {"Holding", "Held", "Suspending", "Suspended", "Aborting", "Aborted", "Stopping", "Stopped", "Clearing"}
)
#: A log may show what stopped the station so much after the stop, and a phase so much after it began.
_SEEN_LATE_NS = 2 * NS
#: A run of the situation may take so much longer than the log, and not less than this.
_LONGER, _LEAST_S = 1.5, 300.0


def logged(record: Record) -> list[Situation]:
    """A situation for each swap of a log.

    Raises:
        InputError: the log names no station that is known, or lacks the signals by which swaps are found.
    """
    samples = RecordSamples(record, bridged=True)
    table = phase_table_of(record)
    found = find_in(samples, table)
    station = assets.load_station(record.metadata["station"])
    try:
        causes: CauseTable | None = cause_table_of(record)
    except InputError:
        causes = None
    return [_one(record, samples, station, table, causes, swap) for swap in found.swaps]


def _one(
    record: Record,
    samples: RecordSamples,
    station: assets.Station,
    table: PhaseTable,
    causes: CauseTable | None,
    swap: Swap,
) -> Situation:
    facts: list[Known] = []
    start_ns = record.start_ns if swap.start_ns is None else swap.start_ns
    end_ns = record.end_ns if swap.end_ns is None else swap.end_ns
    begins = {span.name: span.start_ns for span in reversed(swap.phases) if span.start_ns is not None}
    if swap.start_ns is None:
        facts.append(
            known(
                "start", "", "assumed", "The log begins in mid-swap: the swap is played from its beginning.",
                "日志始于换电途中：从头开始重演。",
            )
        )  # fmt: skip
    # Where it stands is measured before the shuttle sets off, and by then its interface has told what it carries.
    parked_ns = begins.get("approach") or begins.get("measure") or end_ns
    first = swap.phases[0].name
    valid = None
    if _comes_before(table, first, _PACK_OFF):
        valid = measured(samples, start_ns, begins.get(_PACK_OFF, end_ns))
    if valid is not None:
        where, told = parking(samples, station, *valid, loaded=True)
    elif swap.start_ns is None and "measure" not in begins:
        # What stood when the log began is what was measured: before the return, of a truck with all its packs.
        loaded = _comes_before(table, first, _MEASURED_AGAIN)
        where, told = parking(samples, station, start_ns, start_ns + NS, loaded=loaded)
    else:
        until_ns = parked_ns if "approach" in begins else end_ns
        where, told = parking(samples, station, begins.get("measure"), until_ns, loaded=True)
    facts += told
    mask = _first_positive(samples, "truck.interface.pv_position_mask", start_ns, end_ns)
    taken_off = swap.start_ns is None and not _comes_before(table, first, _PACK_OFF)
    packs = stock(record, samples, start_ns, parked_ns, end_ns, mask, taken_off=taken_off)
    truck = _truck(samples, packs, where, mask, (start_ns, end_ns), facts)
    facts += packs.known
    happened = happenings(samples, record.events(), causes, start_ns, end_ns)
    facts += happened.known
    script = _script(samples, swap, happened.found, start_ns, end_ns, facts)
    if swap.outcome == "cut_off":
        facts.append(
            known(
                "end",
                "",
                "not known",
                "Another truck came before this one was seen to leave.",
                "未见该车离开即有下一辆车。",
            )
        )
    name = Path(record.path).stem
    text = {"en": f"Swap {swap.number} of {name}, rebuilt", "zh": f"{name} 第 {swap.number} 次换电，重建"}
    scenario = Scenario(
        text=text,  # type: ignore[arg-type]
        station=record.metadata["station"],
        time_limit_s=round(max(_LEAST_S, _LONGER * (end_ns - start_ns) / NS), 1),
        inventory=packs.inventory,
        truck=truck,
        events=script,
    )
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", name)
    return Situation(parse_scenario(scenario.to_yaml(), name=f"{safe}_swap{swap.number}"), facts, start_ns, end_ns)


def _comes_before(table: PhaseTable, name: str, other: str) -> bool:
    """Whether a phase stands before another in the table; False where there is no such other."""
    order = list(table.phases)
    return other in order and order.index(name) < order.index(other)


def _truck(
    samples: RecordSamples,
    packs: Stock,
    where: Parking,
    mask: float | None,
    span_ns: tuple[int, int],
    facts: list[Known],
) -> Truck:
    identity = _label(samples, "truck.interface.pv_truck_id", *span_ns)
    if identity is None:
        facts.append(
            known("truck.id", "TRK-0001", "assumed", "The log does not name the truck.", "日志未给出车辆编号。")
        )
    else:
        facts.append(known("truck.id", identity, "logged", "The truck that came.", "来车。"))
    kind = Truck().asset
    facts.append(known("truck.asset", kind, "assumed", "A log does not tell the truck's type.", "日志未给出车辆型号。"))
    if not packs.truck:
        packs.truck["p2"] = Pack(serial="PACK-9999", soc_frac=0.2)
        facts.append(
            known(
                "truck.packs", "p2", "assumed", "The log does not show what the truck carried: one pack in the middle.",
                "日志未显示车载电池：按中间位置一块处理。",
            )
        )  # fmt: skip
    else:
        carried = ", ".join(f"{position} {pack.serial}" for position, pack in sorted(packs.truck.items()))
        facts.append(known("truck.packs", carried, "logged", "What the truck brought.", "来车所带电池包。"))
    wanted = positions(mask, packs.truck)
    facts.append(
        known(
            "truck.swap",
            ", ".join(wanted),
            "assumed" if mask is None else "logged",
            "The positions to be swapped.",
            "需更换的位置。",
        )
    )
    return Truck(
        asset=kind,
        id=identity or "TRK-0001",
        packs=dict(sorted(packs.truck.items())),  # type: ignore[arg-type]
        swap=wanted,  # type: ignore[arg-type]
        parking=where,
    )


def _label(samples: RecordSamples, name: str, start_ns: int, end_ns: int) -> str | None:
    """The last label in a stretch that can be an id."""
    signal = samples.signals.get(name)
    if signal is None:
        return None
    t_ns, values = samples.series(name)
    # What stood as it began counts where nothing new came.
    told = [value_at(samples, name, start_ns), *values[(t_ns >= start_ns - NS) & (t_ns <= end_ns)]]
    labels = (signal.labels.get(int(value), "") for value in told[::-1] if not np.isnan(value))
    return next((label for label in labels if _ID.match(label)), None)


def _first_positive(samples: RecordSamples, name: str, start_ns: int, end_ns: int) -> float | None:
    """The first value above 0 of a stretch, with what stood as it began."""
    if name not in samples.signals:
        return None
    t_ns, values = samples.series(name)
    told = np.append(value_at(samples, name, start_ns), values[(t_ns > start_ns) & (t_ns <= end_ns)])
    told = told[told > 0]
    return float(told[0]) if len(told) else None


# -- what happens ------------------------------------------------------------------------------------------------------


def _script(
    samples: RecordSamples, swap: Swap, found: Sequence[Happening], start_ns: int, end_ns: int, facts: list[Known]
) -> list[events.ScenarioEvent]:
    anchors = Anchors(_phases(samples, swap, start_ns, end_ns), _states(samples, start_ns, end_ns), origin_ns=start_ns)
    script = []
    for n, one in enumerate(before_what_followed(found, anchors.states), 1):
        name = f"{_called(one.action)}_{n}"
        if one.t_ns is None:
            at: events.Condition = events.TimeCondition(time_s=0.0)
            facts.append(Known(one.what, "from the beginning", one.how, one.error, one.text))
        else:
            answer = anchors.answer(one.t_ns)
            at = answer.at
            anchors.before = (name, one.t_ns)
            told = Sentence(en=f"{one.text.en[:-1]}: {answer.text.en}.", zh=f"{one.text.zh[:-1]}：{answer.text.zh}。")
            how = "assumed" if one.how == "assumed" else answer.how
            facts.append(Known(one.what, answer.text.en, how, one.error, told))
        script.append(events.ScenarioEvent(id=name, at=at, do=one.action))
        if one.ends is not None:
            ended_ns, until, action = one.ends
            reached = events.SignalCondition(signal=until.signal, above=until.above, below=until.below, after=name)
            script.append(events.ScenarioEvent(id=f"{name}_end", at=reached, do=action))
            anchors.before = (f"{name}_end", ended_ns)
    return script


def before_what_followed(found: Sequence[Happening], states: Sequence[tuple[int, str]]) -> list[Happening]:
    """With what stopped the station put before its stop, where the log, looking rarely, shows it after."""
    stops = [t_ns for (_, was), (t_ns, label) in pairwise(states) if label in _STOPPED and was not in _STOPPED]
    moved = []
    for one in found:
        earlier = [t for t in stops if one.t_ns is not None and one.t_ns - _SEEN_LATE_NS <= t <= one.t_ns]
        outside = not isinstance(one.action, events.OperatorAction | events.ClearAction)
        moved.append(replace(one, t_ns=earlier[-1] - 1) if earlier and outside else one)
    return sorted(moved, key=lambda one: -1 if one.t_ns is None else one.t_ns)


def _called(action: events.Action) -> str:
    """A short word for what happens, for the ids of events."""
    if isinstance(action, events.OperatorAction):
        return next(iter(action.set)).replace(".", "_")
    if isinstance(action, events.FaultAction):
        return action.fault.tag
    return f"mended_{action.name}" if isinstance(action, events.ClearAction) else action.tag


def _phases(samples: RecordSamples, swap: Swap, start_ns: int, end_ns: int) -> list[tuple[int, str]]:
    """Beginnings of phases as the controller told them, or as the plant's signals show them where it did not.

    What the controller told is seen late by as long as the log does not look; where the plant showed the same
    beginning earlier, that is when it was.
    """
    known_ = set(phase_labels())
    shown = [(s.start_ns, s.name) for s in swap.phases if s.start_ns is not None and s.name in known_]
    told = [one for one in _labels(samples, _PHASE, start_ns - 10 * NS, end_ns) if one[1] in known_]
    if not told:
        return shown
    found = []
    for t_ns, name in told:
        earlier = [t for t, other in shown if other == name and t_ns - _SEEN_LATE_NS <= t <= t_ns]
        found.append((min(earlier, default=t_ns), name))
    return found


def _states(samples: RecordSamples, start_ns: int, end_ns: int) -> list[tuple[int, str]]:
    return _labels(samples, STATE, start_ns, end_ns)


def _labels(samples: RecordSamples, name: str, start_ns: int, end_ns: int) -> list[tuple[int, str]]:
    """Changes of an enum within a stretch, with their labels."""
    signal = samples.signals.get(name)
    if signal is None:
        return []
    t_ns, values = samples.series(name)
    fresh = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
    return [(int(t_ns[n]), signal.labels.get(int(values[n]), "")) for n in fresh if start_ns <= t_ns[n] <= end_ns]
