"""The shape of the code: which room may import which, what only one room may touch, and what needs no engine."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent
TWIN, WEB = ROOT / "twin", ROOT / "web"
GROUND_FLOOR = {"twin.signals", "twin.units", "twin.frames", "twin.clock", "twin.errors"}
#: Rooms that a machine without PyBullet must be able to use. `web` and everything below it.
WITHOUT_ENGINE = ["web", "twin.viewing", "twin.process", "twin.record", "twin.scenario", "twin.cli", "twin.control"]


@cache
def modules(folder: Path) -> list[tuple[str, ast.Module]]:
    """Every module of a folder by its name, parsed once."""
    return [
        (
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            ast.parse(path.read_text(encoding="utf-8"), str(path)),
        )
        for path in sorted(folder.rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def imports(tree: ast.AST) -> Iterator[str]:
    """Everything that a module imports, lazily too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_import_contracts() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    if not script.exists():
        pytest.skip("needs import-linter")
    done = subprocess.run([script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_physics_imports_the_engine() -> None:
    importers = {
        name for name, tree in [*modules(TWIN), *modules(WEB)] for found in imports(tree) if "pybullet" in found
    }
    assert all(name.startswith("twin.physics") for name in importers), importers


def test_a_controller_sees_the_ground_floor_alone() -> None:
    for name, tree in modules(TWIN / "control"):
        for found in imports(tree):
            root = ".".join(found.split(".")[:2])
            if root.startswith("twin.") and not root.startswith("twin.control"):
                assert root in GROUND_FLOOR, f"{name} imports {found}"
            assert found.split(".")[0] in {*sys.stdlib_module_names, "twin"}, f"{name} imports {found}"


def test_only_the_command_prints_or_exits() -> None:
    for name, tree in [*modules(TWIN), *modules(WEB)]:
        if name.startswith("twin.cli") or name == "twin.worker":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("print", "exit", "quit", "sys.exit", "os._exit"), f"{name}:{node.lineno}"


def test_no_module_is_called_utils() -> None:
    names = [name for name, _ in [*modules(TWIN), *modules(WEB)]]
    assert not [name for name in names if name.split(".")[-1] in ("utils", "util", "helpers", "misc", "common")]


@pytest.mark.parametrize("module", WITHOUT_ENGINE)
def test_needs_no_engine(module: str) -> None:
    """Imported where PyBullet is absent, and without pulling in any room that simulates."""
    code = (
        "import importlib, sys\n"
        f"importlib.import_module({module!r})\n"
        "rooms = ('twin.physics', 'twin.plant', 'twin.world', 'twin.run')\n"
        "print([name for name in sys.modules if name.startswith(rooms) or name == 'pybullet'])\n"
    )
    path = os.pathsep.join(map(str, [HERE / "no_pybullet", ROOT]))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_replaying_needs_no_engine(tmp_path: Path) -> None:
    """Writes, opens, reads and describes a record, and lists scenarios, where PyBullet is absent."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from tests.record.example import FRAMES, TABLES\n"
        "from twin.record import Record, RecordWriter, describe\n"
        "from twin.scenario import load_scenario\n"
        "from web.log import Library\n"
        "path = Path(sys.argv[2])\n"
        "writer = RecordWriter(path, metadata={'scenario': 'x'}, tables=TABLES, frames=FRAMES)\n"
        "[writer.row(n, 0, [0.0] * len(t)) for n, t in TABLES.items()]\n"
        "writer.finish()\n"
        "assert describe(path)['finished']\n"
        "assert Record.open(path).tables\n"
        "Library([path], None)\n"
        "assert load_scenario('nominal_swap').text\n"
        "assert 'pybullet' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(tmp_path / "a.mcap")],
        env={**os.environ, "PYTHONPATH": str(HERE / "no_pybullet")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_nothing_below_the_page_is_posix_only() -> None:
    banned = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty"}
    banned_calls = {"os.fork", "os.setsid", "os.killpg", "os.getuid", "signal.SIGKILL", "signal.alarm"}
    for name, tree in [*modules(TWIN), *modules(WEB)]:
        # twin.bounds says so where the system has none.
        allowed = {"resource"} if name == "twin.bounds" else set()
        assert not (banned - allowed) & {found.split(".")[0] for found in imports(tree)}, name
        used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not banned_calls & used, name
