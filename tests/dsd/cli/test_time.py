"""dsd-time: the table, and the log in the original's words."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial

import pytest
from caffe_cli import put_case, said
from commands import output_of
from oracle import shared

from dsd.cli.time import main


@pytest.fixture
def case(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


run = partial(output_of, main)


def test_the_log_is_the_recorded_one_but_for_the_times(case):
    shown = run("-model=net.prototxt", "-iterations=2", "--log", "time.log")
    recorded = said(shared("golden/cli/train/time.stderr.txt").read_text(), "Performing Forward")
    ours = said((case / "time.log").read_text(), "Performing Forward")
    assert [re.sub(r"\(\S+", "", words) for words, _ in ours] == [words for words, _ in recorded]
    passes = [numbers[-1] for words, numbers in ours if "forward-backward" in words]
    (total,) = (numbers[-1] for words, numbers in ours if "Total Time" in words)
    assert total == pytest.approx(sum(passes), rel=1e-2) and len(passes) == 2
    assert "ip1" in shown and "whole net: forward" in shown and "memory: weights" in shown


def test_the_test_phase_is_timed_with_weights(case):
    shown = run("--model=net.prototxt", "--phase=TEST", "--iterations=1", "--weights=snap_iter_10.caffemodel")
    assert "accuracy" in shown and "TEST, 1 iterations on cpu" in shown


def test_gradients_of_layers_need_no_slow_import(case):
    code = """if True:
        import sys
        from dsd.cli.time import main
        main(["--model=net.prototxt", "--iterations=1"], standalone_mode=False)
        print(sorted({"sympy", "torch._dynamo"} & set(sys.modules)))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "ip1" in done.stdout and done.stdout.endswith("\n[]\n"), done.stderr


def test_mistakes_end_with_a_message_and_2(case):
    (case / "time.log").write_text("mine")
    assert "--force" in run("--model=net.prototxt", "--log=time.log", status=2)
    assert (case / "time.log").read_text() == "mine"
    assert "nope.prototxt" in run("--model=nope.prototxt", status=2)
    assert "Missing option '--model'" in run(status=2)
