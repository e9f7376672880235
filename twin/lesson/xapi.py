"""A session as xAPI statements with the verbs and context of cmi5, for a learning record store.

Of a statement that cmi5 defines the context has its category. Ids follow from the Record: written twice, the same.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from twin.formula.document import Sentence
from twin.lesson.score import decimals
from twin.lesson.session import NOBODYS_HOME, Scored
from twin.record import Record

_VERBS = {
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "terminated": "http://adlnet.gov/expapi/verbs/terminated",
    "answered": "http://adlnet.gov/expapi/verbs/answered",
}
_CMI5 = "https://w3id.org/xapi/cmi5/context"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, NOBODYS_HOME)


def statements(record: Record, scored: Scored) -> list[dict[str, Any]]:
    """The statements of a session, in order of time: initialized, answered, completed, passed or failed, terminated.

    The session's ``home`` is that of the account that a staff number is; activities are SwapTwin's everywhere.
    """
    of = _Statements(record, scored)
    return sorted(of.all(), key=lambda one: str(one["timestamp"]))


class _Statements:
    def __init__(self, record: Record, scored: Scored) -> None:
        self._scored = scored
        # Two people may begin the same lesson in the same second.
        session = scored.session
        self._seed = "/".join([record.identity, *session.trainee.model_dump().values(), str(session.attempt)])
        self._registration = str(uuid.uuid5(_NAMESPACE, self._seed))
        begun = record.metadata.get("started_at", "1970-01-01T00:00:00Z").replace("Z", "+00:00")
        self._begun = datetime.datetime.fromisoformat(begun)
        self._begin_ns, self._end_ns = scored.lesson.begin_ns, record.end_ns
        self._activity = f"{NOBODYS_HOME}/lessons/{scored.session.lesson}"

    def all(self) -> Iterator[dict[str, Any]]:
        progress, score = self._scored.progress, self._scored.score
        yield self._statement("initialized", self._begin_ns, cmi5=True)
        for name, given in sorted(progress.answers.items(), key=lambda item: item[1].t_ns):
            yield self._answered(name, given.t_ns, given.answer, given.right)
        if progress.won_ns is not None:
            result = {"completion": True, "duration": self._since(progress.won_ns)}
            yield self._statement("completed", progress.won_ns, result=result, cmi5=True, moves_on=True)
        # What was shown step by step says nothing of what somebody can do.
        if self._scored.session.mode != "guided" and self._scored.session.counts:
            total = Fraction(score.exact)
            result = {
                "success": score.passed, "duration": self._since(self._end_ns),
                "score": {"scaled": float(decimals(total / 100, 4)), "raw": float(score.total), "min": 0, "max": 100},
            }  # fmt: skip
            verb = "passed" if score.passed else "failed"
            yield self._statement(verb, self._end_ns, result=result, cmi5=True, moves_on=True)
        yield self._statement("terminated", self._end_ns, result={"duration": self._since(self._end_ns)}, cmi5=True)

    def _answered(self, name: str, t_ns: int, answer: str, right: bool) -> dict[str, Any]:
        question = self._scored.lesson.questions[name]
        definition: dict[str, Any] = {
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "description": _languages(question.text),
            "interactionType": "choice" if question.choices else "fill-in",
            "correctResponsesPattern": list(question.right),
        }
        if question.choices:
            definition["choices"] = [{"id": key, "description": _languages(t)} for key, t in question.choices.items()]
        target = {"objectType": "Activity", "id": f"{self._activity}/questions/{name}", "definition": definition}
        result = {"response": answer, "success": right}
        return self._statement("answered", t_ns, result=result, target=target, tag=name)

    def _statement(
        self, verb: str, t_ns: int, *, result: dict[str, Any] | None = None, target: dict[str, Any] | None = None,
        cmi5: bool = False, moves_on: bool = False, tag: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        session, lesson = self._scored.session, self._scored.lesson
        who = session.trainee
        actor: dict[str, Any] = {
            "objectType": "Agent",
            "account": {"homePage": session.home, "name": who.number or session.script or "nobody"},
        }
        if who.name:
            actor["name"] = who.name
        own = {
            "objectType": "Activity", "id": self._activity,
            "definition": {"name": _languages(lesson.text), "description": _languages(lesson.goal),
                           "type": "http://adlnet.gov/expapi/activities/lesson"},
        }  # fmt: skip
        categories = [{"id": f"{_CMI5}/categories/cmi5"}] if cmi5 else []
        categories += [{"id": f"{_CMI5}/categories/moveon"}] if moves_on else []
        extensions: dict[str, Any] = {f"{_CMI5}/extensions/sessionid": self._registration}
        if verb in ("passed", "failed"):
            extensions[f"{_CMI5}/extensions/masteryscore"] = lesson.scoring.pass_mark / 100
        extensions[f"{NOBODYS_HOME}/extensions/mode"] = session.mode
        context: dict[str, Any] = {"registration": self._registration, "extensions": extensions}
        if categories:
            context["contextActivities"] = {"category": categories}
        statement: dict[str, Any] = {
            "id": str(uuid.uuid5(_NAMESPACE, f"{self._seed}/{verb}/{tag}")),
            "actor": actor,
            "verb": {"id": _VERBS[verb], "display": {"en": verb}},
            "object": target or own,
            "context": context,
            "timestamp": self._at(t_ns),
        }
        if result is not None:
            statement["result"] = result
        return statement

    def _since(self, t_ns: int) -> str:
        return _duration(max(t_ns - self._begin_ns, 0))

    def _at(self, t_ns: int) -> str:
        when = self._begun + datetime.timedelta(microseconds=t_ns // 1000)
        return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _languages(text: Sentence) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _duration(t_ns: int) -> str:
    """ISO 8601, hundredths of a second."""
    return f"PT{decimals(Fraction(t_ns, 1_000_000_000))}S"
