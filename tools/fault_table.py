"""Writes the tables of ``docs/faults.md`` anew from the faults themselves: ``python -m tools.fault_table``."""

from __future__ import annotations

from pathlib import Path

from twin.fault.catalogue import markdown

OUT = Path(__file__).parent.parent / "docs" / "faults.md"
MARK = "<!-- made by `python -m tools.fault_table` -->\n"


def page() -> str:
    """The page with its tables made anew."""
    above = OUT.read_text(encoding="utf-8").split(MARK)[0]
    return above + MARK + "\n" + "\n".join(markdown()).rstrip() + "\n"


if __name__ == "__main__":
    OUT.write_text(page(), encoding="utf-8")
