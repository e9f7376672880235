"""The PackML state machine: 17 states, the commands, and which of them is legal where.

States and numbers are those of OPC 30060; transitions those of ISA-TR88.00.02 as in OPC 30050.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class State(IntEnum):
    """A PackML state, with its number in OPC 30060."""

    Stopped = 0
    Resetting = 1
    Idle = 2
    Starting = 3
    Execute = 4
    Completing = 5
    Complete = 6
    Aborting = 7
    Aborted = 8
    Stopping = 9
    Clearing = 10
    Suspending = 11
    Suspended = 12
    Unsuspending = 13
    Holding = 14
    Held = 15
    Unholding = 16


#: The state that follows when the acting state is complete.
COMPLETED: Mapping[State, State] = {
    State.Resetting: State.Idle,
    State.Starting: State.Execute,
    State.Execute: State.Completing,
    State.Completing: State.Complete,
    State.Aborting: State.Aborted,
    State.Stopping: State.Stopped,
    State.Clearing: State.Stopped,
    State.Suspending: State.Suspended,
    State.Unsuspending: State.Execute,
    State.Holding: State.Held,
    State.Unholding: State.Execute,
}

_NO_STOP = {State.Stopping, State.Stopped, State.Clearing, State.Aborting, State.Aborted}

#: Command to its legal transitions.
COMMANDS: Mapping[str, Mapping[State, State]] = {
    "reset": {State.Stopped: State.Resetting, State.Complete: State.Resetting},
    "start": {State.Idle: State.Starting},
    "hold": {State.Execute: State.Holding, State.Suspended: State.Holding},
    "unhold": {State.Held: State.Unholding},
    "suspend": {State.Execute: State.Suspending},
    "unsuspend": {State.Suspended: State.Unsuspending},
    "stop": {state: State.Stopping for state in State if state not in _NO_STOP},
    "abort": {state: State.Aborting for state in State if state not in (State.Aborting, State.Aborted)},
    "clear": {State.Aborted: State.Clearing},
}


class StateMachine:
    """Where the unit is, and the only way to get elsewhere."""

    __slots__ = ("state", "entered")

    def __init__(self, state: State = State.Resetting) -> None:
        self.state = state
        #: The state was changed since this flag was last cleared.
        self.entered = True

    def permits(self, command: str) -> bool:
        """Whether the command is legal in this state."""
        return self.state in COMMANDS[command]

    def command(self, command: str) -> bool:
        """Follow the command if it is legal here; False and no change otherwise."""
        target = COMMANDS[command].get(self.state)
        if target is None:
            return False
        self._enter(target)
        return True

    def complete(self) -> bool:
        """The acting state's work is done; False and no change in a waiting state."""
        target = COMPLETED.get(self.state)
        if target is None:
            return False
        self._enter(target)
        return True

    def _enter(self, state: State) -> None:
        self.state = state
        self.entered = True
