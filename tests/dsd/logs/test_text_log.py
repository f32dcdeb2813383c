"""Logs of Caffe's versions, its forks and wrapper programs: all become the same tables."""

from __future__ import annotations

import io
import math
import re
from pathlib import Path

import pytest
from caffe_cli import CASE, PARSED

from dsd.logs.read import read_runs
from dsd.logs.tables import Row, Tables, write_csv

RECORDED = (PARSED / "train.log").read_text()
RUN = RECORDED[RECORDED.index("I1122 08:54:02.833730") :]  # from the line `Solving` on


def as_csv(rows: list[Row]) -> str:
    file = io.StringIO()
    write_csv(rows, file)
    return file.getvalue()


def recorded(name: str) -> str:
    with open(PARSED / f"train.log.{name}", newline="") as file:
        return file.read()


def read(folder: Path, content: str | bytes) -> list[Tables]:
    path = folder / "x.log"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_runs(path)


def log(*lines: str) -> str:
    """Lines with old glog's prefix, a second apart."""
    return "\n".join(f"I1231 23:59:{30 + i}.000000  7 solver.cpp:1] {line}" for i, line in enumerate(lines)) + "\n"


def same_as_recorded(runs: list[Tables]) -> None:
    (tables,) = runs
    assert as_csv(tables.train) == recorded("train") and as_csv(tables.test) == recorded("test")


def without_seconds(rows: list[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name != "Seconds"} for row in rows]


FORMS = {
    "old glog": RECORDED,
    "new glog": re.sub(r"^([IWEF])(\d{4} )", r"\g<1>2026\2", RECORDED, flags=re.M),
    "line ends of Windows": RECORDED.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + RECORDED,
    "PowerShell's UTF-16": RECORDED.encode("utf-16"),
    "only the run": RUN,
    "a step of the rate": RECORDED.replace("Iteration 4, lr", "MultiStep Status: Iteration 4000, step = 1\nIteration 4, lr"),
    "momentum behind the rate": re.sub(r"(lr = \S+)", r"\1, m = 0.9, wd = 0.0005, gs = 1", RECORDED),
    "speeds of a fork": re.sub(r"\(\S+ iter/s, \S+ iters\)", "(3.8928 s)", RECORDED),
    "a front end's prefix": re.sub(r"^", "[trainer 0] ", RECORDED, flags=re.M),
    "a front end's lines": RECORDED.replace("I1122 ", "speed: 0.5s / iter\nIteration of the loader: Iteration 77\nI1122 "),
    "lines glued together": RUN.replace("\n", ""),
    "colours": re.sub(r"^(.*)$", "\x1b[32m\\1\x1b[0m", RECORDED, flags=re.M),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_recorded_tables_to_the_byte(tmp_path: Path, form: str):
    same_as_recorded(read(tmp_path, FORMS[form]))


def test_a_log_without_its_beginning_is_read(tmp_path: Path):
    """Seconds count from the first iteration that is there."""
    (tables,) = read(tmp_path, RUN[RUN.index("Iteration 2 (") - 50 :])
    (whole,) = read(tmp_path, RUN)
    assert without_seconds(tables.train) == without_seconds(whole.train[2:])
    assert without_seconds(tables.test) == without_seconds(whole.test[1:])
    assert tables.train[0]["Seconds"] == 0.000016  # 08:54:02.834728 after 02.834712


def test_lines_without_a_time_are_read(tmp_path: Path):
    (tables,) = read(tmp_path, re.sub(r"^[IWEF]\d{4}.*?\] ", "", RECORDED, flags=re.M))
    (whole,) = read(tmp_path, RECORDED)
    assert without_seconds(tables.train) == without_seconds(whole.train)
    assert all(math.isnan(row["Seconds"]) for row in tables.train)


def test_times_in_seconds_since_1970_are_read(tmp_path: Path):
    """As a build for Windows wrote them."""
    (tables,) = read(tmp_path, (
        "1508138440  INFO: src/caffe/solver.cpp : line 280 : Solving AlexNet\n"
        "1508138445  INFO: src/caffe/solver.cpp : line 218 : Iteration 0 (-0.38 iter/s, 183.199s/1 iters), loss = nan\n"
        "1508138445  INFO: src/caffe/solver.cpp : line 237 :     Train net output #0: loss = nan (* 1 = nan loss)\n"
        "1508138506  INFO: src/caffe/solver.cpp : line 218 : Iteration 1 (0.0163991 iter/s, 60.979s/1 iters), loss = 7\n"
        "1508138506  INFO: src/caffe/solver.cpp : line 237 :     Train net output #0: loss = 7 (* 1 = 7 loss)\n"))
    assert [(row["NumIters"], row["Seconds"]) for row in tables.train] == [(0, 5), (1, 66)]


def test_logs_of_the_first_versions_are_read(tmp_path: Path):
    """They name no outputs: scores have numbers, the training loss stands in the line of the iteration, after the rate."""
    (tables,) = read(tmp_path, log(
        "Solving CaffeNet", "Testing net", "Test score #0: 0.001", "Test score #1: 6.9",
        "Iteration 100, lr = 0.01", "Iteration 100, loss = 0.5", "Iteration 200, lr = 0.005", "Iteration 200, loss = nan",
        "Iteration 200, Testing net", "Test score #0: 0.9785", "Test score #1: 0.06", "Optimization Done."))
    first, second = tables.train
    assert first == {"NumIters": 100, "Seconds": 5, "LearningRate": 0.01, "loss": 0.5}
    assert (second["NumIters"], second["LearningRate"]) == (200, 0.005) and math.isnan(second["loss"])
    assert [(row["NumIters"], row["score0"], row["score1"]) for row in tables.test] == [(0, 0.001, 6.9), (200, 0.9785, 0.06)]


def test_a_net_without_outputs_has_the_loss_of_the_iteration(tmp_path: Path):
    (tables,) = read(tmp_path, log("Solving it", "Iteration 5, loss = 3", "Iteration 5, lr = 0.1", "Iteration 9, loss = 2"))
    assert [(row["NumIters"], row["loss"]) for row in tables.train] == [(5, 3), (9, 2)]


def test_interleaved_train_and_test_lines_are_separated(tmp_path: Path):
    (tables,) = read(tmp_path, log(
        "Solving it", "Iteration 100, Testing net (#0)", "    Test net output #0: accuracy = 0.5",
        "Iteration 101, loss = 3", "    Test net output #1: loss = 2.5", "    Train net output #0: loss = 3",
        "Iteration 101, lr = 0.1", "    Train net output #1: other = 4"))
    (tested,), (trained,) = tables.test, tables.train
    assert (tested["NumIters"], tested["accuracy"], tested["loss"]) == (100, 0.5, 2.5)
    assert (trained["NumIters"], trained["loss"], trained["other"]) == (101, 3, 4)


@pytest.mark.parametrize("text, value", [
    ("nan", math.nan), ("-nan", math.nan), ("NaN", math.nan), ("-1.#IND", math.nan), ("1.#QNAN", math.nan),
    ("-1.#IND00", math.nan), ("-nan(ind)", math.nan), ("inf", math.inf), ("-inf", -math.inf), ("1.#INF", math.inf),
    ("-1.#INF", -math.inf), ("1.#INF00", math.inf), ("1e+38", 1e38), ("-.5", -0.5), ("7.", 7.0),
])
def test_all_spellings_of_values_are_read(tmp_path: Path, text: str, value: float):
    (tables,) = read(tmp_path, log(
        "Solving it", f"Iteration 0, loss = {text}", f"    Train net output #0: loss = {text} (* 1 = {text} loss)",
        f"Iteration 0, lr = {text}"))
    (row,) = tables.train
    assert row["loss"] == value or math.isnan(row["loss"]) == math.isnan(value) is True


def test_a_resumed_run_in_one_file_is_one_run(tmp_path: Path):
    """The original was stopped after iteration 9 and resumed from its snapshot at 5."""
    first, second = ((CASE / f"{name}.stderr.txt").read_text() for name in ("train", "resume"))
    (tables,) = read(tmp_path, first + second)
    (before,), (after,) = read(tmp_path, first), read(tmp_path, second)
    assert [row["NumIters"] for row in tables.train] == list(range(10))
    assert [row["loss"] for row in tables.train] == [row["loss"] for row in [*before.train[:5], *after.train]]
    seconds = [row["Seconds"] for row in tables.train]
    assert seconds == sorted(seconds)


def test_several_runs_in_one_file_are_separated(tmp_path: Path):
    runs = read(tmp_path, RECORDED + RECORDED + RUN)
    assert len(runs) == 3
    for tables in runs:
        same_as_recorded([tables])


def test_a_run_that_begins_again_after_a_crash_is_another_run(tmp_path: Path):
    """Nothing was tested or shown at iteration 0, and nothing resumed."""
    one = ("Solving it", "Iteration 50, loss = 3", "Iteration 100, loss = 2")
    runs = read(tmp_path, log(*one, *one))
    assert [[row["NumIters"] for row in tables.train] for tables in runs] == [[50, 100], [50, 100]]
    (resumed,) = read(tmp_path, log(*one, "Restoring previous solver status from x_iter_60.solverstate", *one))
    assert [row["NumIters"] for row in resumed.train] == [50, 100]


def test_seconds_continue_over_the_new_year(tmp_path: Path):
    lines = log("Solving it", "Iteration 1, loss = 2", "    Train net output #0: loss = 2")
    (tables,) = read(tmp_path, lines.replace("I1231 23:59:32", "I0101 00:00:03"))
    assert tables.train[0]["Seconds"] == 33


def test_damaged_lines_are_skipped(tmp_path: Path):
    lines = ["Solving it", "Iteration 1, loss = 2", "    Train net output #0: loss = 2", "Iteration 2, lr = 1e-",
             "    Train net output #0: loss = 1.38e", "    Train net output #0: loss = 1.2.3"]
    (tables,) = read(tmp_path, log(*lines).replace("I1231 23:59:32", "I1331 23:59:72"))
    (row,) = tables.train
    assert (row["Seconds"], row["loss"], set(row)) == (1, 2, {"NumIters", "Seconds", "LearningRate", "loss"})


def test_outputs_of_several_nets_and_elements_are_separated(tmp_path: Path):
    (tables,) = read(tmp_path, log(
        "Solving it", "Iteration 0, Testing net (#0)", "    Test net output #0: score = 1",
        "    Test net output #1: score = nan", "Iteration 0, Testing net (#1)", "    Test net output #0: score = -1e-05"))
    (row,) = tables.test
    assert (row["score"], row["net1.score"], row["Seconds"]) == (1, -1e-5, 2) and math.isnan(row["score[1]"])


def test_a_rate_behind_the_loss_is_the_rate_of_its_row(tmp_path: Path):
    lines = [f"Iteration {i} (2 iter/s, 5s/10 iters), loss = {loss}, lr = {rate}, m = 0.9, wd = 0.0005"
             for i, loss, rate in ((0, 2.5, 0.1), (10, 1.5, 0.05))]
    (tables,) = read(tmp_path, log("Solving x", *lines))
    assert without_seconds(tables.train) == [
        {"NumIters": 0, "LearningRate": 0.1, "loss": 2.5}, {"NumIters": 10, "LearningRate": 0.05, "loss": 1.5}]


def test_names_of_outputs_with_blanks_are_read(tmp_path: Path):
    (tables,) = read(tmp_path, log(
        "Solving x", "Iteration 5, Testing net (#0)", "    Test net output #0: top 5 acc = 0.25",
        "    Test net output #1: loss 1/a = 3 (* 0.3 = 0.9 loss)"))
    assert without_seconds(tables.test) == [
        {"NumIters": 5, "LearningRate": pytest.approx(math.nan, nan_ok=True), "top 5 acc": 0.25, "loss 1/a": 3}]
