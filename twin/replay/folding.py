"""One cause, one finding: what follows from a difference is told with it, and what comes again is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from twin.replay.difference import MOST_FOLLOWERS, STATES, Difference
from twin.replay.words import with_followers

#: What differs for so long after a device or a sequence has agreed again is still its consequence.
_ECHO_NS = 200_000_000
#: Of what differs first in the same scan, which is the cause: by kind of signal, the first of them. A sequence's step
#: comes before what the station shows of it.
_RANK = ("alm", "seq_step", "seq_state", "ilk", "seq", "cmd", "sp")


def folded(found: Sequence[Difference]) -> list[Difference]:
    """Differences in order of time, each with what follows from it.

    While a sequence or a state is another one, everything that begins to differ follows from that. Else what begins to
    differ at a device while it differs already follows. The same difference again is counted with the first.
    """
    ordered = sorted(found, key=lambda one: (one.t_ns, _rank(one)))
    groups: list[list[Difference]] = []
    #: Until when what begins belongs to a group: of the sequence as a whole, and by device.
    by_state: tuple[int, int] | None = None
    by_device: dict[str, tuple[int, int]] = {}
    for one in ordered:
        device = one.signal.rsplit(".", 1)[0]
        if by_state is not None and one.t_ns <= by_state[1] + _ECHO_NS:
            number = by_state[0]
        elif device in by_device and one.t_ns <= by_device[device][1] + _ECHO_NS and not _same(groups, by_device, one):
            number = by_device[device][0]
        else:
            number = len(groups)
            groups.append([])
        groups[number].append(one)
        if _is_state(one) or one.signal.rsplit(".", 1)[-1].startswith("alm_"):
            # An alarm is the cause of the state that it leads to at once, not of all that comes while it stands.
            end_ns = one.end_ns if _is_state(one) else one.t_ns
            by_state = (number, end_ns if by_state is None or by_state[0] != number else max(end_ns, by_state[1]))
        by_device[device] = (number, max(one.end_ns, by_device.get(device, (0, one.end_ns))[1]))
    return _told(groups)


def _same(groups: Sequence[Sequence[Difference]], by_device: dict[str, tuple[int, int]], one: Difference) -> bool:
    """Whether it is what led its device's group, come again: that is counted and follows from nothing."""
    return groups[by_device[one.signal.rsplit(".", 1)[0]][0]][0].key == one.key


def _rank(one: Difference) -> int:
    if one.kind.startswith("sample"):
        return -1
    field = one.signal.rsplit(".", 1)[1]
    return next((n for n, start in enumerate(_RANK) if field.startswith(start)), len(_RANK))


def _is_state(one: Difference) -> bool:
    """Whether the controller is in another step or state: what else it does then is no fault of its own."""
    field = one.signal.rsplit(".", 1)[-1]
    return field in STATES


def _told(groups: Sequence[Sequence[Difference]]) -> list[Difference]:
    """Each group led by its first; groups with the same lead are one, in order of time."""
    leads: dict[str, list[Difference]] = {}
    others: dict[str, list[Difference]] = {}
    for first, *rest in groups:
        leads.setdefault(first.key, []).append(first)
        others.setdefault(first.key, []).extend(rest)
    found = []
    for key, same in leads.items():
        followers = _counted(others[key])
        lead, text = _once(same), with_followers(_once(same).text, len(followers))
        found.append(replace(lead, followers=tuple(followers[:MOST_FOLLOWERS]), follow=len(followers), text=text))
    return found


def _counted(found: Sequence[Difference]) -> list[Difference]:
    """What has the same key is told once, with how often it comes; its text is of the first."""
    by_key: dict[str, list[Difference]] = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one)
    return [_once(same) for same in by_key.values()]


def _once(same: Sequence[Difference]) -> Difference:
    first = same[0]
    if len(same) == 1:
        return first
    count = sum(one.count for one in same)
    text = {"en": f"{first.text['en']} ({count} times)", "zh": f"{first.text['zh']}（共 {count} 次）"}
    return replace(first, count=count, text=text)
