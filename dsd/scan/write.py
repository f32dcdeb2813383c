"""Write a scan's proposal as lines of a ``dsd_phase``, and its numbers as JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path

from dsd.scan.scan import Scan, layer_lines
from netdef.files import atomic_write


def write_scan(scan: Scan, prefix: Path, source: str) -> list[Path]:
    """Write ``<prefix>.prototxt`` and ``<prefix>.json``, and return them. ``source`` is what was scanned, for a comment."""
    head = [
        f"# dsd-scan of {source}".replace("\n", " "),
        f"# {scan.score.blob}: {scan.dense:.6g} dense, {scan.together:.6g} with all of these",
    ]
    texts = {
        ".prototxt": "\n".join([*head, *layer_lines(scan.proposed)]) + "\n",
        ".json": json.dumps(_finite(scan.as_dict()), indent=1) + "\n",
    }
    written = []
    for ending, text in texts.items():
        path = Path(f"{prefix}{ending}")
        with atomic_write(path, "w") as file:
            file.write(text)
        written.append(path)
    return written


def _finite(value: object) -> object:
    """The value with None for numbers that are not finite, which JSON cannot hold."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
