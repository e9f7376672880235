"""Lessons, how a trainee gets on in one, and what that is worth (docs/lessons.md, docs/score.md)."""

from twin.lesson.catalogue import find_lesson, lesson_paths, load_lesson, parse_lesson
from twin.lesson.competency import competencies
from twin.lesson.course import Answer, Course, Progress, StepState
from twin.lesson.document import Lesson
from twin.lesson.score import Score, ScoreItem, score
from twin.lesson.session import SESSION, Following, Person, Scored, Session, score_session, session_of

__all__ = [
    "SESSION",
    "Answer",
    "Course",
    "Following",
    "Lesson",
    "Person",
    "Progress",
    "Score",
    "ScoreItem",
    "Scored",
    "Session",
    "StepState",
    "competencies",
    "find_lesson",
    "lesson_paths",
    "load_lesson",
    "parse_lesson",
    "score",
    "score_session",
    "session_of",
]
