"""What a class's sessions show of each person, as one spreadsheet and a page each that can be printed."""

from twin.classroom.report.page import write_page
from twin.classroom.report.spreadsheet import check_spreadsheet, write_spreadsheet
from twin.classroom.report.transcript import Class, Entry, Shown, Transcript, read_class

__all__ = [
    "Class",
    "Entry",
    "Shown",
    "Transcript",
    "check_spreadsheet",
    "read_class",
    "write_page",
    "write_spreadsheet",
]
