"""What a log can answer: which questions, and what is missing for the others.

A question (``assets/needs.yaml``, and every set of requirements) names the signals of the station that it takes, and
how often each must be logged. Simulated and imported Records are asked alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from twin import assets
from twin.document import Document, load_document
from twin.motion import Motion
from twin.record import Record
from twin.requirement import RequirementSet, load_requirements, shipped_requirements
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

State = Literal["yes", "partly", "no"]
#: A period may be this much longer than it should be: clocks are not exact.
_SLACK = 1.05


class Text(Document):
    """A text in both languages."""

    en: str
    zh: str


class Need(Document):
    """Signals that a question takes: patterns over the I/O list, the longest period, and what they are good for."""

    signals: Annotated[list[str], Field(min_length=1)]
    period_s: Annotated[float, Field(gt=0)]
    why: Text


class Question(Document):
    """A question; ``moving`` is answered as well by a log whose own machines move."""

    text: Text
    needs: Annotated[list[Need], Field(min_length=1)]
    moving: bool = False


class Needs(Document):
    """The questions that are asked of logs of a station."""

    station: str
    questions: dict[str, Question]


@dataclass(frozen=True)
class Wish:
    """A signal to log, how often, and why; ``has_s`` is how often it is logged now, if it is."""

    signal: str
    text: dict[str, str]
    type: str
    unit: str
    period_s: float
    why: Text
    has_s: float | None = None


@dataclass
class Answer:
    """Whether a question can be answered.

    Args:
        of: signals that it takes, have: those that the log has often enough.
        missing: the others; one with ``has_s`` is there, and too seldom.
        note: what else is to be said.
    """

    question: str
    text: Text
    of: int = 0
    have: int = 0
    missing: list[Wish] = field(default_factory=list)
    note: Text = field(default_factory=lambda: Text(en="", zh=""))

    @property
    def state(self) -> State:
        if not self.missing:
            return "yes"
        return "partly" if self.have else "no"


def load_needs() -> Needs:
    """The shipped questions."""
    return load_document(shipped("assets", "needs.yaml"), Needs)


def answers(record: Record) -> list[Answer]:
    """What a Record can answer, question by question, then each shipped set of requirements."""
    needs = load_needs()
    log = _Log(record)
    station = record.metadata.get("station") or needs.station
    table = assets.signal_table(assets.load_station(station), {})
    found = [_ask(name, question, log, table) for name, question in needs.questions.items()]
    for path in shipped_requirements():
        found.append(_ask(path.stem, _question_of(load_requirements(path)), log, table))
    return found


class _Log:
    """Which signals a Record has, and how often."""

    def __init__(self, record: Record) -> None:
        self._record = record
        scan = record.metadata.get("scan_ns", "")
        self._scan_s = int(scan) / 1e9 if scan.isdecimal() else 0.0
        self._counts = record.message_counts()

    @cached_property
    def signals(self) -> dict[str, Signal]:
        """The signals that have samples, by name."""
        tables = self._record.tables.items()
        return {signal.name: signal for name, table in tables if self._counts.get(f"/{name}") for signal in table}

    def period_s(self, name: str) -> float:
        """How often a signal is logged; 0 when it is as it changes, or when that is not known."""
        signal = self.signals[name]
        return signal.period_s or self._scan_s

    @cached_property
    def moves(self) -> tuple[list[str], list[str]]:
        """Joints that move as the log says, and those that nothing in it moves; poses need no joints."""
        motion = None if self._record.message_counts().get("/tf") else Motion.of(self._record)
        if motion is None:
            return [], []
        driven = {source.joint for source in motion.setup.joints}
        return sorted(driven), [joint for joint in motion.movable if joint not in driven]

    @property
    def has_poses(self) -> bool:
        return bool(self._counts.get("/tf"))


def _ask(name: str, question: Question, log: _Log, table: SignalTable) -> Answer:
    if question.moving and log.has_poses:
        return Answer(name, question.text, 1, 1, note=Text(en="poses are recorded", zh="已记录位姿"))
    driven, still = log.moves if question.moving else ([], [])
    if driven:
        why = question.needs[0].why
        missing = [Wish(joint, {}, "real", "", question.needs[0].period_s, why) for joint in still]
        told = Text(en=f"{len(driven)} joints of its own machines move", zh=f"其机器的 {len(driven)} 个关节可动")
        return Answer(name, question.text, len(driven) + len(still), len(driven), missing, told)
    answer = Answer(name, question.text)
    for signal, need in _wanted(question, table):
        answer.of += 1
        there = signal.name in log.signals
        period_s = log.period_s(signal.name) if there else 0.0
        if there and period_s <= need.period_s * _SLACK:
            answer.have += 1
            continue
        has_s = period_s if there else None
        answer.missing.append(
            Wish(signal.name, dict(signal.text), signal.type, signal.unit, need.period_s, need.why, has_s)
        )
    return answer


def _wanted(question: Question, table: SignalTable) -> Iterator[tuple[Signal, Need]]:
    """Each signal that a question takes, once, with its shortest period; a name that nobody declares is one too."""
    strictest: dict[str, tuple[Signal, Need]] = {}
    for need in question.needs:
        for pattern in need.signals:
            met = [signal for signal in table if fnmatchcase(signal.name, pattern)]
            for signal in met or ([Signal(pattern)] if "*" not in pattern else []):
                known = strictest.get(signal.name)
                if known is None or need.period_s < known[1].period_s:
                    strictest[signal.name] = (signal, need)
    yield from strictest.values()


def _question_of(requirements: RequirementSet) -> Question:
    """A set of requirements as a question: the signals of its rules, as often as each says."""
    needs = []
    for name, requirement in requirements.requirements.items():
        formulas = requirements.formulas(name)
        signals = sorted({part.name for formula in formulas for part in formula.walk() if part.op == "signal"})
        if signals:
            why = Text(en=requirement.text.en, zh=requirement.text.zh)
            needs.append(Need(signals=signals, period_s=requirement.period_s or 1.0, why=why))
    text = requirements.text
    return Question(text=Text(en=f"requirements: {text.en}", zh=f"要求：{text.zh}"), needs=needs)


def wishes(answer: Answer) -> Sequence[dict[str, object]]:
    """What to log next time, as rows for a table: name, what, unit, type, period, why, in both languages."""
    return [
        {
            "signal": wish.signal,
            "what_en": wish.text.get("en", ""),
            "what_zh": wish.text.get("zh", ""),
            "type": wish.type,
            "unit": wish.unit,
            "period_s": wish.period_s,
            "logged_every_s": "" if wish.has_s is None else wish.has_s,
            "why_en": wish.why.en,
            "why_zh": wish.why.zh,
        }
        for wish in answer.missing
    ]
