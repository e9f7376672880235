"""Every kind of fault and what it does: physics and supply as flaws of devices, the rest on the way of signals."""

from __future__ import annotations

from typing import Any

from twin import fault as faults
from twin.clock import s_to_ns
from twin.errors import InputError
from twin.fault import axis, bus, fire, lock, pack, power, seat, sensor, truck
from twin.injection.effect import Debris, Effect, Flaw, Flaws, OnTheWay
from twin.injection.site import Site
from twin.plant import fieldbus
from twin.plant.device import Device
from twin.units import deg_to_rad, kw_to_w, mm_to_m


def _truck(site: Site, target: str) -> Device:
    return site.truck


def _bay(site: Site, target: str) -> Device:
    return site.world.bay


def _safety(site: Site, target: str) -> Device:
    return site.world.safety


def _yes(fault: Any) -> bool:
    return True


class _Label(Flaw):
    """What a pack's label is read as: a serial of the scenario, or nothing."""

    def __init__(self) -> None:
        super().__init__("label", Site.pack, _yes)

    def check(self, site: Site, fault: pack.WrongSerial) -> None:  # type: ignore[override]
        super().check(site, fault)
        if fault.reads:
            site.pack(fault.reads)

    def begin(self, site: Site, fault: pack.WrongSerial) -> None:  # type: ignore[override]
        number = site.pack(fault.reads).number if fault.reads else 0
        site.pack(fault.target).afflict("label", number)


def _stuck(site: Site, fault: sensor.SensorStuck) -> fieldbus.Disturbance:
    return fieldbus.Stuck(_signal(site, fault.target), float(fault.value))


def _offset(site: Site, fault: sensor.SensorOffset) -> fieldbus.Disturbance:
    if site.world.inputs.table[_signal(site, fault.target)].type != "real":
        raise InputError(key="target", expected="a signal that is a number with a unit", got=fault.target)
    return fieldbus.Offset(fault.target, fault.offset)


def _swapped(site: Site, fault: sensor.SensorSwapped) -> fieldbus.Disturbance:
    table = site.world.inputs.table
    one, other = (table[_signal(site, name)] for name in (fault.target, fault.other))
    if (one.type, one.unit) != (other.type, other.unit) or one is other:
        raise InputError(key="other", expected=f"another signal of the kind of {one.name}", got=other.name)
    return fieldbus.Swapped([one.name, other.name])


def _lost(site: Site, fault: bus.BusLost) -> fieldbus.Disturbance:
    return fieldbus.Lost(
        site.measured(fault.target), site.commanded(fault.target), zero=fault.inputs == "zero",
        watchdog_ns=s_to_ns(fault.watchdog_s),
    )  # fmt: skip


def _drops_out(site: Site, fault: bus.BusDropsOut) -> fieldbus.Disturbance:
    period_ns = s_to_ns(fault.period_s)
    return fieldbus.Lost(
        site.measured(fault.target), site.commanded(fault.target), watchdog_ns=period_ns, period_ns=period_ns,
        off_share=fault.off_frac,
    )  # fmt: skip


def _signal(site: Site, name: str) -> str:
    return site.world.inputs.table[name].name


EFFECTS: dict[type[faults.Fault], Effect] = {
    lock.LockStuck: Flaw("stuck", Site.latch, _yes),
    lock.LockHalfReleased: Flaw("low_stop", Site.latch, lambda f: f.stroke_frac),
    lock.LockHalfClosed: Flaw("high_stop", Site.latch, lambda f: f.stroke_frac),
    lock.LockSluggish: Flaw("speed_share", Site.latch, lambda f: f.speed_frac),
    lock.LockLoosens: Flaw("loosening_1_s", Site.latch, lambda f: f.rate_1_s),
    seat.SeatDebris: Debris(),
    seat.CouplingBent: Flaw("{part}_off_m", Site.bracket, lambda f: mm_to_m(f.offset_mm)),
    axis.EncoderDrift: Flaw("drift_1_s", Site.axis, lambda f: mm_to_m(f.drift_mm_s)),
    axis.WheelSlip: Flaw("slip_share", Site.axis, lambda f: f.slip_frac),
    axis.BrakeFade: Flaw("brake_share", Site.axis, lambda f: f.force_frac),
    axis.DriveWeak: Flaw("force_share", Site.axis, lambda f: f.force_frac),
    axis.GuideFriction: Flaw("friction", Site.axis, lambda f: f.friction_n),
    axis.DriveTrip: Flaw("trips", Site.axis, _yes),
    axis.DriveSlow: Flaw("speed_share", Site.axis, lambda f: f.speed_frac),
    axis.FloatStuck: Flaw("stuck", Site.plate, _yes),
    axis.KeysJammed: Flaw("jammed", Site.keys, _yes),
    truck.TruckCreep: Flaw("creep_m_s", _truck, lambda f: f.speed_m_s),
    truck.DriverDrivesOff: Flaws(Flaw("brake_let_go", _truck, _yes), Flaw("creep_m_s", _truck, lambda f: f.speed_m_s)),
    truck.ParkBrakeOff: Flaw("brake_let_go", _truck, _yes),
    truck.PayloadShift: Flaw("lean_rad", _truck, lambda f: deg_to_rad(f.roll_deg)),
    truck.SuspensionLeak: Flaws(
        Flaw("sinks_m", _truck, lambda f: mm_to_m(f.depth_mm)),
        Flaw("sinking_m_s", _truck, lambda f: mm_to_m(f.rate_mm_s)),
    ),
    truck.HvStaysOn: Flaw("hv_welded", _truck, _yes),
    truck.ClampWeak: Flaw("clamp_share", _bay, lambda f: f.force_frac),
    truck.ClampJammed: Flaw("clamp_jammed", _bay, _yes),
    sensor.LensDirty: Flaw("noise_factor", _bay, lambda f: f.noise_factor),
    sensor.SensorStuck: OnTheWay(_stuck),
    sensor.SensorSwapped: OnTheWay(_swapped),
    sensor.SensorOffset: OnTheWay(_offset),
    sensor.SensorStale: OnTheWay(lambda site, f: fieldbus.Kept([_signal(site, f.target)])),
    sensor.SensorFlickers: OnTheWay(
        lambda site, f: fieldbus.Flickering(_signal(site, f.target), s_to_ns(f.period_s), f.off_frac)
    ),
    sensor.ClockSkew: OnTheWay(lambda site, f: fieldbus.Late(site.measured(f.target), s_to_ns(f.delay_s))),
    bus.BusLost: OnTheWay(_lost),
    bus.BusDropsOut: OnTheWay(_drops_out),
    pack.WrongSerial: _Label(),
    pack.BmsOff: Flaw("soc_error_frac", Site.pack, lambda f: f.error_frac),
    pack.SlotLatchStuck: Flaw("latch_stuck", Site.slot, _yes),
    pack.SlotConnectorStuck: Flaw("connector_stuck", Site.slot, _yes),
    fire.ConnectorWorn: Flaw("pin_added_ohm", Site.climate, lambda f: f.added_mohm * 1e-3),
    fire.CoolantLeak: Flaw("leak_1_s", Site.climate, lambda f: f.rate_1_s),
    fire.CellRunaway: Flaw("heating_k_s", Site.pack, lambda f: f.heating_k_s),
    power.ChargerModuleLost: Flaw("power_share", Site.slot, lambda f: f.power_frac),
    power.GridLimited: Flaw("limit_w", lambda site, target: site.world.grid, lambda f: kw_to_w(f.limit_kw)),
    power.MainsDip: Flaw("mains_dipped", _safety, _yes),
    power.ContactorWelded: Flaw("welded", _safety, _yes),
    power.ChainBroken: Flaw("wire_broken", _safety, _yes),
    power.DoorOpen: Flaw("door_open", _safety, _yes),
    power.FloorWet: Flaw("floor_wet", _safety, _yes),
}
