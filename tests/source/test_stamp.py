"""Time stamps and numbers as foreign logs write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.source.stamp import MISSING_NS, to_ns, to_numbers
from twin.source.stamp_format import find_stamp_format

NS = 1_000_000_000
NOON = 1_600_948_800 * NS  # 2020-09-24T12:00:00Z

INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone.utc))


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("2020-09-24T12:00:00Z", {}, NOON),
        ("2020-09-24T12:00:00.1234567Z", {}, NOON + 123_456_700),
        ("2020-09-24 12:00:00,5Z", {}, NOON + NS // 2),
        ("2020-09-24T20:00:00+08:00", {}, NOON),
        ("2020-09-24 20:00:00", {"zone": "Asia/Shanghai"}, NOON),
        ("24.09.2020 20:00:00,25", {"format": "%d.%m.%Y %H:%M:%S,%f", "zone": "Asia/Shanghai"}, NOON + NS // 4),
        ("1600948800250", {"format": "epoch", "unit": "ms"}, NOON + NS // 4),
        ("1600948800.25", {"format": "epoch"}, NOON + NS // 4),
        ("132454224000000001", {"format": "filetime"}, NOON + 100),
    ],
)
def test_a_stamp_is_read_to_the_nanosecond(text: str, options: dict[str, str], expected: int) -> None:
    assert to_ns(pa.array([text]), **options).tolist() == [expected]  # type: ignore[arg-type]


@given(st.lists(INSTANTS, min_size=1, max_size=20))
def test_iso_stamps_come_back(instants: list[datetime]) -> None:
    expected = [
        (instant - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1) for instant in instants
    ]
    texts = [instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for instant in instants]
    texts = [text.rjust(27, "0") for text in texts]
    assert (to_ns(pa.array(texts)) // 1000).tolist() == expected


@pytest.mark.parametrize("bad", ["", "x", "2020-13-24T12:00:00Z", "2020-09-24T25:00:00Z", "9" * 400, "=1+1", "\x00"])
def test_a_bad_stamp_spoils_no_other(bad: str) -> None:
    texts = ["2020-09-24T12:00:00Z", bad, "2020-09-24T12:00:01Z"]
    assert to_ns(pa.array(texts)).tolist() == [NOON, MISSING_NS, NOON + NS]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=50))
def test_any_text_is_a_stamp_or_missing(texts: list[str]) -> None:
    for options in ({}, {"format": "epoch", "unit": "ms"}, {"format": "filetime"}, {"format": "%Y-%m-%d %H:%M:%S.%f"}):
        assert len(to_ns(pa.array(texts), **options)) == len(texts)  # type: ignore[arg-type]


def test_stamps_with_and_without_zones_are_read_side_by_side() -> None:
    texts = [
        "2020-09-24T12:00:00Z",
        "2020-09-24T20:00:00.5+08:00",
        "2020-09-24 20:00:01",
        "x",
        "2020-09-24T08:00:02-0400",
    ]
    expected = [NOON, NOON + NS // 2, NOON + NS, MISSING_NS, NOON + 2 * NS]
    for turned in (texts, texts[::-1]):
        found = to_ns(pa.array(turned), zone="Asia/Shanghai").tolist()
        assert found == (expected if turned is texts else expected[::-1])


def test_a_stamp_beyond_what_ns_hold_is_missing() -> None:
    assert to_ns(pa.array([0, 2**62, -(2**63)], pa.timestamp("ms"))).tolist() == [0, MISSING_NS, MISSING_NS]
    assert to_ns(pa.array([0, 2**64 - 1], pa.uint64()), format="epoch", unit="us").tolist() == [0, MISSING_NS]
    assert to_ns(pa.array([-(2**63), 0]), format="filetime")[0] == MISSING_NS


@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        ("2020-09-24 12:00:00", "ISO 8601"),
        ("1600948800.25", "s since 1970"),
        ("1600948800250", "ms since 1970"),
        ("1600948800250000", "us since 1970"),
        ("132454224000000001", "FILETIME, 100 ns since 1601"),
        ("2020/09/24 12:00:00", "%Y/%m/%d %H:%M:%S"),
        ("24.9.2020 12:00:00,250", "%d.%m.%Y %H:%M:%S,%f"),
        ("2020年9月24日 12:00:00", "%Y年%m月%d日 %H:%M:%S"),
        ("20200924120000", "%Y%m%d%H%M%S"),
        ("3/4/2020 12:00:00", "None"),
        ("0.25", "None"),
    ],
)
def test_the_format_of_stamps_is_found_or_not_guessed(stamp: str, told: str) -> None:
    assert str(find_stamp_format(pa.array([stamp, None, stamp]))) == told


@pytest.mark.parametrize(
    ("text", "format", "expected"),
    [
        ("24.09.20 12:00:00", "%d.%m.%y %H:%M:%S", NOON),
        ("24-Sep-20 12:00:00", "%d-%b-%y %H:%M:%S", NOON),
        ("9/24/2020 12:00:00 PM", "%m/%d/%Y %I:%M:%S %p", NOON),
    ],
)
def test_a_format_that_a_map_gives_is_read(text: str, format: str, expected: int) -> None:
    assert to_ns(pa.array([text]), format=format).tolist() == [expected]


def test_an_hour_that_does_not_exist_is_the_one_after() -> None:
    spring = datetime(2026, 3, 29, 3, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    found = to_ns(pa.array(["2026-03-29 02:30:00"]), zone="Europe/Berlin")[0]
    assert abs(found - int(spring.timestamp()) * NS) <= 1800 * NS


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_number_written_by_python_comes_back_to_the_bit(numbers: list[float]) -> None:
    assert to_numbers(pa.array([repr(number) for number in numbers])).tolist() == numbers


def test_what_is_no_number_is_missing_and_spoils_no_other() -> None:
    cells = ["1.5", "x", None, "=1+1", "TRUE", "false", "+2", " 3 ", "1e400", "0x10"]
    found = to_numbers(pa.array(cells))
    assert np.isnan(found[[1, 2, 3, 9]]).all()
    assert found[[0, 4, 5, 6, 7]].tolist() == [1.5, 1.0, 0.0, 2.0, 3.0]
    assert to_numbers(pa.array(["1,5"]), decimal=",").tolist() == [1.5]
