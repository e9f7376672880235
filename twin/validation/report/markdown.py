"""A Result as Markdown for a comment on a change: short, and with nothing in it that a page would take for markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from twin.coverage import KINDS as COVERED
from twin.files import write_text
from twin.finding import Finding
from twin.formula.document import Sentence
from twin.validation.report.group import Group, groups
from twin.validation.report.private import handed_on, without_paths
from twin.validation.report.shelf import Shelf
from twin.validation.result import Result
from twin.validation.words import KINDS, LIMIT, MODES, SECTIONS, SEVERITIES, VERDICTS, evidence

Language = Literal["en", "zh"]
#: A comment on the usual forges has at most 65,536 characters; Chinese takes three bytes each.
LARGEST_BYTES = 60_000
_MOST_FINDINGS, _MOST_NAMES, _MOST_TEXT = 10, 3, 300
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
#: What forges turn into links or call somebody by, though no markup is there.
_LIVE = re.compile(r"@(?=\w)|://|\bwww\.|\bGH-(?=\d)", re.IGNORECASE)


def markdown(result: Result, language: Language = "en") -> str:
    """The comment."""
    say = _Says(language)
    shelf = Shelf()
    result = without_paths(handed_on(result, shelf), shelf)
    lines = [
        f"## {say.words('Controller validation', '控制器验证')}",
        "",
        *_compared(result, say),
        *_covered(result, say),
        f"### {say.words('Verdict', '结论')}: {say(VERDICTS[result.verdict])}",
        "",
        *(f"{say(one)}  " for one in result.why),
        say(evidence(result)),
        "",
        *_found(result, say),
        *_troubles(result, say),
        *_again(result, say),
        "",
        f"<sub>{say(LIMIT)}</sub>",
    ]
    return _bounded("\n".join(lines) + "\n", say)


def write_markdown(result: Result, out: Path, language: Language = "en") -> None:
    """Write the comment."""
    write_text(out, markdown(result, language))


def escaped(text: str, most: int = _MOST_TEXT) -> str:
    """A text that stands as it is: no markup, no link, nobody's name called, one line."""
    short = " ".join(text.split())
    short = short if len(short) <= most else short[: most - 1] + "…"
    quiet = _LIVE.sub(lambda match: match[0][0] + "\u200b" + match[0][1:], short)
    return _SPECIAL.sub(r"\\\1", quiet.replace("&", "&amp;"))


def code(text: str) -> str:
    """A name in the type of code, whatever is in it."""
    entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "`": "&#96;", "*": "&#42;", "_": "&#95;",
                "[": "&#91;", "]": "&#93;", "\\": "&#92;", "~": "&#126;"}  # fmt: skip
    short = " ".join(text.split())
    if short and "`" not in short and "|" not in short:
        return f"`{short[:_MOST_TEXT]}`"
    return "<code>" + "".join(entities.get(letter, letter) for letter in short[:_MOST_TEXT]) + "</code>"


class _Says:
    """Texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def words(self, en: str, zh: str) -> str:
        """Words of the program's own."""
        return zh if self.language == "zh" else en

    def __call__(self, text: Sentence) -> str:
        return escaped(self.words(text.en, text.zh))


def _compared(result: Result, say: _Says) -> list[str]:
    new = f"{say.words('NEW', '新')}: {code(result.program.name)} {code(result.program.digest[:16] or '–')}"
    if result.baseline is None:
        return [new, ""]
    old = f"{say.words('OLD', '原')}: {code(result.baseline.name)} {code(result.baseline.digest[:16] or '–')}"
    return [f"{new}  ", old, ""]


def _covered(result: Result, say: _Says) -> list[str]:
    lines = [f"### {say.words('Never exercised', '从未触发')}", ""]
    lines += [f"- **{say.words('changed', '已修改')}**: {say(one)}" for one in result.untested[:_MOST_NAMES]]
    never: dict[str, list[str]] = {}
    for one in result.coverage.never():
        never.setdefault(one.kind, []).append(one.name)
    for kind in result.coverage.counts:
        exercised, every = result.coverage.exercised(kind)
        lacking = never.get(kind, [])
        told = ", ".join(code(name) for name in lacking[:_MOST_NAMES])
        more = f" … +{len(lacking) - _MOST_NAMES}" if len(lacking) > _MOST_NAMES else ""
        lines.append(f"- {say.words(*COVERED[kind])} {exercised}/{every}" + (f": {told}{more}" if told else ""))
    if not result.coverage.counts:
        lines.append(f"- {say.words('nothing was exercised at all', '没有触发任何内容')}")
    return [*lines, ""]


def _found(result: Result, say: _Says) -> list[str]:
    by_section = groups(result)
    counts = " · ".join(f"{say(words)} **{len(by_section[section])}**" for section, words in SECTIONS.items())
    lines = [f"### {say.words('Findings', '发现')}", "", counts, ""]
    rows = [group for section, found in by_section.items() if section != "before" for group in found]
    if not rows:
        return lines
    heads = say.words("| what | finding | where |", "| 类别 | 发现 | 位置 |")
    lines += [heads, "|---|---|---|"]
    lines += [_row(group, say) for group in rows[:_MOST_FINDINGS]]
    if len(rows) > _MOST_FINDINGS:
        lines += ["", f"… +{len(rows) - _MOST_FINDINGS}: {say.words('in the report', '见报告')}"]
    return [*lines, ""]


def _row(group: Group, say: _Says) -> str:
    one = group.first
    severity = f" ({say(SEVERITIES[one.severity])})" if one.severity else ""
    what = f"**{say(KINDS[one.kind])}**{severity}"
    told = f"{say(one.text)}<br>{code(one.key)}"
    if one.approved is not None:
        told += f"<br>{say.words('approved', '已批准')}: {escaped(one.approved.reason)} – {escaped(one.approved.by)}"
    more = f" +{len(group.findings) - 1}" if len(group.findings) > 1 else ""
    return f"| {what} | {told} | {_where(one, say)}{more} |"


def _where(one: Finding, say: _Says) -> str:
    time = "" if one.t_ns is None else f" {one.t_ns / 1e9:.2f} s"
    return f"{escaped(one.case, 60)}, {say(MODES[one.mode])}{time}"


def _troubles(result: Result, say: _Says) -> list[str]:
    lines: list[str] = []
    kinds = (
        (say.words("Approvals that no longer fit", "已失效的批准"), result.stale),
        (say.words("Could not be used", "无法使用"), result.troubles),
    )
    for title, ones in kinds:
        if ones:
            lines += [f"### {title}", ""]
            lines += [f"- {code(one.what)}: {escaped(one.text)}" for one in ones[:_MOST_FINDINGS]]
            lines += [f"- … +{len(ones) - _MOST_FINDINGS}"] if len(ones) > _MOST_FINDINGS else []
            lines.append("")
    return lines


def _again(result: Result, say: _Says) -> list[str]:
    if not result.command:
        return []
    # A fence longer than any in the command, which is one line.
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", result.command)), default=0))
    title = say.words("Do it again", "复现")
    return [f"### {title}", "", f"{fence}sh", " ".join(result.command.split()), fence]


def _bounded(text: str, say: _Says) -> str:
    """The whole text, or as many of its lines as are allowed, and that it is cut."""
    if len(text.encode()) <= LARGEST_BYTES:
        return text
    note = say.words("Cut here: the rest is in the report.", "此处截断，其余见报告。")
    left = LARGEST_BYTES - len(note.encode()) - 16
    kept = []
    for line in text.splitlines():
        left -= len(line.encode()) + 1
        if left < 0:
            break
        kept.append(line)
    # A block of code that is open would swallow the note.
    if sum(line.startswith("```") for line in kept) % 2:
        kept.append("```")
    return "\n".join([*kept, "", f"**{note}**", ""])
