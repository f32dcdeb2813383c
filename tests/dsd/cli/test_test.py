from __future__ import annotations

import pytest
from caffe_cli import CASE, put_case, said
from click.testing import CliRunner

from dsd.cli.test import main


@pytest.fixture
def case(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args: str, status: int = 0) -> str:
    result = CliRunner().invoke(main, args)
    assert result.exit_code == status, f"{result.output}\n{result.exception!r}"
    return result.output


def test_scores_are_the_recorded_ones_batch_for_batch(case):
    shown = run("-model=net.prototxt", "-weights=snap_iter_10.caffemodel", "--iterations", "4", "--log", "scores.log")
    recorded = said((CASE / "test.stderr.txt").read_text(), "Running for 4 iterations")
    ours = said((case / "scores.log").read_text(), "Running for 4 iterations")
    assert [words for words, _ in ours] == [words for words, _ in recorded]
    assert len(ours) == 12
    for (words, mine), (_, theirs) in zip(ours, recorded):
        assert mine == pytest.approx(theirs, rel=2e-5), words
    assert "0.3125" in shown and "scores.log" in shown


@pytest.mark.parametrize(
    "flags, complaint",
    [
        (("--model=net.prototxt",), "Missing option '--weights'"),
        (("--weights=snap_iter_10.caffemodel",), "Missing option '--model'"),
        (("--model=net.prototxt", "--weights=nope.caffemodel"), "nope.caffemodel"),
        (("--model=nope.prototxt", "--weights=snap_iter_10.caffemodel"), "nope.prototxt: cannot be read"),
        (("--model=net.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=0"), "--iterations"),
        (("--model=net.prototxt", "--weights=net.prototxt"), "net.prototxt"),
    ],
)
def test_mistakes_end_with_a_message_and_2(case, flags, complaint):
    shown = run(*flags, status=2)
    assert complaint in shown and "Traceback" not in shown


def test_a_net_without_data_has_nothing_to_score(case):
    (case / "deploy.prototxt").write_text("""
        layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 6 } } }
        layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 5 } }""")
    shown = run("--model=deploy.prototxt", "--weights=snap_iter_10.caffemodel", status=2)
    assert "deploy.prototxt:2:44: layer `data` (Input) has no numbers of its own; a data layer must" in shown


def test_weights_that_are_left_out_are_said(case):
    net = (case / "net.prototxt").read_text()
    (case / "other.prototxt").write_text(net.replace('"ip2"', '"fc2"'))
    shown = run("--model=other.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=1")
    assert "only in the file, not used: `ip2`" in shown
    assert "no file has weights for `fc2`" in shown
    shown = run("--model=net.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=1")
    assert "warning" not in shown and "not used" not in shown
    (case / "none.prototxt").write_text(net.replace('"ip1"', '"fc1"').replace('"ip2"', '"fc2"'))
    assert "none of the net's layers; it has ip1, ip2" in run(
        "--model=none.prototxt", "--weights=snap_iter_10.caffemodel", status=2)
