"""A class: who is in it, what each runs, and what the instructor may do to it."""

from twin.classroom.room import Classroom, Limits
from twin.classroom.roster import Member, Roster, enrol, load_roster
from twin.classroom.seat import Seat

__all__ = ["Classroom", "Limits", "Member", "Roster", "Seat", "enrol", "load_roster"]
