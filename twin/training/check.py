"""Whether a lesson means something on its station, can be passed, and can be failed: shown by playing it in physics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from twin import assets
from twin.clock import ms_to_ns, ns_to_s
from twin.errors import InputError, did_you_mean
from twin.layout import io_list, truth_signals
from twin.lesson import Course, Lesson, Score, Scored, score_session
from twin.program import Program
from twin.program.settings import settings_of
from twin.record import Record
from twin.scenario import Scenario
from twin.signals import Signal
from twin.teaching.play import IDLE, ORACLE, play
from twin.yaml_node import Key, read_yaml

#: What can be drawn is equally hard when no script is worth more points apart than a slip costs, and when the oracle is
#: done, and by how much it could be slower, is no more apart than a step takes longer to be tried again with one fault.
EQUAL_POINTS, EQUAL_S = 3.0, 6.0


@dataclass(frozen=True)
class Played:
    """A script that was played, what was drawn for it, what came of it, and what is wrong with that."""

    script: str
    drawn: str
    session: Path
    scored: Scored
    wrong: list[str]

    @property
    def score(self) -> Score:
        return self.scored.score

    @property
    def title(self) -> str:
        """The script, and what was drawn."""
        return " ".join(filter(None, [self.script, self.drawn]))


@dataclass(frozen=True)
class Draw:
    """How hard it is when this is drawn: what each script is worth, when the oracle is done, and by how much it could
    be slower at its tightest step; None where it does not come to its end."""

    name: str
    totals: dict[str, float]
    done_s: float | None
    spare_s: float | None


@dataclass(frozen=True)
class Checked:
    """A lesson that was played with all its scripts."""

    lesson: Lesson
    played: list[Played]

    @property
    def wrong(self) -> list[str]:
        """What is wrong, in plain sentences; nothing where the lesson can be passed and failed, and is equally hard
        whatever is drawn."""
        return [f"{one.title}: {line}" for one in self.played for line in one.wrong] + self._unequal()

    @property
    def draws(self) -> list[Draw]:
        """How hard each thing is that can be drawn; empty where nothing is."""
        return [self._draw(name) for name in self.lesson.situation.draw]

    def _draw(self, name: str) -> Draw:
        of = {one.script: one for one in self.played if one.drawn == name}
        totals = {script: float(one.score.total) for script, one in of.items()}
        progress = of[ORACLE].scored.progress
        if progress.won_ns is None:
            return Draw(name, totals, None, None)
        spare_ns = [
            step.due_ns - step.done_ns
            for step in progress.steps.values()
            if step.due_ns is not None and step.done_ns is not None
        ]
        return Draw(name, totals, ns_to_s(progress.won_ns), ns_to_s(min(spare_ns)))

    def _unequal(self) -> list[str]:
        draws = self.draws
        if not draws:
            return []
        sizes = [
            (f"{script}, points", {draw.name: draw.totals[script] for draw in draws}, EQUAL_POINTS)
            for script in draws[0].totals
        ]
        done_s = {draw.name: draw.done_s for draw in draws if draw.done_s is not None}
        spare_s = {draw.name: draw.spare_s for draw in draws if draw.spare_s is not None}
        sizes += [("oracle, done at s", done_s, EQUAL_S), ("oracle, s to spare", spare_s, EQUAL_S)]
        return [
            f"what can be drawn is not equally hard ({what}): "
            + ", ".join(f"{name} {value:.2f}" for name, value in values.items())
            for what, values, bound in sizes
            if values and max(values.values()) - min(values.values()) > bound
        ]


def check_lesson(lesson: Lesson, folder: Path) -> Iterator[Played]:
    """Play a lesson with its oracle, with nobody, and with each of the scripts that must fail.

    Each meets everything that can be drawn.

    Args:
        folder: where the sessions are written, as ``<lesson>-<script>.mcap``.

    Raises:
        SwapTwinError: a run could not begin.
    """
    draws = len(lesson.situation.draw)
    for script in (ORACLE, IDLE, *lesson.fails):
        for seed in range(max(draws, 1)):
            yield _played(lesson, script, folder, seed if draws else None)


def _played(lesson: Lesson, script: str, folder: Path, seed: int | None) -> Played:
    drawn = "" if seed is None else lesson.situation.drawn(seed)
    name = "-".join(filter(None, [lesson.name, script, drawn]))
    out = play(lesson, script, folder / f"{name}.mcap", seed=seed)
    scored = score_session(Record.open(out))
    return Played(script, drawn, out, scored, _wrong(lesson, script, scored))


def _wrong(lesson: Lesson, script: str, scored: Scored) -> list[str]:
    score = scored.score
    if script == ORACLE:
        bad = [one for one in score.items if one.points.startswith("-") or one.kind == "never"]
        lost = [f"{one.name}: {one.reason.en}" for one in bad]
        lost += [f"{name}: late" for name, step in scored.progress.steps.items() if step.done_ns and step.late]
        undone = [name for name, step in scored.progress.steps.items() if step.done_ns is None]
        wrong = [f"it cannot be passed: {score.total} of {score.pass_mark}"] if not score.passed else []
        return wrong + [f"step {name} is not done" for name in undone] + [f"it does it wrongly, {one}" for one in lost]
    wrong = [f"it is passed with {score.total}"] if score.passed else []
    if script in lesson.fails:
        shown = shows(scored)
        wrong += [f"{name} is not shown" for name in lesson.fails[script].shows if name not in shown]
    return wrong


def shows(scored: Scored) -> set[str]:
    """Steps left undone, rules broken, mistakes made and questions answered wrongly."""
    progress = scored.progress
    return {
        *(name for name, step in progress.steps.items() if step.done_ns is None or step.early_ns),
        *(name for name, found in progress.broken.items() if found),
        *(name for name, found in progress.mistakes.items() if found),
        *(name for name, given in progress.answers.items() if not given.right),
    }


def check_signals(lesson: Lesson, file: Path) -> None:
    """Refuse a lesson whose conditions or questions mean nothing on its station.

    Raises:
        InputError: with file, line and key, of the first.
    """
    lines = read_yaml(file.read_text(encoding="utf-8"))[1]
    scenario = lesson.scenario()
    signals = station_signals(scenario)
    try:
        Course(lesson, signals, scan_ns=ms_to_ns(scenario.scan_ms))
    except InputError as error:
        kind, name = error.key.split(".")
        at = (kind, name, "done" if kind == "steps" else "when")
        raise InputError(
            key=".".join(at), expected=error.expected, got=error.got, file=file, line=_line(lines, at),
            hint=error.hint or did_you_mean(str(error.got).split(" ")[0], [signal.name for signal in signals]),
        ) from None  # fmt: skip
    known = [signal.name for signal in signals]
    for name, question in lesson.questions.items():
        for answer in () if question.choices else question.right:
            if answer not in known:
                at = ("questions", name, "right")
                raise InputError(
                    key=".".join(at), expected="signals of the station, for there are no choices", got=answer,
                    hint=did_you_mean(answer, known), file=file, line=_line(lines, at),
                )  # fmt: skip


def _line(lines: dict[tuple[Key, ...], int], at: tuple[Key, ...]) -> int | None:
    """Of a key, or of the nearest above it."""
    return next((lines[at[:n]] for n in range(len(at), 0, -1) if at[:n] in lines), None)


def station_signals(scenario: Scenario) -> list[Signal]:
    """All signals that a session of this scenario has, by its station's own controller."""
    station = assets.load_station(scenario.station)
    settings = settings_of(scenario.truck.asset, station, scenario.controller)
    table = io_list(scenario, station)
    controller = Program().make(table, settings, ms_to_ns(scenario.scan_ms))
    return [*table, *controller.signals, *truth_signals(scenario, station)]
