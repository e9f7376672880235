"""What the calls of OCPP 2.1 say of a station's slots: the battery swap block, charging, status and meters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

_MOST_TRANSACTIONS = 100_000
Scalar = bool | int | float | str
#: Its own stamp or "", tag, value.
Sample = tuple[str, str, Scalar]


@dataclass
class Told:
    """What one call says.

    Args:
        code: of the entry: the action, and the event's type where it has one. text: for a person.
        time: the call's own stamp or "".
        unread: parts that are not as the schemas have them.
    """

    code: str
    text: str = ""
    time: str = ""
    samples: list[Sample] = field(default_factory=list)
    unread: int = 0

    def add(self, time: str, tag: str, value: Any) -> None:
        """One more sample; what is no scalar is counted."""
        if isinstance(value, bool | int | float | str):
            self.samples.append((time, tag, value))
        elif value is not None:
            self.unread += 1


def read_call(action: str, payload: dict[str, Any], transactions: dict[str, Any]) -> Told:
    """What a call says; of an action that is not known no more than that it was.

    Args:
        transactions: the EVSE of each transaction that began: only its first message has to name it. Kept here.
    """
    if action == "TransactionEvent":
        info = payload.get("transactionInfo")
        transaction = _text(info, "transactionId") if isinstance(info, dict) else ""
        if payload.get("evse") is None:
            payload = {**payload, "evse": transactions.get(transaction)}
        elif len(transactions) < _MOST_TRANSACTIONS:
            transactions[transaction] = payload["evse"]
    kind = payload.get("eventType")
    told = Told(f"{action}/{kind}" if isinstance(kind, str) else action, time=_text(payload, "timestamp"))
    reader = _READERS.get(action)
    if reader is not None:
        reader(payload, told)
    return told


def _battery_swap(payload: dict[str, Any], told: Told) -> None:
    words = [f"request {payload.get('requestId')}"]
    for battery in _objects(payload, "batteryData", told):
        place = _evse(battery.get("evseId"), told)
        if place is None:
            continue
        told.add("", f"{place}/swap", payload.get("eventType"))
        for name, key in (("serial", "serialNumber"), ("soc", "soC"), ("soh", "soH")):
            told.add("", f"{place}/{name}", battery.get(key))
        words.append(f"{place}: {battery.get('serialNumber')}, SoC {battery.get('soC')}, SoH {battery.get('soH')}")
    told.text = "; ".join(words)[:400]


def _request_battery_swap(payload: dict[str, Any], told: Told) -> None:
    told.text = f"request {payload.get('requestId')}"


def _transaction(payload: dict[str, Any], told: Told) -> None:
    info = payload.get("transactionInfo")
    info = info if isinstance(info, dict) else {}
    evse = payload.get("evse")
    place = _evse(evse.get("id"), told) if isinstance(evse, dict) else None
    if place is not None:
        told.add(told.time, f"{place}/transaction", payload.get("eventType"))
        told.add(told.time, f"{place}/charging_state", info.get("chargingState"))
        _meter(payload, place, told)
    elif payload.get("meterValue"):
        told.unread += 1
    where = f"{place}: " if place else ""
    told.text = f"{where}{_text(payload, 'triggerReason')} {_text(info, 'transactionId')}".strip()


def _status(payload: dict[str, Any], told: Told) -> None:
    place = _evse(payload.get("evseId"), told)
    if place is not None:
        connector = payload.get("connectorId")
        at = place if connector in (None, 0, 1) else f"{place}/connector{connector}"
        told.add(told.time, f"{at}/status", payload.get("connectorStatus"))
        told.text = f"{at}: {_text(payload, 'connectorStatus')}"


def _notify_event(payload: dict[str, Any], told: Told) -> None:
    for event in _objects(payload, "eventData", told):
        component, variable = event.get("component"), event.get("variable")
        if not isinstance(component, dict) or not isinstance(variable, dict):
            told.unread += 1
            continue
        evse = component.get("evse")
        place = _evse(evse.get("id"), told) if isinstance(evse, dict) else "station"
        if place is None:
            continue
        name = _text(variable, "name")
        # The state of a slot has one name, whichever message tells it.
        own = "status" if name == "AvailabilityState" else f"{_text(component, 'name')}.{name}"
        told.add(_text(event, "timestamp"), f"{place}/{own}", event.get("actualValue"))


def _meter_values(payload: dict[str, Any], told: Told) -> None:
    place = _evse(payload.get("evseId"), told)
    if place is not None:
        _meter(payload, place, told)


def _meter(payload: dict[str, Any], place: str, told: Told) -> None:
    for meter in _objects(payload, "meterValue", told):
        time = _text(meter, "timestamp")
        for sampled in _objects(meter, "sampledValue", told):
            unit = sampled.get("unitOfMeasure")
            unit = unit if isinstance(unit, dict) else {}
            name = sampled.get("measurand", "Energy.Active.Import.Register")
            parts = [str(part) for part in (name, sampled.get("phase"), sampled.get("location")) if part]
            value, multiplier = sampled.get("value"), unit.get("multiplier", 0)
            if isinstance(value, int | float) and isinstance(multiplier, int) and 0 < abs(multiplier) <= 30:
                value = value * 10.0**multiplier
            told.add(time, f"{place}/{'/'.join(parts)}", value)


def _objects(payload: dict[str, Any], key: str, told: Told) -> Iterator[dict[str, Any]]:
    items = payload.get(key, [])
    if not isinstance(items, list):
        told.unread += 1
        return
    for item in items:
        if isinstance(item, dict):
            yield item
        else:
            told.unread += 1


def _evse(number: object, told: Told) -> str | None:
    if isinstance(number, int) and not isinstance(number, bool):
        return f"evse{number}"
    told.unread += 1
    return None


def _text(payload: dict[str, Any], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


_READERS: dict[str, Callable[[dict[str, Any], Told], None]] = {
    "BatterySwap": _battery_swap,
    "RequestBatterySwap": _request_battery_swap,
    "TransactionEvent": _transaction,
    "StatusNotification": _status,
    "NotifyEvent": _notify_event,
    "MeterValues": _meter_values,
}
