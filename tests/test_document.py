"""Typed documents: what is refused, and that the refusal says file, line, key, what was expected and what came."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from twin.document import Document, Quantity, load_document, parse_document
from twin.errors import InputError
from twin.yaml_node import YamlError, read_yaml


class Wheel(Document):
    radius_mm: Annotated[float, Field(gt=0, le=600)]
    tyre: str = "winter"


class Cart(Document):
    name: str
    seats: Annotated[int, Field(ge=1, le=9)] = 4
    wheels: list[Wheel] = []
    loads: dict[str, Wheel] = {}
    mass_kg: Quantity | None = None


GOOD = """\
name: barrow
seats: 2
wheels:
  - radius_mm: 200
  - {radius_mm: 150, tyre: summer}
loads:
  left.front: {radius_mm: 10}
"""


def refusal(text: str, *overrides: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_document(text, Cart, file="cart.yaml", overrides=overrides)
    return caught.value


def test_a_good_document() -> None:
    cart = parse_document(GOOD, Cart)
    assert cart.wheels[1].tyre == "summer"
    assert cart.loads["left.front"].radius_mm == 10


@pytest.mark.parametrize(
    ("change", "line", "key", "expected", "got", "hint"),
    [
        (("seats: 2", "seets: 2"), 2, "seets", "one of the keys", "unknown key 'seets'", "did you mean seats?"),
        (("seats: 2", "seats: 12"), 2, "seats", "a whole number from 1 to 9", "12", ""),
        (("seats: 2", "seats: 2.5"), 2, "seats", "a whole number from 1 to 9", "2.5", ""),
        (("seats: 2", "seats: yes"), 2, "seats", "a whole number from 1 to 9", "'yes'", ""),
        (("radius_mm: 200", "radius_m: 2"), 4, "wheels.0.radius_m", "one of the keys", "", "radius_mm? It is given"),
        (("200", "200 mm"), 4, "wheels.0.radius_mm", "above 0 and up to 600 mm", "'200 mm'", "the key says mm"),
        (("200", "0.0"), 4, "wheels.0.radius_mm", "above 0", "0.0", ""),
        (("200", ".nan"), 4, "wheels.0.radius_mm", "a number", "nan", ""),
        (("name: barrow\n", ""), 1, "name", "text", "nothing", ""),
        (("radius_mm: 10", "tyre: x"), 7, "loads.left.front.radius_mm", "a number", "nothing; the key is missing", ""),
        (("seats: 2", "name: again"), 2, "name", "each key once", "first in line 1", ""),
        (("seats: 2", "seats: [2"), 3, "cart.yaml", "YAML", "", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    change: tuple[str, str], line: int, key: str, expected: str, got: str, hint: str
) -> None:
    error = refusal(GOOD.replace(*change))
    assert (str(error.file), error.line, error.key) == ("cart.yaml", line, key)
    assert expected in error.expected
    assert got in str(error.got)
    assert hint in error.hint
    assert f"(cart.yaml:{line})" in str(error)


def test_the_first_of_several_is_told() -> None:
    assert refusal(GOOD.replace("seats: 2", "seats: 0").replace("150", "-1")).key == "seats"


def test_a_document_that_is_no_mapping() -> None:
    assert "a mapping" in refusal("- 1\n").expected
    assert "a mapping" in refusal("").expected


def test_missing_file_and_near_name(tmp_path: Path) -> None:
    (tmp_path / "cart.yaml").write_text(GOOD, encoding="utf-8")
    assert load_document(tmp_path / "cart.yaml", Cart).seats == 2
    with pytest.raises(InputError, match=r"no such file; did you mean cart.yaml\?"):
        load_document(tmp_path / "cat.yaml", Cart)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "cart.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        load_document(tmp_path / "cart.yaml", Cart)


def test_overrides_are_put_in_and_checked() -> None:
    cart = parse_document(GOOD, Cart, overrides=["seats=3", "wheels.1.radius_mm=99", "loads.rear={radius_mm: 7}"])
    assert (cart.seats, cart.wheels[1].radius_mm, cart.loads["rear"].radius_mm) == (3, 99, 7)
    cart = parse_document(GOOD, Cart, overrides=["loads.left.front.radius_mm=11", "loads.right.front.radius_mm=12"])
    assert (cart.loads["left.front"].radius_mm, cart.loads["right.front"].radius_mm) == (11, 12)


@pytest.mark.parametrize(
    ("override", "key", "expected"),
    [
        ("seats=99", "seats", "from 1 to 9"),
        ("wheels.7.radius_mm=1", "wheels.7.radius_mm", "an item 0 to 1"),
        ("seats.x=1", "seats.x", "holds a value"),
        ("wheels.0.radius_m=1", "wheels.0.radius_m", "one of the keys"),
        ("seats", "seats", "key.path=value"),
        ("a..b=1", "a..b", "key.path=value"),
        ("name={", "name", "YAML"),
    ],
)
def test_a_bad_override_is_named(override: str, key: str, expected: str) -> None:
    error = refusal(GOOD, override)
    assert (str(error.file), error.line, error.key) == (f"--set {override}", None, key)
    assert expected in error.expected


def test_a_quantity_lies_in_its_range() -> None:
    mass = "mass_kg: {value: 5, source: scale, confidence: H, range: [1, 3]}\n"
    error = refusal(GOOD + mass)
    assert (error.line, error.key) == (8, "mass_kg")
    assert "range 1 to 3" in error.expected
    assert "one of H, M, L, D, EE" in refusal(GOOD + mass.replace("confidence: H", "confidence: sure")).expected


def test_plain_values_read_as_yaml_1_2() -> None:
    data, _ = read_yaml("a: yes\nb: 1e3\nc: 1:30\nd: 2020-01-01\ne: 012\nf: '7'\ng: ~\nh: -.5\ni: true")
    assert data == {
        "a": "yes",
        "b": 1000.0,
        "c": "1:30",
        "d": "2020-01-01",
        "e": 12,
        "f": "7",
        "g": None,
        "h": -0.5,
        "i": True,
    }


def test_an_alias_of_itself_ends() -> None:
    with pytest.raises(YamlError, match="alias of itself"):
        read_yaml("a: &x [*x]")


words = st.text(alphabet="ab 中文:#'\"-[]{},&*!|>%@\n", max_size=8)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@given(trees)
def test_what_yaml_writes_is_read_again(tree: object) -> None:
    data, lines = read_yaml(yaml.safe_dump(tree, allow_unicode=True))
    assert data == tree
    assert lines[()] == 1


@given(st.text(max_size=60))
def test_any_text_is_a_document_or_an_input_error(text: str) -> None:
    try:
        parse_document(text, Cart, overrides=["seats=1"])
    except InputError as error:
        assert error.expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_override_is_taken_or_an_input_error(key: str, value: str) -> None:
    try:
        parse_document(GOOD, Cart, overrides=[f"{key}={value}"])
    except InputError as error:
        assert error.expected
