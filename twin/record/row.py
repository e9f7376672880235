"""One row of a signal table as one protobuf message of fixed length.

The message type follows the signal names, ``area.device.field``, so that a tool that knows nothing of SwapTwin
plots ``/plant.shuttle.lift.pv_position_m``. Reals and integers travel as double (exact to 2^53, may be missing),
enums as sfixed32, bools as one byte. Inside a device the wire order is by type, so that equal types make runs
that numpy copies at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from google.protobuf import descriptor_pb2

from twin.errors import InputError
from twin.record import wire
from twin.signals import Signal, SignalTable

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

#: Stand-ins for "no value" (NaN) where the wire type has none.
MISSING_ENUM = -(2**31)
MISSING_BOOL = 2


@dataclass(frozen=True)
class _Wire:
    kind: int  # protobuf field type
    type: int  # protobuf wire type
    dtype: str
    missing: int | None


_DOUBLE = _Wire(descriptor_pb2.FieldDescriptorProto.TYPE_DOUBLE, 1, "<f8", None)
_SFIXED32 = _Wire(descriptor_pb2.FieldDescriptorProto.TYPE_SFIXED32, 5, "<i4", MISSING_ENUM)
_BOOL = _Wire(descriptor_pb2.FieldDescriptorProto.TYPE_BOOL, 0, "<u1", MISSING_BOOL)
_WIRE_BY_TYPE = {"real": _DOUBLE, "int": _DOUBLE, "enum": _SFIXED32, "bool": _BOOL}
_WIRES = (_DOUBLE, _SFIXED32, _BOOL)


@dataclass(frozen=True)
class _Run:
    """Neighbouring fields of one wire type: columns of the row, and where their values stand in the record."""

    wire: _Wire
    columns: npt.NDArray[np.intp] | slice
    offset: int
    count: int
    step: int


class RowLayout:
    """How the rows of one table are written.

    Args:
        table: the table's name; topic is ``/name``, schema ``swaptwin.<name>.Row``.
        signals: its signals; values of a row come in their order.

    Raises:
        InputError: a name cannot be a field name.
    """

    def __init__(self, table: str, signals: SignalTable) -> None:
        self.table = table
        self.names = signals.names
        self._column = {name: index for index, name in enumerate(self.names)}
        for part in table.split("/"):
            _check_identifier(table, part)
        self.topic = f"/{table}"
        self.package = "swaptwin." + table.replace("/", ".")
        self.schema_name = f"{self.package}.Row"
        self._place: dict[str, tuple[int, _Wire]] = {}
        devices: dict[str, dict[str, list[Signal]]] = {}
        for signal in signals:
            for part in signal.name.split("."):
                _check_identifier(signal.name, part)
            device = signal.device.split(".")[1]
            devices.setdefault(signal.area, {}).setdefault(device, []).append(signal)
        self._devices = devices
        self.template = self._build_template()
        self._runs = self._find_runs()

    @property
    def record_bytes(self) -> int:
        """Length of one message record of this table."""
        return wire.HEADER_BYTES + len(self.template)

    def schema(self) -> bytes:
        """The message type as a serialized FileDescriptorSet."""
        files = descriptor_pb2.FileDescriptorSet()
        file = files.file.add(name=f"swaptwin/{self.table}.proto", package=self.package, syntax="proto3")
        row = file.message_type.add(name="Row")
        label = descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL
        message_type = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
        for area_number, (area, devices) in enumerate(self._devices.items(), start=1):
            area_type = row.nested_type.add(name=f"{area}_area")
            type_name = f".{self.package}.Row.{area_type.name}"
            row.field.add(name=area, number=area_number, label=label, type=message_type, type_name=type_name)
            for device_number, (device, signals) in enumerate(devices.items(), start=1):
                device_type = area_type.nested_type.add(name=f"{device}_device")
                area_type.field.add(
                    name=device,
                    number=device_number,
                    label=label,
                    type=message_type,
                    type_name=f"{type_name}.{device_type.name}",
                )
                for number, signal in enumerate(signals, start=1):
                    kind = _WIRE_BY_TYPE[signal.type].kind
                    device_type.field.add(
                        name=signal.field,
                        number=number,
                        label=label,
                        type=kind,
                    )
        return files.SerializeToString()

    def encode(
        self,
        channel_id: int,
        t_ns: npt.NDArray[np.int64],
        publish_ns: npt.NDArray[np.int64],
        sequence: npt.NDArray[np.uint32],
        values: npt.NDArray[np.float64],
    ) -> wire.Bytes2D:
        """Message records of *values* (n, k), as a byte matrix (n, record_bytes)."""
        records = wire.fill(channel_id, self.template, t_ns, publish_ns, sequence)
        for run in self._runs:
            part = values[:, run.columns]
            if run.wire.missing is not None:
                part = np.where(np.isnan(part), run.wire.missing, part if run.wire is _SFIXED32 else part != 0)
            wire.column(records, run.wire.dtype, run.offset, run.count, run.step)[:] = part
        return records

    def decode(self, records: wire.Bytes2D) -> npt.NDArray[np.float64]:
        """Values (n, k) of message records, in the order of the table."""
        values = np.empty((len(records), len(self.names)), dtype=np.float64)
        for run in self._runs:
            part = wire.column(records, run.wire.dtype, run.offset, run.count, run.step)
            values[:, run.columns] = part if run.wire.missing is None else _restore(part, run.wire.missing)
        return values

    def decode_columns(self, records: wire.Bytes2D, names: Sequence[str]) -> npt.NDArray[np.float64]:
        """Values (n, len(names)) of the named signals only."""
        values = np.empty((len(records), len(names)), dtype=np.float64)
        for index, name in enumerate(names):
            offset, kind = self._place[name]
            part = wire.column(records, kind.dtype, offset)
            values[:, index] = part if kind.missing is None else _restore(part, kind.missing)
        return values

    def _build_template(self) -> bytes:
        out = bytearray()
        for area_number, devices in enumerate(self._devices.values(), start=1):
            area = bytearray()
            places: list[tuple[str, int, _Wire]] = []
            for device_number, signals in enumerate(devices.values(), start=1):
                device = bytearray()
                inside: list[tuple[str, int, _Wire]] = []
                numbered = list(enumerate(signals, start=1))
                for kind in _WIRES:
                    for number, signal in numbered:
                        if _WIRE_BY_TYPE[signal.type] is kind:
                            device += wire.tag(number, kind.type)
                            inside.append((signal.name, len(device), kind))
                            device += bytes(np.dtype(kind.dtype).itemsize)
                area += wire.tag(device_number, 2) + wire.varint(len(device))
                places += [(name, len(area) + offset, kind) for name, offset, kind in inside]
                area += device
            out += wire.tag(area_number, 2) + wire.varint(len(area))
            for name, offset, kind in places:
                self._place[name] = (wire.HEADER_BYTES + len(out) + offset, kind)
            out += area
        return bytes(out)

    def _find_runs(self) -> list[_Run]:
        found: list[_Run] = []
        for kind in _WIRES:
            placed = sorted((offset, self._column[name]) for name, (offset, own) in self._place.items() if own is kind)
            step = np.dtype(kind.dtype).itemsize + 1
            for start, count in wire.runs([offset for offset, _ in placed], step):
                columns = [index for _, index in placed[start : start + count]]
                found.append(_Run(kind, _as_slice(columns), placed[start][0], count, step))
        return found


def _restore(part: npt.NDArray[np.generic], missing: int) -> npt.NDArray[np.float64]:
    values = part.astype(np.float64)
    values[values == missing] = np.nan
    return values


def _as_slice(columns: list[int]) -> npt.NDArray[np.intp] | slice:
    if columns == list(range(columns[0], columns[0] + len(columns))):
        return slice(columns[0], columns[0] + len(columns))
    return np.array(columns, dtype=np.intp)


def _check_identifier(name: str, part: str) -> None:
    if not _IDENTIFIER.fullmatch(part):
        raise InputError(key=name, expected="ASCII letters, digits and _, not starting with a digit", got=part)
