"""Another way to a controller (OPC UA, Modbus TCP, FMI) is a package's entry point; nothing that runs one changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.control.fake_plant import SCAN_NS, io_list, settings
from twin.errors import ControllerError, InputError
from twin.program import Program

PACKAGE = '''
from twin.control import Controller
from twin.errors import InputError

class OverTheNet(Controller):
    """Stands in for one that exchanges both images with a server once a scan."""

    def __init__(self, address, *args):
        super().__init__(*args)
        self.address, self.open = address, True

    def scan(self, t_ns, inputs, outputs):
        outputs.station.safety.cmd_drives_on = not inputs.station.safety.st_drives_on

    def close(self):
        self.open = False

class Opcua:
    def check(self, address):
        if not address.startswith("opc.tcp://"):
            raise InputError(key="controller", expected="opcua:opc.tcp://HOST:PORT", got=repr(address))

    def make(self, address, table, settings, scan_ns):
        return OverTheNet(address, table, settings, scan_ns)

SCHEME = Opcua()
'''


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package on the path that brings the scheme ``opcua:``."""
    (tmp_path / "fake_opcua.py").write_text(PACKAGE, encoding="utf-8")
    about = tmp_path / "fake_opcua-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-opcua\nVersion: 1.0\n", encoding="utf-8")
    points = "[swaptwin.schemes]\nopcua = fake_opcua:SCHEME\nbroken = fake_opcua:NOTHING\n"
    (about / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("guarded", [False, True])
def test_a_scheme_that_a_package_brings(guarded: bool) -> None:
    program = Program.from_words("opcua:opc.tcp://plc:4840")
    controller = Program(program.controller, guarded=guarded).make(io_list(2), settings(), SCAN_NS)
    inputs, outputs = controller.images()
    controller.scan(0, inputs, outputs)
    assert outputs.station.safety.cmd_drives_on is True
    controller.close()


@pytest.mark.usefixtures("installed")
def test_what_is_wrong_with_a_scheme() -> None:
    with pytest.raises(InputError, match=r"expected opcua:opc\.tcp://HOST:PORT"):
        Program.from_words("opcua:somewhere")
    with pytest.raises(ControllerError, match="scheme broken: cannot be imported"):
        Program.from_words("broken:x")
    with pytest.raises(InputError, match=r"one of the schemes broken:, opcua:, process:, got .* did you mean opcua\?"):
        Program.from_words("opcu:opc.tcp://plc:4840")


def test_an_unknown_scheme_names_those_that_are_known() -> None:
    with pytest.raises(InputError, match=r"package\.module:Class or one of the schemes process:, got 'modbus:10"):
        Program.from_words("modbus:10.0.0.1:502")


@pytest.mark.parametrize(("spec", "got"), [("process:", "nothing"), ("process:./not_here x", "./not_here")])
def test_a_command_that_is_none(spec: str, got: str) -> None:
    with pytest.raises(InputError, match=got):
        Program.from_words(spec)
