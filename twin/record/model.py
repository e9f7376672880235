"""What a Record holds besides signals: events, frames, and models of what is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["debug", "info", "warning", "error", "fatal"]


@dataclass(frozen=True)
class Event:
    """Something that happened at one instant.

    Args:
        t_ns: time since the start of the run, ns.
        kind: ``phase``, ``alarm``, ``state``, ``mode``, ``step``, ``fault``, ``operator``, ``event``, ``lesson``
            (what a trainee asks and answers), ``data`` (how good an imported log is) or ``verdict``.
        name: which phase, the alarm's tag, the new state.
        message: a sentence for a person, may be empty.
        level: how serious it is.
        data: anything JSON can carry (``{"edge": "start"}``).
    """

    t_ns: int
    kind: str
    name: str
    message: str = ""
    level: Level = "info"
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """A coordinate frame whose pose is recorded relative to its parent, every scan."""

    name: str
    parent: str


@dataclass(frozen=True)
class SceneModel:
    """A model drawn in a frame's coordinates.

    Args:
        frame: name of the frame it is fixed to.
        glb: the model as binary glTF, metres; z is up in the frame once the model is drawn.
        name: the part's name as shown to a person.
    """

    frame: str
    glb: bytes
    name: str
