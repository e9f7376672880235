"""OCPP 2.1 message logs as JSON lines: swaps, slots and charging of a battery swap station.

One slot is one EVSE. In a swap station a slot that is ``Available`` is empty and one that is ``Occupied`` holds a pack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from twin.source.json_lines import json_lines, text_of
from twin.source.json_log import TIME_KEYS, opened, stamp_of
from twin.source.ocpp_block import Told, read_call
from twin.source.sample import Batch, Damage, JournalEntry
from twin.source.sample_batch import SampleBatch

_CALL, _RESULT, _ERROR, _RESULT_ERROR, _SEND = 2, 3, 4, 5, 6
_LENGTHS = {_CALL: 4, _RESULT: 3, _ERROR: 5, _RESULT_ERROR: 5, _SEND: 4}
_STATION_KEYS = ("stationId", "station", "chargePointId", "chargingStationId", "cpId", "identity")
#: Calls whose answer may come; more are not waited for.
_MOST_WAITING = 100_000
#: Messages that come all the time: what they carry are samples, and they stand on no timeline.
_QUIET = frozenset({"Heartbeat", "MeterValues", "StatusNotification", "NotifyEvent", "TransactionEvent/Updated"})


@dataclass(frozen=True)
class Frame:
    """A message of OCPP with what its log wrote beside it."""

    time: str
    station: str
    kind: int
    id: str
    rest: list[Any]


def frame_of(line: Any) -> Frame | None:
    """The message in a line of a log, in whatever it is wrapped; None when there is none."""
    if isinstance(line, dict):
        time = next((stamp_of(line[key]) for key in (*TIME_KEYS, "Timestamp") if key in line), "")
        station = next((text_of(line[key]) for key in _STATION_KEYS if isinstance(line.get(key), str | int)), "")
        message = next((found for value in line.values() if (found := _message(opened(value)))), None)
    elif isinstance(line, list):
        message = _message(line) or next((found for value in line if (found := _message(opened(value)))), None)
        time = "" if message is line else next((stamp_of(value) for value in line if stamp_of(value)), "")
        station = ""
    else:
        return None
    if message is None:
        return None
    return Frame(time, station, message[0], str(message[1]), message[2:])


class Ocpp:
    """One log. What a message says of a slot becomes samples of ``evse1/soc`` and the like; messages become entries.

    The time is the message's own where it has one, else its log's. Tokens that name a person are left out. Answers are
    matched to calls by their id; an error, or a refusal, is an entry.
    """

    def __init__(self, source: BinaryIO, stream: str) -> None:
        self._source, self.stream = source, stream
        #: Calls that wait for their answer: id to action.
        self._waiting: dict[str, str] = {}
        self._transactions: dict[str, Any] = {}

    def batches(self) -> Iterator[Batch]:
        """Samples, entries and damage, in the order of the file."""
        samples = SampleBatch(self.stream)
        for item in json_lines(self._source, self.stream):
            if isinstance(item, Damage):
                # What stands in a line that cannot be read may name a person.
                yield replace(item, text="")
                continue
            row, line = item
            frame = frame_of(line)
            if frame is None:
                yield Damage(self.stream, row, "no message of OCPP")
            elif frame.kind in (_CALL, _SEND):
                yield from self._call(row, frame, samples)
            else:
                yield from self._answer(row, frame)
            yield from samples.take()
        yield from samples.take(all=True)
        if self._waiting:
            yield Damage(self.stream, 0, "calls without an answer", len(self._waiting))

    def _call(self, row: int, frame: Frame, samples: SampleBatch) -> Iterator[Batch]:
        action, payload = frame.rest[0], frame.rest[1]
        if not isinstance(action, str) or not isinstance(payload, dict):
            yield Damage(self.stream, row, "a call without an action or a payload")
            return
        if frame.kind == _CALL and len(self._waiting) < _MOST_WAITING:
            self._waiting[frame.id] = action
        told: Told = read_call(action, payload, self._transactions)
        if told.unread:
            yield Damage(self.stream, row, f"part of a {action} that is not as OCPP 2.1 has it", told.unread)
        place = f"{frame.station}/" if frame.station else ""
        unstamped = 0
        for time, tag, value in told.samples:
            stamp = time or frame.time
            if stamp:
                samples.add(row, stamp, f"{place}{tag}", text_of(value))
            else:
                unstamped += 1
        stamp = told.time or frame.time
        if unstamped or not stamp:
            yield Damage(self.stream, row, "a message without a time stamp", max(unstamped, 1))
        if stamp and told.code not in _QUIET:
            yield JournalEntry(self.stream, row, raised=stamp, code=f"{place}{told.code}", text=told.text, kind="event")

    def _answer(self, row: int, frame: Frame) -> Iterator[Batch]:
        action = self._waiting.pop(frame.id, None)
        if action is None:
            yield Damage(self.stream, row, "an answer to no call of this log")
            action = "unknown"
        if frame.kind == _RESULT:
            status = frame.rest[0].get("status") if isinstance(frame.rest[0], dict) else None
            if status in (None, "Accepted") and action != "RequestBatterySwap":
                return
            code, text = f"{action}/answer", text_of(status) if isinstance(status, str) else ""
        else:
            code, text = f"{action}/{text_of(str(frame.rest[0]))}", text_of(str(frame.rest[1]))
        if frame.time:
            yield JournalEntry(self.stream, row, raised=frame.time, code=code, text=text, kind="event")
        else:
            yield Damage(self.stream, row, "a message without a time stamp")


def _message(value: Any) -> list[Any] | None:
    """A value that is a message: its type, its id, and what belongs to the type."""
    if not isinstance(value, list) or len(value) < 3 or isinstance(value[0], bool) or value[0] not in _LENGTHS:
        return None
    return value if len(value) == _LENGTHS[value[0]] and isinstance(value[1], str) else None
