"""The simulated station with other masses, frictions, stiffnesses and speeds, drawn within what the assets allow."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from benchmarks.plant_log.draws import draws
from twin import shipped

#: Keys of asset files that are drawn anew; what fixes where things stand stays, or packs would not meet their seats.
_VARIED = re.compile(
    r"^\s*(max_speed|acceleration|friction|speed_m_s|acceleration_m_s2|reaction_s|request_delay_s|hv_off_s|hv_on_s"
    r"|heave_n_m|heave_damping_n_s_m|pitch_n_m_rad|roll_n_m_rad|stiffness_n_m|damping_n_s_m|pose_bias_m|pose_bias_rad"
    r"|clamp_s|latch_s|connect_s|pose_measure_s|lock_time_s|pose_noise_m|position_noise_m"
    r"|charge_power_w): \{value: (?P<value>[^,]+),.*range: \[(?P<low>[^,]+), (?P<high>[^\]]+)\]"
)
#: At most so far from the shipped value, whatever the range allows.
_SHARE = 0.3
_PACK_KG = (1100.0, 1400.0)


@contextmanager
def varied_assets(seed: int) -> Iterator[None]:
    """Within this, assets are a copy of the shipped ones with numbers drawn by the seed."""
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as temporary:
        root = Path(temporary)
        shutil.copytree(shipped.shipped("assets"), root / "assets", ignore=shutil.ignore_patterns("recordings"))
        shutil.copytree(shipped.shipped("scenarios"), root / "scenarios")
        for path in sorted((root / "assets").glob("*/*/*.yaml")):
            _draw(path, seed)
        for path in sorted((root / "assets" / "packs").glob("*/pack.urdf")):
            mass = draws(seed, path.parent.name, "mass").uniform(*_PACK_KG)
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r'(<mass value=")1245"', rf'\g<1>{mass:.0f}"', text), encoding="utf-8")
        with patch.object(shipped, "_PACKAGE", root / "twin"):
            yield


def _draw(path: Path, seed: int) -> None:
    """Write a file anew with other numbers; the numbers of a key that comes twice are told apart by their order."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    seen: Counter[str] = Counter()
    for n, line in enumerate(lines):
        found = _VARIED.match(line)
        if found is None:
            continue
        key = found[1]
        rng = draws(seed, path.parent.name, path.stem, key, str(seen[key]))
        seen[key] += 1
        value, low, high = (float(found[name]) for name in ("value", "low", "high"))
        drawn = rng.uniform(max(low, value * (1 - _SHARE)), min(high, value * (1 + _SHARE)))
        start, end = found.span("value")
        lines[n] = f"{line[:start]}{drawn:.6g}{line[end:]}"
    path.write_text("".join(lines), encoding="utf-8")


def simulate(scenario: str, seed: int, out: Path, overrides: Sequence[str] = ()) -> dict[str, object]:
    """Run a scenario in the station of a seed, whose sensors are off and late, and write its Record.

    Args:
        overrides: as ``swaptwin run --set`` takes them.

    Returns:
        The run's summary.
    """
    from benchmarks.plant_log.sensing import uncalibrated_sensors
    from twin.run import run_to_end
    from twin.scenario import load_scenario

    with varied_assets(seed), uncalibrated_sensors(seed):
        return run_to_end(load_scenario(scenario, [f"seed={seed}", *overrides]), out=out)
