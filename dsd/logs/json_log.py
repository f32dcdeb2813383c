"""The runs in JSON lines, as `dsd.observers.metrics` writes them."""

from __future__ import annotations

import math
from pathlib import Path

from dsd.logs.tables import Tables, add_row, add_value
from dsd.observers.metrics_lines import read_lines


def runs_in_json(path: Path) -> list[Tables]:
    """The tables of each run. Raises `FileError` for a file without events, other errors for damaged ones."""
    runs = [Tables()]
    began, rate = 0.0, math.nan
    events = read_lines(path)[0]
    for number, event in enumerate(events):
        kind = event["event"]
        tables = runs[-1]
        if number == 0 or (kind == "start" and not event.get("iteration") and (tables.train or tables.test)):
            if number:
                runs.append(Tables())
                tables = runs[-1]
            began = event["time"]
            rate = next((e["rate"] for e in events[number:] if e["event"] == "train"), math.nan)  # of tests before it
        if kind not in ("train", "test"):
            continue
        rate = event["rate"] if kind == "train" else rate
        rows = tables.train if kind == "train" else tables.test
        row = add_row(rows, float(event["iteration"]), round(event["time"] - began, 3), rate)
        for net, outputs in enumerate([event["outputs"]] if kind == "train" else event["outputs"]):
            for name, values in outputs.items():
                for value in values if isinstance(values, list) else [values]:
                    add_value(row, f"net{net}.{name}" if net else name, math.nan if value is None else value)
    return [tables for tables in runs if tables.train or tables.test]
