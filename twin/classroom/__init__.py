"""A class: who is in it, what each runs, and what the instructor may do to it."""

from twin.classroom.room import Classroom
from twin.classroom.roster import Member, Roster, enrol, load_roster
from twin.classroom.standing import standing

__all__ = ["Classroom", "Member", "Roster", "enrol", "load_roster", "standing"]
