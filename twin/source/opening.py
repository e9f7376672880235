"""From paths to readers: each file's kind is found by its content, and by its name where its beginning is damaged."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from twin.errors import InputError
from twin.source import opcua_logger
from twin.source.csv_file import CsvFile
from twin.source.json_lines import parse
from twin.source.json_log import JsonLog
from twin.source.mcap_file import McapFile
from twin.source.mcap_walk import MAGIC as MCAP
from twin.source.ocpp import Ocpp, frame_of
from twin.source.opcua_logger import OpcUaLogger
from twin.source.parquet_file import ParquetFile
from twin.source.record_file import RecordFile
from twin.source.sample import Batch, Damage
from twin.source.shdr import Shdr
from twin.source.sqlite_file import SqliteFile
from twin.source.table import is_time
from twin.source.text import Utf8Stream
from twin.source.unpack import HEAD_BYTES, MOST_FILES, SourceFile, archived_files, is_archive, plain_file
from twin.tag_map import Stream

_SHDR = re.compile(rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?\|")
_BESIDE = ("tagconfig.txt", "license", "readme.md", "readme.txt")
#: What a database writes beside itself, and what a file manager leaves.
_PASSED_OVER = re.compile(r"(^|/)\.|(-wal|-shm|-journal)$|(^|/)__MACOSX/|(^|/)thumbs\.db$", re.IGNORECASE)
_LINES_LOOKED_AT = 20
#: An MCAP file's header begins with its profile.
_RECORD = re.compile(re.escape(MCAP) + rb"\x01.{8}\x08\0\0\0swaptwin", re.DOTALL)


class Reader(Protocol):
    """What reads one file."""

    def batches(self) -> Iterator[Batch]: ...


@dataclass(frozen=True)
class _Whole:
    """A file's reader, and what could not be unpacked of the file."""

    file: SourceFile
    stream: str
    reader: Reader

    def batches(self) -> Iterator[Batch]:
        yield from self.reader.batches()
        for trouble in self.file.troubles:
            yield Damage(self.stream, 0, trouble)


@dataclass(frozen=True)
class _Refused:
    """A file among others that is no log of a known kind."""

    stream: str
    why: InputError

    def batches(self) -> Iterator[Batch]:
        yield Damage(self.stream, 0, f"no log of a known kind: {self.why}"[:400])


def source_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files of paths, folders and archives, in the order of their names.

    Raises:
        InputError: a path that is not there, an archive that is damaged or that unpacks to more than a log can be.
    """
    found: list[SourceFile] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file())
            found += [plain_file(file, file.relative_to(path).as_posix()) for file in inside[:MOST_FILES]]
        elif path.is_file():
            found += archived_files(path) if is_archive(path) else [plain_file(path, path.name)]
        else:
            raise InputError(key="source", expected="a file or a folder", got="no such file", file=path)
    return found


def readers(files: Sequence[SourceFile], streams: Mapping[str, Stream] | None = None) -> list[tuple[str, Reader]]:
    """A reader for each file that holds a log, with the name of its stream. A file among others that is none is damage.

    Args:
        streams: what a map says of how they are written, by name.

    Raises:
        InputError: no file is a log of a known kind.
    """
    configs = {str(PurePosixPath(f.name).parent): f for f in files if PurePosixPath(f.name).name == "tagconfig.txt"}
    logs = [file for file in files if not _beside(file)]
    for file in files:
        # What is wrong with a whole archive may stand at a file that is no log.
        if logs and _beside(file):
            logs[0].troubles.extend(trouble for trouble in file.troubles if trouble not in logs[0].troubles)
    names = _stream_names([file.name for file in logs])
    found: list[tuple[str, Reader]] = []
    refused: list[InputError] = []
    for file, name in zip(logs, names, strict=True):
        try:
            found.append((name, _Whole(file, name, _reader(file, name, configs, streams or {}))))
        except InputError as error:  # noqa: PERF203 - once a file
            refused.append(error)
            found.append((name, _Whole(file, name, _Refused(name, error))))
    if refused and len(refused) == len(found):
        raise refused[0]
    return found


def _reader(file: SourceFile, stream: str, configs: Mapping[str, SourceFile], streams: Mapping[str, Stream]) -> Reader:
    head = file.head()
    suffix = PurePosixPath(file.name).suffix.lower()
    own = streams.get(stream, Stream())
    if _RECORD.match(head):
        return RecordFile(file.local, stream)
    if head.startswith(MCAP) or suffix == ".mcap":
        return McapFile(file.local, stream)
    if head.startswith(b"PAR1") or suffix in (".parquet", ".pq"):
        return ParquetFile(file.local, stream, own.roles)
    if head.startswith(b"SQLite format 3\0") or suffix in (".sqlite", ".sqlite3", ".db3"):
        return SqliteFile(file.local, stream, lambda name: streams.get(name, own).roles)
    text = Utf8Stream(io.BytesIO(head), own.encoding).read(HEAD_BYTES)
    lines = [line.strip() for line in text.split(b"\n")[:_LINES_LOOKED_AT]]
    if lines[0] == ",".join(opcua_logger.COLUMNS).encode():
        config = configs.get(str(PurePosixPath(file.name).parent))
        nodes = config.head().decode("utf-8", "replace").splitlines() if config else []
        return OpcUaLogger(file.open(), stream, nodes)
    # A table may have bars between its cells too: it has a line of names, or a map says what its columns are.
    table = bool(own.columns or own.delimiter) or is_time(lines[0].split(b"|")[0].decode("utf-8", "replace"))
    if not table and any(_SHDR.match(line) for line in lines):
        return Shdr(_utf8(file, own), stream)
    messages = [message for line in lines if (message := _message(line)) is not None]
    if any(frame_of(message) is not None for message in messages):
        return Ocpp(_utf8(file, own), stream)
    if messages:
        return JsonLog(_utf8(file, own), stream)
    return CsvFile(
        file.open(), stream, delimiter=own.delimiter, decimal=own.decimal, encoding=own.encoding, columns=own.roles
    )


def _message(line: bytes) -> Any:
    """The value of a line that is a JSON object or list, else None."""
    if line[:1] not in (b"{", b"["):
        return None
    try:
        return parse(line)
    except ValueError:
        return None


def _utf8(file: SourceFile, stream: Stream) -> BinaryIO:
    return io.BufferedReader(Utf8Stream(file.open(), stream.encoding))


def _beside(file: SourceFile) -> bool:
    """Whether a file only tells something about the logs beside it, or is none."""
    return PurePosixPath(file.name).name.lower() in _BESIDE or bool(_PASSED_OVER.search(file.name))


def _stream_names(names: Sequence[str]) -> list[str]:
    """Each file's stem; where two have the same, their folder as well."""
    stems = [PurePosixPath(name).name.split(".")[0] for name in names]
    parents = [PurePosixPath(name).parent.name for name in names]
    if len(set(stems)) == len(stems):
        return stems
    if len(set(parents)) == len(parents):
        return parents
    return [re.sub(r"\.[^/]*$", "", name).replace("/", ".") for name in names]
