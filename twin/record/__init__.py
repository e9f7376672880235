"""The Record: one MCAP file of signals, poses, events and what is drawn."""

from __future__ import annotations

from twin.record.describe import describe
from twin.record.index import is_record
from twin.record.merge import Recovery, recover
from twin.record.model import Event, Frame, SceneModel
from twin.record.reader import Record
from twin.record.writer import RecordWriter

__all__ = ["Event", "Frame", "Record", "RecordWriter", "Recovery", "SceneModel", "describe", "is_record", "recover"]
