"""A page from a template: one file, no network, English and Chinese, light, dark and print.

A template extends ``base.html`` and says every text twice, ``{{ say("Gap", "缺口") }}``; the reader chooses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def say(en: object, zh: object) -> Markup:
    """One text in both languages, of which the page shows one."""
    return Markup('<span lang="en">{}</span><span lang="zh">{}</span>').format(en, zh)


def number(value: float | None) -> str:
    """A number to four digits, with thin spaces between thousands; a dash when there is none."""
    if value is None:
        return "–"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace(",", "\u202f")
    return f"{value:.4g}"


def duration(seconds: float) -> str:
    """1:02:03.4 h, 2:03.4 min or 3.4 s."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest / 10:04.1f} h"
    return f"{minutes}:{rest / 10:04.1f} min" if minutes else f"{seconds:.3g} s"


def clock(seconds: float) -> str:
    """A time since the start as the viewer writes it, with hundredths: ``1:23.20``."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000}:{hundredths % 6000 / 100:05.2f}"


def render(template: str, **context: Any) -> str:
    """The page of a template in ``twin/report/templates``."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["say"] = say
    environment.filters |= {"number": number, "duration": duration, "clock": clock}
    return environment.get_template(template).render(**context)
