"""Small scenes for tests of the physics, made of the shipped assets at a step of one's own choice."""

from __future__ import annotations

from twin import assets
from twin.physics import Articulated, Engine, FreeBody, Group
from twin.plant.bracket import Bracket
from twin.plant.heat import Heat
from twin.plant.pack import Pack
from twin.plant.truck import CHASSIS_HEIGHT_M, debris_links

UPRIGHT = (0.0, 0.0, 0.0, 1.0)
TRUCK, PACK, SHUTTLE, CRANE = "tractor_6x4", "block_171", "rail_shuttle", "stacker_crane"
SPRINGS = ("heave", "pitch", "roll")


def make_engine(step_s: float) -> Engine:
    """An empty world with the shipped station's solver."""
    solver = assets.load_station("chassis_swap").solver
    return Engine(step_s=step_s, iterations=solver.iterations, residual=solver.residual)


def add_pack(engine: Engine, p: tuple[float, float, float]) -> FreeBody:
    data = assets.load_pack(PACK)
    urdf = assets.asset_folder("packs", PACK) / data.urdf
    return engine.add_free("pack.A", urdf, (p, UPRIGHT), group=Group.PACK, friction=data.friction.value)


def add_truck(engine: Engine, *, x_m: float = 0.0, y_m: float = 0.0) -> tuple[Articulated, list[float]]:
    """A truck with a bracket at p2 that stands level without a pack; also its live spring preloads."""
    data = assets.load_truck(TRUCK)
    without = {f"bracket{n}{side}" for n in (1, 3) for side in ("", "_right")}
    without |= {link for n in (1, 2, 3) for link in debris_links(n)}
    machine = engine.add_machine(
        "truck0", assets.asset_folder("trucks", TRUCK) / data.urdf, ((x_m, y_m, 0.0), UPRIGHT), group=Group.TRUCK,
        friction=data.friction.value, without=without,
    )  # fmt: skip
    soften(engine, machine, "chassis", data.bracket.pads)
    spring = data.suspension
    preload = engine.add_springs(
        machine, SPRINGS,
        (spring.heave_n_m.value, spring.pitch_n_m_rad.value, spring.roll_n_m_rad.value),
        (spring.heave_damping_n_s_m.value, spring.pitch_damping_n_m_s_rad.value, spring.roll_damping_n_m_s_rad.value),
    )  # fmt: skip
    preload[0] = engine.mass_above_kg(machine, "heave") * 9.81
    machine.joints["drive"].servo(0.0, 0.0, 0.1, 60000.0)
    return machine, preload


def add_robot(engine: Engine, name: str) -> Articulated:
    data = assets.load_robot(name)
    machine = engine.add_machine(
        name, assets.asset_folder("robots", name) / data.urdf, ((0.0, 0.0, 0.0), UPRIGHT), group=Group.MACHINE,
        friction=data.friction.value,
    )  # fmt: skip
    soften(engine, machine, data.carrier_link, data.pads)
    return machine


def soften(engine: Engine, machine: Articulated, link: str, pads: assets.Pads) -> None:
    engine.soften(machine, link, stiffness_n_m=pads.stiffness_n_m.value, damping_n_s_m=pads.damping_n_s_m.value)


def make_bracket(engine: Engine, machine: Articulated) -> Bracket:
    truck, pack = assets.load_truck(TRUCK), assets.load_pack(PACK)
    return Bracket(
        "truck0.bracket2",
        truck.bracket,
        pack,
        engine,
        machine,
        x_m=0.0,
        chassis_height_m=CHASSIS_HEIGHT_M,
        locked=False,
    )


def make_pack(body: FreeBody) -> Pack:
    heat = Heat(assets.load_pack(PACK).thermal, 25.0)
    return Pack("A", 1, body, soc_frac=1.0, energy_kwh=171.0, half_height_m=0.2, heat=heat, scan_s=0.02)


def run_for(engine: Engine, duration_s: float) -> None:
    """Step, and read the result."""
    for _ in range(round(duration_s / engine.step_s)):
        engine.step()
    engine.read()
