"""The prefix of lines, and numbers."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import torch

from dsd.observers.glog_file import GlogFile, LogFile, device_line, number
from netdef.errors import FileError


@pytest.mark.parametrize(
    "value, text",
    [(0.1, "0.1"), (1.0, "1"), (1e-05, "1e-05"), (123456.7, "123457"), (1234567.0, "1.23457e+06"),
     (0.000123456789, "0.000123457"), (float("inf"), "inf"), (-0.5, "-0.5")],
)  # fmt: skip
def test_numbers_are_those_of_a_cpp_stream(value, text):
    assert number(value) == text


def test_the_prefix_is_old_glogs(tmp_path):
    log = GlogFile(tmp_path / "x.log")
    log.info("solver.cpp:289", "Solving it")
    log.close()
    (line,) = (tmp_path / "x.log").read_text().splitlines()
    match = re.fullmatch(r"I(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.\d{6} +\d+ solver\.cpp:289\] Solving it", line)
    month, day, hour, minute, second = map(int, match.groups())
    assert abs(datetime.now() - datetime(datetime.now().year, month, day, hour, minute, second)).total_seconds() < 100


def test_a_log_is_begun_anew_unless_appended_to(tmp_path):
    path = tmp_path / "new" / "x.log"
    for text, append in (("first\n", False), ("second\n", False), ("third\n", True)):
        log = LogFile(path, append)
        log.write(text)
        log.close()
    assert path.read_text() == "second\nthird\n"
    with pytest.raises(FileError, match="is no folder"):
        LogFile(path / "y.log")


def test_the_device_is_named_as_in_the_original():
    assert device_line(torch.device("cpu")) == "Use CPU."
    assert device_line(torch.device("cuda", 2)) == "Use GPU with device ID 2"
