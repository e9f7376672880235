"""A class in the browser: signing in, each trainee's page and viewer, the instructor's page (docs/train.md)."""

from web.classroom.server import ClassServer

__all__ = ["ClassServer"]
