"""Work out, once, what stands where in a whole record: the truck, and the packs."""

from __future__ import annotations

import numpy as np

from twin.motion import joint as joints_of
from twin.motion.evidence import gather
from twin.motion.hold import Hold
from twin.motion.motion import Motion
from twin.motion.rules import Rules, to_holds
from twin.motion.truck import truck_holds, visits
from twin.record import Record


def follow(motion: Motion, record: Record) -> list[Hold]:
    """The holds of a record, and ``motion`` stands as they say afterwards."""
    setup = motion.setup
    holds = truck_holds(record, setup.truck) if setup.truck is not None else []
    motion.stand(holds)
    if setup.places:
        stays = visits(record, setup.truck) if setup.truck is not None else []
        edges = np.array([t_ns for stay in stays for t_ns in stay], dtype=np.int64)
        evidence = gather(record, setup.places, [edges])
        series = [joints_of.samples(record, source, 0, record.end_ns) for source in setup.joints]
        points = {place.name: (place.frame, np.array(place.X_FB)) for place in setup.places}
        found = motion.world_positions(evidence.t_ns, series, record, points)
        positions = np.stack([found[place.name] for place in setup.places], axis=1)
        holds += to_holds(Rules(setup.places, evidence, positions, stays).follow(), setup.places, setup.bodies)
        motion.stand(holds)
    return holds
