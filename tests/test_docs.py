"""What a reader is shown: links that lead somewhere, pictures that are not too large, a plan that is the station's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.station_plan import OUT, plan

ROOT = Path(__file__).parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "assets" / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    inside = [link for link in links if not link.startswith(("http://", "https://"))]
    assert not [link for link in inside if not (page.parent / link).exists()]


def test_every_page_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [page.name for page in (ROOT / "docs").glob("*.md") if f"docs/{page.name}" not in readme]


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").iterdir())
    assert {"overview.png", "underbody.png", "swap.png", "zh.png", "live.png"} <= {path.name for path in pictures}
    assert max(path.stat().st_size for path in pictures) <= 250_000


def test_the_plan_is_drawn_from_the_stations_files() -> None:
    assert OUT.read_text(encoding="utf-8") == plan(), "run `make pictures`"
