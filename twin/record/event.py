"""Events as ``foxglove.Log`` messages in JSON, and back."""

from __future__ import annotations

import json

from twin.errors import RecordError
from twin.record.model import Event, Level

TOPIC = "/events"
_NS = 1_000_000_000
_NUMBER_BY_LEVEL: dict[Level, int] = {"debug": 1, "info": 2, "warning": 3, "error": 4, "fatal": 5}
_LEVEL_BY_NUMBER: dict[int, Level] = {number: level for level, number in _NUMBER_BY_LEVEL.items()}


def encode_event(event: Event) -> bytes:
    """The event as a ``foxglove.Log`` JSON object, with ``kind`` and ``data`` beside the standard fields."""
    return json.dumps(
        {
            "timestamp": {"sec": event.t_ns // _NS, "nsec": event.t_ns % _NS},
            "level": _NUMBER_BY_LEVEL[event.level],
            "name": event.name,
            "message": event.message,
            "file": "",
            "line": 0,
            "kind": event.kind,
            "data": event.data,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def decode_event(data: bytes) -> Event:
    """The inverse of :func:`encode_event`.

    Raises:
        RecordError: the bytes are no event.
    """
    try:
        log = json.loads(data)
        return Event(
            t_ns=log["timestamp"]["sec"] * _NS + log["timestamp"]["nsec"],
            kind=log.get("kind", "event"),
            name=log["name"],
            message=log["message"],
            level=_LEVEL_BY_NUMBER.get(log["level"], "info"),
            data=log.get("data", {}),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"an event cannot be read: {error!r}") from error
