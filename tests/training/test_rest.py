"""Where every pack rests or is locked, of Records made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from twin.record import Frame, Record, RecordWriter
from twin.training.rest import rest_of

S, SCAN_NS = 1_000_000_000, 20_000_000
Height = Callable[[float], float]


def made(path: Path, truck: Height, *packs: Height) -> Record:
    """A truck and packs, each so far along x after so many seconds; 10 s long."""
    frames = [Frame("truck0.mark", "world"), Frame("truck0.chassis", "truck0.mark")]
    frames += [Frame(f"pack.P{n}", "world") for n in range(len(packs))]
    pose = np.zeros((len(frames), 7))
    pose[:, 6] = 1.0
    with RecordWriter(path, metadata={"scan_ns": str(SCAN_NS)}, tables={}, frames=frames) as writer:
        for t_ns in range(0, 10 * S, SCAN_NS):
            pose[0, 0], pose[2:, 0] = truck(t_ns / S), [pack(t_ns / S) for pack in packs]
            writer.poses(t_ns, pose)
    return Record.open(path)


def moves(start_s: float, end_s: float) -> Height:
    """0.1 m/s between two instants."""
    return lambda t_s: 0.1 * float(np.clip(t_s, start_s, end_s) - start_s)


def test_a_pack_that_moves_does_not_rest_and_the_nearest_instants_are_found(tmp_path: Path) -> None:
    found = rest_of(made(tmp_path / "r.mcap", lambda t_s: 0.0, moves(2, 4), moves(3, 6), lambda t_s: 1.0))
    before, after = found.nearest(5 * S)
    # It has to stand for half a second before it rests; a movement under a millimetre is none.
    assert before is not None and after is not None
    assert 2 * S <= before <= 2 * S + SCAN_NS and 6.48 * S <= after <= 6.5 * S
    assert found.nearest(S) == (S, S) and found.nearest(8 * S) == (8 * S, 8 * S)


def test_a_pack_that_goes_with_its_truck_is_locked_in_it(tmp_path: Path) -> None:
    both = made(tmp_path / "a.mcap", moves(1, 9), moves(1, 9), lambda t_s: 5.0)
    assert rest_of(both).rests.all()
    falls_behind = made(tmp_path / "b.mcap", moves(1, 9), moves(1, 5))
    assert rest_of(falls_behind).nearest(5 * S + S // 2)[0] is not None
    assert rest_of(made(tmp_path / "c.mcap", moves(1, 9), lambda t_s: 0.0)).rests.all()


def test_a_log_in_which_a_pack_never_rests_has_no_such_instant(tmp_path: Path) -> None:
    found = rest_of(made(tmp_path / "r.mcap", lambda t_s: 0.0, moves(-1, 99)))
    before, after = found.nearest(5 * S)
    # Nothing is known of what was before the log: its first instants pass for a rest.
    assert after is None and (before is None or before < SCAN_NS)
