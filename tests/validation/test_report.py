"""The folder of a report: what stands in it, that equal Results give equal bytes, and what it never does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.playback.secret import PLATE, write_secret
from tests.validation.example import FOLLOWER, ROOT, VIOLATION, example_result
from twin.cli.console import out
from twin.cli.verdict import print_result
from twin.errors import InputError
from twin.formula.document import Sentence
from twin.record import Record
from twin.shipped import shipped
from twin.validation.report import junit, markdown, write_report
from twin.validation.report.group import groups
from twin.validation.result import CaseResult, Finding, KnownFact, Result, load_result
from twin.validation.trace import of_record, only_first, with_traces
from twin.validation.words import VERDICTS

RECORDING = shipped("assets", "recordings", "nominal_swap.mcap")


def traced_result() -> Result:
    """The example, its first case with traces of the shipped recording: as OLD's and, the lift 60 ms late, as NEW's."""
    result = example_result(str(RECORDING))
    old = of_record(Record.open(RECORDING))

    def new(name: str, t0_ns: int, t1_ns: int) -> Any:
        told = old(name, t0_ns, t1_ns)
        return told and (told[0], told[1] + 60_000_000, told[2])

    first = result.cases[0]
    reversed_ = [one.model_copy(update={"signals": one.signals[::-1]}) for one in first.findings]
    findings = tuple(with_traces(reversed_, {"old": old, "new": new}))
    return result.model_copy(update={"cases": (first.model_copy(update={"findings": findings}), *result.cases[1:])})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "report"
    write_report(traced_result(), folder)
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _of(*findings: Finding) -> Result:
    case = CaseResult(name="day_17", kind="log", mode="open", status="judged", findings=findings)
    return example_result().model_copy(update={"cases": (case,)})


def test_coverage_stands_above_the_verdict_and_the_verdict_above_what_was_found(written: Path) -> None:
    page = (written / "index.html").read_text("utf-8")
    texts = ["exercised by no case", "never exercised", ">Objection<", "The controller raised at", "Do it again"]
    assert [page.index(text) for text in texts] == sorted(page.index(text) for text in texts)


def test_every_finding_and_every_case_is_told_in_both_languages(written: Path) -> None:
    page = (written / "index.html").read_text("utf-8")
    result = load_result(written / "result.json")
    assert result == traced_result()
    for finding in result.findings:
        assert finding.text.zh in page and finding.key in page
    for name in ("broken", "does not reproduce the log", "rack.slot1.st_smoke", "warm-up from the last Idle", "Li Wei"):
        assert name in page


def test_equal_results_give_equal_files(written: Path, tmp_path: Path) -> None:
    write_report(traced_result(), tmp_path / "report")
    assert _files(tmp_path / "report") == _files(written)


def test_the_worst_findings_have_a_page_that_opens_at_their_instant(written: Path) -> None:
    links = re.findall(r'href="pages/([^"#]+)#t=([\d.]+)"', (written / "index.html").read_text("utf-8"))
    assert {t for _, t in links} == {"41.3", "38"}, "two findings of one stretch"
    assert {name for name, _ in links} == {path.name for path in (written / "pages").iterdir()}
    assert len({name for name, _ in links}) == 1, "share a page"


def test_records_that_are_gone_leave_their_findings_without_pages(tmp_path: Path) -> None:
    index = write_report(example_result(str(tmp_path / "gone.mcap")), tmp_path / "report")
    page = index.read_text("utf-8")
    assert VIOLATION.text.zh in page
    assert "pages/" not in page and "swaptwin view" not in page


def test_plots_show_both_sides_and_need_no_record(written: Path, tmp_path: Path) -> None:
    result = load_result(written / "result.json")
    trace = result.cases[0].findings[0].traces[0]
    assert [one.signal["name"] for one in result.cases[0].findings[0].traces] == [
        "shuttle.lift.cmd_move", "truck.interface.st_park_brake",
    ], "what differs stands first"  # fmt: skip
    assert trace.signal["name"] == "shuttle.lift.cmd_move"
    changes = {side: dict(zip(one.t_ns, one.values, strict=True)) for side, one in trace.samples.items()}
    falls = {side: next(t for t, value in one.items() if value == 0.0) for side, one in changes.items()}
    assert falls["new"] - falls["old"] == 60_000_000
    gone = Result.model_validate_json(result.to_json().replace(str(RECORDING), "gone.mcap"))
    page = write_report(gone, tmp_path / "report").read_text("utf-8")
    for drawn in ('class="strip old"', 'class="strip new"', "class='line old'", "class='line new'"):
        assert drawn in page and drawn in (written / "index.html").read_text("utf-8")


def test_only_what_this_program_wrote_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    write_report(example_result(str(RECORDING)), folder)
    (folder / "pages" / "mine.html").write_text("kept")
    (folder / "notes.txt").write_text("kept")
    write_report(_of(ROOT), folder)
    assert sorted(_files(folder)) == ["index.html", "notes.txt", "pages/mine.html", "result.json"]


def test_a_report_needs_a_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    for place in (tmp_path / "file", tmp_path / "no" / "folder"):
        with pytest.raises(InputError, match="--report"):
            write_report(example_result(), place)
    assert (tmp_path / "file").read_text() == "before"


def test_a_finding_of_many_cases_keeps_the_traces_that_are_drawn() -> None:
    case = traced_result().cases[0]
    names = [f"day_{n}" for n in range(10)]
    cases = [
        case.model_copy(
            update={"name": name, "findings": tuple(f.model_copy(update={"case": name}) for f in case.findings)}
        )
        for name in names
    ]
    kept = only_first(cases)
    assert [len(one.findings) for one in kept] == [2] * 10
    assert sum(bool(one.findings[0].traces) for one in kept) == 3
    result = example_result().model_copy(update={"cases": tuple(kept)})
    assert all(group.first.traces for section in groups(result).values() for group in section)


def test_many_cases_in_which_nothing_was_found_are_listed_and_not_told(tmp_path: Path) -> None:
    cases = tuple(CaseResult(name=f"day_{n:03}", kind="log", mode="open", status="judged") for n in range(500))
    result = example_result().model_copy(update={"cases": cases})
    page = write_report(result, tmp_path / "report").read_text("utf-8")
    assert page.count("day_399") == 1 and page.count("day_003") == 2 and "day_400" not in page
    assert "result.json:" in page


def test_what_a_log_calls_private_is_in_none_of_what_is_handed_on(tmp_path: Path) -> None:
    path = str(write_secret(tmp_path))
    told = Sentence(en=f"The truck {PLATE} came.", zh=f"车辆 {PLATE} 到达。")
    finding = ROOT.model_copy(
        update={"text": told, "key": f"changed:{PLATE}", "record": path, "t_ns": 2_000_000_000, "approved": None}
    )
    case = CaseResult(
        name="day", kind="log", mode="open", status="judged", findings=(finding,), why=told,
        records={"new": str(RECORDING), "log": path},
        known=(KnownFact(what="truck.id", value=PLATE, how="logged", text=told),),
    )  # fmt: skip
    result = example_result().model_copy(update={"cases": (case,)})
    write_report(result, tmp_path / "report")
    texts = [file.decode() for file in _files(tmp_path / "report").values()]
    for text in (*texts, markdown(result), junit(result)):
        assert PLATE not in text
    assert "private-1" in texts[0]


def test_texts_are_shown_and_never_run(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    finding = ROOT.model_copy(update={"text": Sentence(en=evil, zh=evil), "key": evil, "approved": None})
    page = write_report(_of(finding), tmp_path / "report").read_text("utf-8")
    assert "<script>alert" not in page and "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_follows_is_folded_into_its_root_unless_it_is_judged_otherwise() -> None:
    approved = groups(_of(ROOT, FOLLOWER))
    assert [group.first.key for group in approved["approved"]] == [ROOT.key]
    assert [group.first.key for group in approved["different"]] == [FOLLOWER.key], "nobody approved what follows"
    found = groups(_of(ROOT.model_copy(update={"approved": None}), FOLLOWER))
    assert [group.first.key for group in found["different"]] == [ROOT.key]
    assert list(found["different"][0].followers) == [FOLLOWER.key]


def test_findings_that_follow_from_each_other_are_told_all_the_same() -> None:
    one = FOLLOWER.model_copy(update={"key": "a", "follows": "b"})
    other = FOLLOWER.model_copy(update={"key": "b", "follows": "a"})
    told = [group for section in groups(_of(one, other)).values() for group in section]
    assert {key for group in told for key in (group.first.key, *group.followers)} == {"a", "b"}


def test_one_finding_in_many_cases_is_one_entry() -> None:
    cases = tuple(
        CaseResult(
            name=f"day_{n}", kind="log", mode="open", status="judged",
            findings=(ROOT.model_copy(update={"case": f"day_{n}", "approved": None}),),
        )
        for n in range(50)
    )  # fmt: skip
    found = groups(example_result().model_copy(update={"cases": cases}))["different"]
    assert [len(group.cases) for group in found] == [50]


def _printed(result: Result) -> str:
    with out.capture() as captured:
        print_result(result)
    return captured.get()


def test_a_terminal_tells_what_follows_from_an_approved_change_and_is_not_approved_itself() -> None:
    text = _printed(_of(ROOT, FOLLOWER))
    assert text.index(FOLLOWER.key) < text.index(ROOT.key), "what counts stands first"
    assert FOLLOWER.key not in _printed(_of(ROOT.model_copy(update={"approved": None}), FOLLOWER))


@pytest.mark.parametrize("cases", [(), example_result().cases], ids=["no cases", "cases"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_nothing_is_called_safe(verdict: str, cases: tuple[CaseResult, ...], tmp_path: Path) -> None:
    """In no words of the command or of a report, in both languages; `safety` is a severity."""
    result = example_result().model_copy(update={"verdict": verdict, "cases": cases})
    texts = [
        write_report(result, tmp_path / "report").read_text("utf-8"), markdown(result), markdown(result, "zh"),
        junit(result), result.to_json(), _printed(result),
    ]  # fmt: skip
    for text in texts:
        assert not re.search(r"\b(un)?safe(ly)?\b|安全的|是安全|可安全", text, re.IGNORECASE)
