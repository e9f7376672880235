"""Writes constraints.txt: the newest versions that pip resolves for Python 3.10 and 3.11, told apart by markers.

Run as ``make constraints`` on Linux x86-64 with both interpreters on the path; nothing is installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

INTERPRETERS = {"3.10": "python3.10", "3.11": "python3.11"}
ROOT = Path(__file__).resolve().parent.parent


def resolve(interpreter: str) -> dict[str, str]:
    """Distribution name to version of everything that the project with all extras installs."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([interpreter, "-m", "venv", folder], check=True)
        python = next(Path(folder).glob("[bS]*/python*"))
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
        report = Path(folder) / "report.json"
        command = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", report]
        subprocess.run([*command, f"{ROOT}[sim,dev,bench,train]"], check=True)
        items = json.loads(report.read_text(encoding="utf-8"))["install"]
    versions = {re.sub(r"[-_.]+", "-", item["metadata"]["name"]).lower(): item["metadata"]["version"] for item in items}
    versions.pop("swaptwin", None)
    return versions


def main() -> None:
    older, newer = (resolve(interpreter) for interpreter in INTERPRETERS.values())
    lines = ["# Pinned versions for Python 3.10 and 3.11; refreshed by `make constraints`."]
    for name in sorted(older | newer):
        if older.get(name) == newer.get(name) or name not in older or name not in newer:
            lines.append(f"{name}=={newer.get(name) or older[name]}")
        else:
            lines.append(f'{name}=={older[name]} ; python_version < "3.11"')
            lines.append(f'{name}=={newer[name]} ; python_version >= "3.11"')
    (ROOT / "constraints.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(older | newer)} packages", file=sys.stderr)


if __name__ == "__main__":
    main()
