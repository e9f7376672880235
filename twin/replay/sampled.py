"""A plant's log, coarser than a scan: what the controller gets of each input, and what the log says was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twin.record import Record
from twin.replay.feed import Drive, Feed, Times, Values
from twin.replay.missing import Instead, instead_of
from twin.replay.rule import InputRule
from twin.replay.sampling import NOISE_BANDS, Samples, validity
from twin.replay.site import SERIALS, map_of
from twin.signals import Signal, SignalTable

#: Nothing is under way: what these say, and where these axes stand.
_IDLE = {"bay.sensor.st_truck_present": 0.0, "bay.sensor.st_clear": 1.0, "crane.load.st_pack_present": 0.0}
_STANDS = ("crane.travel.pv_position_m", "crane.hoist.pv_position_m", "crane.fork.pv_position_m",
           "shuttle.travel.pv_position_m")  # fmt: skip
#: Clocks of a log's streams may be so far apart where nothing tells more.
_CLOCKS_NS = 1_000_000_000
#: A sensor's word that what it measured is new.
_VALID = "st_valid"
#: An axis that stands is where it was sent, when it is no farther from there than so many of its bands: the set point
#: itself was computed from what the log knows to a band.
_SENT_BANDS = 5.0
_POSITION_OF = {"pv_speed_m_s": "pv_position_m", "pv_speed_rad_s": "pv_position_rad"}


class SampledLog:
    """The inputs and outputs of a log, brought to scans.

    Args:
        inputs, outputs: the controller's; a label has the controller's number. scan_ns: how often it scans.
        why: where its settings come from.
    """

    def __init__(self, record: Record, inputs: SignalTable, outputs: SignalTable, scan_ns: int, why: str) -> None:
        self.inputs, self._outputs, self._map = inputs, outputs, map_of(record)
        logged = {signal.name: signal for signal in record.signals}
        self._samples = {
            signal.name: self._read(record, logged[signal.name], signal)
            for signal in (*inputs, *outputs)
            if signal.name in logged
        }
        for signal in inputs:
            if signal.field == _VALID and signal.name in self._samples:
                of_it = [self._samples[s.name] for s in inputs if s.device == signal.device and self._is_value(s)]
                self._samples[signal.name] = validity(self._samples[signal.name], of_it)
        # What is written holds until the log says otherwise, a set point too.
        self._written = {
            name: replace(self._samples[name], steps=True) for name in outputs.names if name in self._samples
        }
        #: Outputs that the log has.
        self.written = list(self._written)
        self._scan_ns = scan_ns
        self.rules, self._missing = self._rules()
        with_samples = [self._samples[name] for name in inputs.names if self._has(name)]
        firsts = [int(self._samples[s.name].t_ns[0]) for s in inputs if self._has(s.name) and s.field not in SERIALS]
        begin_ns = max(firsts, default=0)
        self.scans: Times = np.arange(begin_ns, record.end_ns + 1, scan_ns, dtype=np.int64)
        # An input may be late by a look, and so may what is compared with it.
        self.tolerance_ns = 2 * max((one.period_ns for one in with_samples), default=0) + _CLOCKS_NS
        self.from_start, self.why = False, why

    def _read(self, record: Record, logged: Signal, wanted: Signal) -> Samples:
        samples = Samples.of(record, logged, self._map)
        values = samples.values
        if wanted.labels and dict(wanted.labels) != dict(logged.labels):
            numbers = {label: number for number, label in wanted.labels.items()}
            said = {float(number): numbers.get(label, np.nan) for number, label in logged.labels.items()}
            values = np.array([said.get(v, np.nan if np.isnan(v) else v) for v in values.tolist()], dtype=np.float64)
        if wanted.field in SERIALS:
            # A place that names nobody is empty.
            values = np.nan_to_num(values, nan=0.0)
        return Samples(
            samples.t_ns, values, samples.period_ns, samples.periodic, samples.band, wanted.steps or logged.steps
        )

    def idle(self, scans: Times) -> npt.NDArray[np.bool_]:
        """Where no truck is there, the crane stands with nothing on its fork, and the log says nothing else."""
        found = np.ones(len(scans), dtype=bool)
        for name, value in _IDLE.items():
            if not self._has(name):
                return np.zeros(len(scans), dtype=bool)
            found &= self._samples[name].at(scans) == value
        for name in _STANDS:
            found &= self._has(name) and ~self._samples[name].moving(scans)[0]
        return found

    def period_ns(self, name: str) -> int:
        """How often the log looks at a signal."""
        return self._samples[name].period_ns

    def _is_value(self, signal: Signal) -> bool:
        return signal.kind == "pv" and signal.type == "real" and self._has(signal.name)

    def _has(self, name: str) -> bool:
        return name in self._samples and len(self._samples[name].t_ns) > 0

    # -- inputs --------------------------------------------------------------------------------------------------

    def feed(self, scans: Times) -> Feed:
        """The inputs at each scan."""
        names = self.inputs.names
        values = np.empty((len(scans), len(names)))
        known = np.ones(len(scans), dtype=bool)
        for column, name in enumerate(names):
            values[:, column] = self.input(name, scans)
            known &= ~np.isnan(values[:, column])
            if self._has(name):
                known &= ~self._samples[name].silent(scans)
        np.nan_to_num(values, copy=False)
        return Feed(scans, names, values, self.rules, known, self._drives(scans))

    def input(self, name: str, scans: Times) -> Values:
        """One input at each scan (n,); NaN before the log first says it."""
        if not self._has(name):
            instead: Values = self._missing[name].at(scans, self._samples)
            return instead
        values: Values = self._at(name, scans)
        if self.inputs[name].field in SERIALS:
            np.nan_to_num(values, copy=False)
        return values

    def _at(self, name: str, scans: Times) -> Values:
        samples = self._samples[name]
        values = samples.at(scans)
        device, field = name.rsplit(".", 1)
        position = f"{device}.{_POSITION_OF.get(field, '')}"
        if samples.band and self._is_driven(position):
            # The last sample before a stand is up to a band off, and told at another look than the position's.
            moves, rate = self._samples[position].moving(scans)
            values = np.where(moves, np.where(np.abs(values) > NOISE_BANDS * samples.band, values, rate), 0.0)
        return values

    def _is_driven(self, position: str) -> bool:
        """Whether it is the position of a drive, known to a band."""
        to = position.replace(".pv_", ".sp_")
        return to in self._outputs and self._has(position) and self._samples[position].band > 0

    def _drives(self, scans: Times) -> list[Drive]:
        found = []
        for speed, position in _POSITION_OF.items():
            for device in dict.fromkeys(signal.device for signal in self.inputs):
                name = f"{device}.{position}"
                if f"{device}.{speed}" in self.inputs and self._is_driven(name):
                    samples = self._samples[name]
                    stands = (~samples.moving(scans)[0]).tolist()
                    unit = position.removeprefix("pv_position_")
                    look = -(-samples.period_ns // self._scan_ns)
                    found.append(Drive(device, unit, stands, _SENT_BANDS * samples.band, look))
        return found

    def _rules(self) -> tuple[list[InputRule], dict[str, Instead]]:
        rules: list[InputRule] = []
        missing: dict[str, Instead] = {}
        for signal in self.inputs:
            if not self._has(signal.name):
                missing[signal.name] = instead = instead_of(signal, self._samples)
                rules.append(InputRule(signal.name, "missing", instead.why))
                continue
            samples = self._samples[signal.name]
            looked = f"looked at every {samples.period_ns / 1e9:g} s" if samples.period_ns else "written as it changes"
            if samples.steps:
                also = "; and for a look once what it speaks of has changed" if signal.field == _VALID else ""
                rules.append(InputRule(signal.name, "held", f"until the next sample; {looked}{also}"))
            else:
                band = f", known to {samples.band:g} {signal.unit}" if samples.band else ""
                rules.append(InputRule(signal.name, "interpolated", f"held while silent; {looked}{band}"))
        return rules, missing

    # -- outputs -------------------------------------------------------------------------------------------------

    def said(self, names: Iterable[str], scans: Times) -> Values:
        """What the log says was written, at each scan (n, k); NaN before the first sample."""
        columns = [self._held(name, scans) for name in names]
        return np.stack(columns, axis=1) if columns else np.empty((len(scans), 0))

    def _held(self, name: str, scans: Times) -> Values:
        samples = self._written.get(name)
        return np.full(len(scans), np.nan) if samples is None else samples.at(scans)
