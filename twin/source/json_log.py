"""Logs of JSON lines: dumps of MQTT messages, rows with a tag and a value, or records of any fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from twin.source.json_lines import json_lines, leaves, parse, text_of
from twin.source.sample import Batch, Damage
from twin.source.sample_batch import SampleBatch

#: What the fields of a message are called, in lower case.
TIME_KEYS = (
    "timestamp", "ts", "time", "tst", "datetime", "received_at", "receivedat", "received", "@timestamp", "t"
)  # fmt: skip
_TOPIC_KEYS = ("topic", "_topic")
_PAYLOAD_KEYS = ("payload", "message", "msg", "data")
_TAG_KEYS = ("tag", "tagname", "name", "key", "id", "nodeid")
_VALUE_KEYS = ("value", "val", "v")
_QUALITY_KEYS = ("quality", "q", "status")
#: What comes with a message and says nothing of the plant.
_ENVELOPE = frozenset({"qos", "retain", "payloadlen", "mid", "dup"})
#: Some versions of mosquitto_sub write both a Z and the zone.
_TWO_ZONES = re.compile(r"Z(?=[+-]\d\d:?\d\d$)")


class JsonLog:
    """One file of JSON lines.

    A message with a topic gives the leaves of its payload, as ``topic/path``; a payload may be JSON within text. One
    with a tag and a value gives that sample; any other gives its leaves. The time is the message's own, else its
    payload's.
    """

    def __init__(self, source: BinaryIO, stream: str) -> None:
        self._source, self.stream = source, stream

    def batches(self) -> Iterator[Batch]:
        """Samples and damage, in the order of the file."""
        samples = SampleBatch(self.stream)
        for item in json_lines(self._source, self.stream):
            if isinstance(item, Damage):
                yield item
                continue
            row, message = item
            what = self._message(row, message, samples)
            if what:
                yield Damage(self.stream, row, what, text=str(message)[:200])
            yield from samples.take()
        yield from samples.take(all=True)

    def _message(self, row: int, message: Any, samples: SampleBatch) -> str:
        """Take a message in; what could not be read of it, in words."""
        if not isinstance(message, dict):
            return "a line that is no message"
        fields = {str(key).lower(): key for key in message}
        topic_key, time_key = _first(fields, _TOPIC_KEYS), _first(fields, TIME_KEYS)
        topic = message.get(topic_key) if topic_key is not None else None
        if isinstance(topic, str):
            payload = opened(message.get(_first(fields, _PAYLOAD_KEYS)))
        else:
            tag_key, value_key = _first(fields, _TAG_KEYS), _first(fields, _VALUE_KEYS)
            if tag_key is not None and value_key is not None:
                topic, payload = text_of(message[tag_key]), message[value_key]
            else:
                topic = ""
                payload = {k: v for k, v in message.items() if k != time_key and str(k).lower() not in _ENVELOPE}
        time = stamp_of(message.get(time_key)) if time_key is not None else ""
        if not time and isinstance(payload, dict):
            inner = {str(key).lower(): key for key in payload}
            key = _first(inner, TIME_KEYS)
            time = stamp_of(payload.get(key)) if key is not None else ""
            payload = {k: v for k, v in payload.items() if k != key}
        if not time:
            return "a message without a time stamp"
        quality_key = _first(fields, _QUALITY_KEYS) if topic_key is None and topic else None
        quality = text_of(message[quality_key]) if quality_key is not None else None
        if payload is None:
            return "a message without a payload"
        lost = ""
        for path, value in leaves(payload, text_of(topic)):
            if value is None:
                lost = "a message too long or too deep: not all of it is read"
            else:
                samples.add(row, time, path, text_of(value), quality)
        return lost


def opened(payload: Any) -> Any:
    """A payload, or what it holds where it is JSON within text."""
    if isinstance(payload, str) and payload.lstrip()[:1] in ("{", "["):
        try:
            return parse(payload)
        except ValueError:
            return payload
    return payload


def stamp_of(value: Any) -> str:
    """A stamp as text; empty for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    return _TWO_ZONES.sub("", text_of(value))


def _first(fields: dict[str, Any], wanted: tuple[str, ...]) -> Any:
    return next((fields[name] for name in wanted if name in fields), None)
