"""The report of a validation as a folder that opens anywhere: ``index.html``, ``result.json`` and ``pages``."""

from __future__ import annotations

import re
from pathlib import Path

from twin.errors import InputError
from twin.files import write_text
from twin.validation.report.opened import page_texts
from twin.validation.report.page import report_page
from twin.validation.report.private import handed_on, without_paths
from twin.validation.report.shelf import Shelf
from twin.validation.result import Result

INDEX, JSON, PAGES = "index.html", "result.json", "pages"
#: Names that pages of findings have; others in the folder are somebody else's.
_OURS = re.compile(r"\w+-(open|closed)-[0-9a-f]{8}\.html")


def check_report_place(folder: Path) -> None:
    """A report can be written there.

    Raises:
        InputError: it is a file, or the folder that is to hold it is not there.
    """
    if folder.is_file() or not folder.absolute().parent.is_dir():
        raise InputError(key="--report", expected="a folder, or a new one in a folder that exists", got=str(folder))


def write_report(result: Result, folder: Path) -> Path:
    """Write the folder and return its ``index.html``, which is written last.

    Records that the Result names are read where they are. One that is gone leaves its findings without plots and page.

    Raises:
        InputError: there is no place for it.
    """
    check_report_place(folder)
    shelf = Shelf()
    result = handed_on(result, shelf)
    texts, links = page_texts(result, shelf)
    shown = without_paths(result, shelf)
    index = report_page(shown, shelf, links)
    pages = folder / PAGES
    try:
        pages.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            key="--report", expected="a folder that can be written", got=error.strerror, file=folder
        ) from None
    for name, text in texts.items():
        write_text(pages / name, text)
    write_json(shown, folder / JSON)
    write_text(folder / INDEX, index)
    for old in pages.iterdir():
        if _OURS.fullmatch(old.name) and old.name not in texts:
            old.unlink()
    return folder / INDEX


def write_json(result: Result, out: Path) -> None:
    """Write the Result itself."""
    write_text(out, result.to_json())
