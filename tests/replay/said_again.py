"""What a replay of the unchanged controller must be on a Record of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from twin.record import Record
from twin.replay import Replay
from twin.shipped import shipped

SHIPPED = Path(str(shipped("assets", "recordings", "nominal_swap.mcap")))


def assert_said_again(record: Record, again: Replay) -> None:
    """The outputs are those of the Record, bit for bit, wherever both have a scan."""
    assert again.outputs.names == record.tables["controller"].names
    t_ns, rows = record.rows("controller", int(again.t_ns[0]), int(again.t_ns[-1]))
    np.testing.assert_array_equal(again.t_ns, t_ns)
    np.testing.assert_array_equal(again.values, rows)
