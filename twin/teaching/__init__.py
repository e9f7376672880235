"""One person in a lesson: attempts that run, are held still, followed, scored, backed up and taken up again."""

from twin.teaching.attempt import Attempt, Held
from twin.teaching.lrs import Outbox
from twin.teaching.past import Word, asked_before, broken_off, kept_sessions, words_said
from twin.teaching.teacher import Limits, Role, Teacher

__all__ = [
    "Attempt", "Held", "Limits", "Outbox", "Role", "Teacher", "Word", "asked_before", "broken_off", "kept_sessions",
    "words_said",
]  # fmt: skip
