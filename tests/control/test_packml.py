"""The PackML state model as a table."""

from __future__ import annotations

import pytest

from twin.control.packml import COMMANDS, COMPLETED, State, StateMachine

# Every state's successors: command or SC (state complete) to the next state.
# ISA-TR88.00.02 state transition diagram; OPC 30050 section 6.3.8.
TABLE: dict[str, dict[str, str]] = {
    "Stopped": {"reset": "Resetting", "abort": "Aborting"},
    "Resetting": {"SC": "Idle", "stop": "Stopping", "abort": "Aborting"},
    "Idle": {"start": "Starting", "stop": "Stopping", "abort": "Aborting"},
    "Starting": {"SC": "Execute", "stop": "Stopping", "abort": "Aborting"},
    "Execute": {
        "SC": "Completing",
        "hold": "Holding",
        "suspend": "Suspending",
        "stop": "Stopping",
        "abort": "Aborting",
    },
    "Completing": {"SC": "Complete", "stop": "Stopping", "abort": "Aborting"},
    "Complete": {"reset": "Resetting", "stop": "Stopping", "abort": "Aborting"},
    "Aborting": {"SC": "Aborted"},
    "Aborted": {"clear": "Clearing"},
    "Stopping": {"SC": "Stopped", "abort": "Aborting"},
    "Clearing": {"SC": "Stopped", "abort": "Aborting"},
    "Suspending": {"SC": "Suspended", "stop": "Stopping", "abort": "Aborting"},
    "Suspended": {"unsuspend": "Unsuspending", "hold": "Holding", "stop": "Stopping", "abort": "Aborting"},
    "Unsuspending": {"SC": "Execute", "stop": "Stopping", "abort": "Aborting"},
    "Holding": {"SC": "Held", "stop": "Stopping", "abort": "Aborting"},
    "Held": {"unhold": "Unholding", "stop": "Stopping", "abort": "Aborting"},
    "Unholding": {"SC": "Execute", "stop": "Stopping", "abort": "Aborting"},
}
NUMBERS = ["Stopped", "Resetting", "Idle", "Starting", "Execute", "Completing", "Complete", "Aborting",
           "Aborted", "Stopping", "Clearing", "Suspending", "Suspended", "Unsuspending", "Holding", "Held",
           "Unholding"]  # fmt: skip


def test_states_are_numbered_as_in_opc_30060():
    assert [state.name for state in sorted(State)] == NUMBERS


@pytest.mark.parametrize("name", TABLE)
def test_transitions(name: str):
    for command in COMMANDS:
        machine = StateMachine(State[name])
        expected = TABLE[name].get(command)
        assert machine.permits(command) == (expected is not None)
        assert machine.command(command) == (expected is not None)
        assert machine.state.name == (expected or name)
    machine = StateMachine(State[name])
    assert machine.complete() == ("SC" in TABLE[name])
    assert machine.state.name == TABLE[name].get("SC", name)


def test_waiting_states_do_not_complete():
    assert {state.name for state in State} - {state.name for state in COMPLETED} == {
        "Stopped", "Idle", "Complete", "Aborted", "Suspended", "Held",
    }  # fmt: skip
