"""YAML text to plain data together with the line of every value."""

from __future__ import annotations

import re
from typing import Any

import yaml

from twin.errors import SwapTwinError

Key = str | int


class YamlError(SwapTwinError):
    """The text is not YAML, or YAML that a typed document does not take."""

    def __init__(self, *, expected: str, got: str, line: int | None, key: str = "") -> None:
        self.expected, self.got, self.line, self.key = expected, got, line, key
        super().__init__(f"expected {expected}, got {got}")


# libyaml where the wheel has it: a tenth of the time.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read_yaml(text: str) -> tuple[Any, dict[tuple[Key, ...], int]]:
    """Data of a YAML text, and the line (from 1) of every value by its path; a key's line for a mapping's values.

    Raises:
        YamlError: no YAML, more than one document, a key twice, a key that is no text, or an alias of itself.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise YamlError(expected="YAML", got=str(error.problem or error.context), line=line) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise YamlError(expected="YAML", got=str(error).splitlines()[0], line=None) from None
    lines: dict[tuple[Key, ...], int] = {}
    if node is None:
        return None, {(): 1}
    return _build(node, (), lines, node.start_mark.line + 1, frozenset()), lines


def _build(
    node: yaml.Node, path: tuple[Key, ...], lines: dict[tuple[Key, ...], int], line: int, above: frozenset[int]
) -> Any:
    if id(node) in above:
        raise YamlError(expected="values that end", got="an alias of itself", line=line, key=_dotted(path))
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, above | {id(node)})
    if isinstance(node, yaml.SequenceNode):
        inside = above | {id(node)}
        return [_build(item, (*path, n), lines, item.start_mark.line + 1, inside) for n, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, path: tuple[Key, ...], lines: dict[tuple[Key, ...], int], above: frozenset[int]
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError(expected="a word as key", got="a list or mapping", line=line, key=_dotted(path))
        key = str(key_node.value)
        here = (*path, key)
        if key in data:
            got = f"{key!r} a second time (first in line {lines[here]})"
            raise YamlError(expected="each key once", got=got, line=line, key=_dotted(here))
        data[key] = _build(value_node, here, lines, line, above)
    return data


def _scalar(node: yaml.ScalarNode) -> Any:
    """A plain value as YAML 1.2's core schema reads it; a quoted one is text."""
    text = str(node.value)
    if node.style:  # plain is None to one loader and empty to the other
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def _dotted(path: tuple[Key, ...]) -> str:
    return ".".join(str(part) for part in path)
