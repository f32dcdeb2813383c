from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from caffe_cli import CASE, put_case, said
from commands import output_of
from oracle import golden_cases, shared
from toys import toy

from dsd.cli.train import main
from netdef.schema.messages import NetParameter


@pytest.fixture
def case(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


train = partial(output_of, main)


def blobs(path: Path) -> dict[tuple[str, int], list[float]]:
    layers = NetParameter.FromString(path.read_bytes()).layer
    return {(layer.name, index): list(blob.data) for layer in layers for index, blob in enumerate(layer.blobs)}


def without_last_test(lines: list) -> list:
    """Ours tests at the end of every phase, the original only where the interval divides."""
    last = max(i for i, (words, _) in enumerate(lines) if "Testing net" in words)
    return [line for i, line in enumerate(lines) if not last <= i <= last + 2]


def assert_same(ours: list, theirs: list) -> None:
    assert [words for words, _ in ours] == [words for words, _ in theirs]
    for (words, mine), (_, recorded) in zip(ours, theirs):
        assert mine == pytest.approx(recorded, rel=2e-5), words  # six digits are printed


@pytest.mark.parametrize("flags", [("solver.prototxt",), ("--solver=solver.prototxt",), ("-solver", "solver.prototxt")])
def test_the_log_is_the_recorded_one(case, flags):
    train(*flags)
    recorded = said((CASE / "train.stderr.txt").read_text(), "Starting Optimization")
    assert len(recorded) > 40
    assert_same(without_last_test(said((case / "snap.log").read_text(), "Starting Optimization")), recorded)


def test_the_recorded_run_with_flags(tmp_path, monkeypatch):
    recorded = shared("golden/cli/train_flags")
    put_case(tmp_path, recorded)
    monkeypatch.chdir(tmp_path)
    train(*(tmp_path / "train.cmd.txt").read_text().split()[2:])  # behind `caffe train`
    ours = said((tmp_path / "snap.log").read_text(), "Starting Optimization")
    assert_same(without_last_test(ours), said((recorded / "train.stderr.txt").read_text(), "Starting Optimization"))
    mine, theirs = (blobs(folder / "snap_iter_3.caffemodel") for folder in (tmp_path, recorded))
    assert list(mine) == list(theirs) and len(mine) == 4
    assert all(mine[name] == pytest.approx(theirs[name], rel=1e-5, abs=1e-7) for name in mine)


def test_weights_of_other_shapes_are_refused_together_as_recorded(tmp_path, monkeypatch):
    put_case(tmp_path, shared("golden/cli/weights_shape_mismatch"))
    monkeypatch.chdir(tmp_path)
    told = train("solver.prototxt", status=2)
    assert "layer `ip1`, blob 0: the file has shape (5, 6), the net (7, 6)" in told and "layer `ip2`, blob 0" in told
    assert not list(tmp_path.glob("snap*"))


def test_resuming_from_a_state_of_caffe(case):
    train("solver.prototxt", "-snapshot=snap_iter_5.solverstate", "--log", "resumed.log")
    recorded = said((CASE / "resume.stderr.txt").read_text(), "Starting Optimization")
    assert len(recorded) > 20
    assert_same(without_last_test(said((case / "resumed.log").read_text(), "Starting Optimization")), recorded)


def test_resuming_appends_to_the_log_and_ends_with_the_same_weights(case):
    train("solver.prototxt")
    whole = (case / "snap_iter_10.caffemodel").read_bytes()
    (case / "snap_iter_10.caffemodel").unlink()
    train("solver.prototxt", "--snapshot", "snap_iter_5.solverstate")
    assert (case / "snap_iter_10.caffemodel").read_bytes() == whole
    log = (case / "snap.log").read_text()
    assert log.count("Solving cli_mlp") == 2
    assert "Resuming from snap_iter_5.solverstate" in log
    starts = [json.loads(line) for line in (case / "snap.jsonl").read_text().splitlines()]
    assert [event["iteration"] for event in starts if event["event"] == "start"] == [0, 5]


def test_weights_replace_those_of_the_solver(case):
    train("solver.prototxt", "--weights", "snap_iter_10.caffemodel", "--max_iter=1")
    first = [numbers for words, numbers in said((case / "snap.log").read_text(), "Solving") if "Iteration #" in words]
    recorded = said((CASE / "train.stderr.txt").read_text(), "Solving")
    begin = next(numbers for words, numbers in recorded if "Iteration # (" in words)
    assert first[1][-1] != pytest.approx(begin[-1], rel=1e-3)


def test_sparsity_adds_two_phases_and_tables_show_the_weights_kept(case):
    shown = train("solver.prototxt", "--sparsity", "0.3", "--max_iter", "8")
    assert "32 of 45 (71.1%)" in shown  # 21 of ip1's 30 and, a half rounded up, 11 of ip2's 15
    assert "21 of 30 (70.0%)" in shown and "11 of 15 (73.3%)" in shown
    rows = [line.split() for line in shown.splitlines() if line.startswith("│")]
    assert [row[1] for row in rows[:3]] == ["dense", "sparse", "re-dense"]
    assert [row[3] for row in rows[:3]] == ["8", "4", "4"]
    for name in ("snap_iter_16.caffemodel", "snap_iter_16.solverstate", "snap.log", "snap.jsonl"):
        assert name in shown and (case / name).is_file()


def test_fields_are_set_and_recorded(case):
    train("solver.prototxt", "--set", "base_lr=0.25", "--set", "display=3", "--max_iter", "6", "--log", "set.log")
    events = [json.loads(line) for line in (case / "set.jsonl").read_text().splitlines()]
    assert "base_lr: 0.25" in events[0]["text"] and "display: 3" in events[0]["text"]
    assert [e["iteration"] for e in events if e["event"] == "train"] == [0, 3]
    assert events[1]["event"] == "phase" and next(e for e in events if e["event"] == "train")["rate"] == 0.25


def test_a_seed_is_used_and_recorded(case):
    solver = (case / "solver.prototxt").read_text()
    (case / "solver.prototxt").write_text(solver.replace('weights: "init.caffemodel"', ""))
    files = []
    for seed in ("3", "3", "4"):
        train("solver.prototxt", "--seed", seed, "--max_iter", "2")
        files.append((case / "snap_iter_2.caffemodel").read_bytes())
    assert files[0] == files[1] != files[2]
    assert json.loads((case / "snap.jsonl").read_text().splitlines()[0])["seed"] == 4


@pytest.mark.parametrize(
    "flags, complaint",
    [
        ((), "need a solver definition to train"),
        (("solver.prototxt", "--snapshot=a", "--weights=b"), "but not both"),
        (("solver.prototxt", "--solver=other.prototxt"), "two solver files"),
        (("solver.prototxt", "--gpu=0", "--device=cpu"), "not both"),
        (("solver.prototxt", "--gpu=x"), "`x` is not a GPU's number"),
        (("solver.prototxt", "--gpu=0,0"), "not a GPU's number"),
        (("solver.prototxt", "--gpu=77"), "no GPU 77"),
        (("solver.prototxt", "--device=gpu"), "`gpu` is no device"),
        (("solver.prototxt", "--device=cuda:77"), "there is no device `cuda:77`"),
        (("solver.prototxt", "--device=meta"), "holds no numbers"),
        (("solver.prototxt", f"--seed={2**63}"), "is not in the range"),
        (("solver.prototxt", "--log=."), "--log . is a folder"),
        (("solver.prototxt", "--phase=TEST"), "dsd-test tests"),
        (("nope.prototxt",), "nope.prototxt: cannot be read"),
        (("solver.prototxt", "--snapshot=nope.solverstate"), "nope.solverstate: no such file"),
        (("solver.prototxt", "--weights=nope.caffemodel"), "nope.caffemodel"),
        (("net.prototxt",), "net.prototxt:1:1"),
        (("solver.prototxt", "--sparsity=1.5"), "the sparsity is 1.5"),
        (("solver.prototxt", "--set", "bas_lr=1"), "has no field `bas_lr`; did you mean `base_lr`?"),
        (("solver.prototxt", "--set", "display=-1"), "--set display:1:1: `display` is -1; it must not be negative"),
        (("solver.prototxt", "--log=net.prototxt/x.log"), "net.prototxt/x.log: cannot be written"),
    ],
)
def test_mistakes_end_with_a_message_and_2(case, flags, complaint):
    before = sorted(p.name for p in case.iterdir())
    shown = train(*flags, status=2)
    assert complaint in shown and "Traceback" not in shown
    assert sorted(p.name for p in case.iterdir()) == before


@pytest.mark.parametrize("flags", [["--keep-best", "acuracy"], ["--set", "net=inputs.prototxt"]])
def test_a_refused_run_leaves_the_files_of_an_earlier_one(case, flags):
    (case / "inputs.prototxt").write_text("""
        layer { name: "in" type: "Input" top: "x" top: "y" input_param { shape { dim: 4 dim: 3 } shape { dim: 4 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 2 } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "y" top: "loss" }""")
    train("solver.prototxt")
    before = {path: path.read_bytes() for path in case.iterdir() if path.is_file()}
    train("solver.prototxt", *flags, status=2)
    assert {path: path.read_bytes() for path in case.iterdir() if path.is_file()} == before


def test_missing_gpu_warns_once(case, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    solver = (case / "solver.prototxt").read_text().replace("CPU", "GPU")
    (case / "solver.prototxt").write_text(solver)
    shown = train("solver.prototxt", "--max_iter=1")
    assert shown.count("there is no GPU: running on the CPU") == 1
    assert "UserWarning" not in shown


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("sent, effect, status", [
    (signal.SIGINT, "stop", 130), (signal.SIGTERM, "none", 143), (signal.SIGINT, "snapshot", None)])
def test_a_signal_stops_or_snapshots(case, sent, effect, status):
    solver = (case / "solver.prototxt").read_text()
    for old, new in (("max_iter: 10", "max_iter: 1000000000"), ("snapshot: 5\n", ""), ("display: 1", "display: 0")):
        solver = solver.replace(old, new)
    (case / "solver.prototxt").write_text(solver)
    command = [sys.executable, "-m", "dsd.cli.train", "solver.prototxt", f"--sigint_effect={effect}"]
    paths = os.pathsep.join([str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"})
    try:
        wait_for(lambda: (case / "snap.jsonl").is_file() and '"test"' in (case / "snap.jsonl").read_text(), run)
        run.send_signal(sent)
        wait_for(lambda: '"snapshot"' in (case / "snap.jsonl").read_text(), run)
        if status is None:
            assert run.poll() is None  # it goes on
            run.kill()
            run.communicate()
            return
        shown, _ = run.communicate(timeout=600)
    finally:
        run.kill()
    assert run.returncode == status
    assert "stopping after this iteration" in shown and "Go on with --snapshot snap_iter_" in shown
    log = (case / "snap.log").read_text()
    assert "Optimization stopped early." in log


def wait_for(event, run: subprocess.Popen) -> None:
    """Wait until a condition holds, longer than any busy machine needs."""
    end = time.monotonic() + 600
    while not event():
        assert run.poll() is None, run.communicate()[0]
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def test_all_mistakes_are_reported_at_once(case):
    solver, net = case / "solver.prototxt", case / "net.prototxt"
    solver.write_text(solver.read_text().replace('"step"', '"stp"'))
    text = net.read_text().replace("num_output: 5", "num_outputs: 5")
    net.write_text(text.replace('bottom: "ip1"', 'bottom: "ip0"', 1))
    shown = train("solver.prototxt", status=2)
    for words in ("did you mean `step`?", "did you mean `num_output`?", "reads blob `ip0`"):
        assert shown.count(words) == 1
    assert not (case / "snap.log").exists()


def test_audits_are_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = train(str(toy(tmp_path, phases="dsd_phase { max_iter: 2 sparsity: 0.3 } dsd_phase { max_iter: 2 }")))
    assert "Audit of phase sparse, iteration 2" in shown and shown.count("Audit of") == 1


def diverging(case: Path) -> None:
    """Let the recorded solver diverge after three iterations, and snapshot after each."""
    solver = (case / "solver.prototxt").read_text()
    phases = 'dsd_phase { name: "slow" max_iter: 3 } dsd_phase { name: "fast" max_iter: 7 base_lr: 1e38 }'
    for old, new in (("max_iter: 10", phases), ("snapshot: 5", "snapshot: 1")):
        assert old in solver
        solver = solver.replace(old, new)
    (case / "solver.prototxt").write_text(solver)


def test_a_loss_that_is_not_finite_ends_with_1(case):
    diverging(case)
    for path in case.glob("snap_iter*"):
        path.unlink()
    shown = train("solver.prototxt", status=1)
    first = "iteration 4, phase `fast`, learning rate 1e+38: the loss is "
    assert first in shown and first in (case / "snap.log").read_text()
    assert "forward pass, layer `ip" in shown and "; its input lies between " in shown
    assert "the last good snapshot is snap_iter_3.solverstate" in shown
    assert {path.name for path in case.glob("snap_iter*.solverstate")} == {f"snap_iter_{i}.solverstate" for i in (1, 2, 3, 4)}
    last = json.loads((case / "snap.jsonl").read_text().splitlines()[-1])
    assert last["event"] == "failed" and "forward pass, layer `ip" in last["message"]


def test_on_nan_continue_goes_on_as_caffe(case):
    diverging(case)
    shown = train("solver.prototxt", "--on-nan", "continue")
    assert shown.count("the loss is ") == 1 and "warning: iteration 4" in shown
    assert (case / "snap_iter_10.caffemodel").is_file()
    assert "not finite" in shown and " nan" not in shown.replace("the loss is nan", "")


def test_debug_info_logs_the_recorded_lines(tmp_path, monkeypatch):
    recorded = next(case for case in golden_cases("cli") if case.name == "train_debug_info")
    put_case(tmp_path, recorded)
    monkeypatch.chdir(tmp_path)
    train("solver.prototxt")
    theirs = said((recorded / "train.stderr.txt").read_text(), "Starting Optimization")
    assert sum("[Backward]" in words for words, _ in theirs) == 16
    ours = said((tmp_path / "snap.log").read_text(), "Starting Optimization")
    begin = max(i for i, (words, _) in enumerate(ours) if "Testing net" in words)  # the test at the end of a phase
    end = next(i for i, (words, _) in enumerate(ours) if i > begin and "Optimization Done" in words)
    assert_same(ours[:begin] + ours[end:], theirs)


def test_weights_are_written_without_iterations(tmp_path):
    solver = toy(tmp_path)
    train(str(solver), "--max_iter", "2")
    weights = tmp_path / "given.caffemodel"
    (tmp_path / "run" / "toy_iter_2.caffemodel").rename(weights)
    train(str(solver), "--max_iter", "0", f"--weights={weights}")
    assert blobs(tmp_path / "run" / "toy_iter_0.caffemodel") == blobs(weights)
    plain = toy(tmp_path / "plain", phases="max_iter: 0")
    train(str(plain), f"--weights={weights}")
    assert blobs(tmp_path / "plain" / "run" / "toy_iter_0.caffemodel") == blobs(weights)


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    solver = toy(tmp_path)
    solver.write_text(solver.read_text().replace(str(tmp_path), "~").replace('"net.prototxt"', '"~/net.prototxt"'))
    train("--solver=~/solver.prototxt", "--max_iter", "2")
    train("~/solver.prototxt", "--max_iter", "2", "--weights=~/run/toy_iter_2.caffemodel,~/run/toy_iter_2.caffemodel")
    assert (tmp_path / "run" / "toy.1.log").exists()


def test_the_folder_of_the_prefix_is_made_or_refused_before_the_first_iteration(tmp_path):
    solver = toy(tmp_path)
    text = solver.read_text()
    solver.write_text(text.replace("/run/toy", "/deep/er/toy"))
    train(str(solver), "--max_iter", "1")
    assert (tmp_path / "deep" / "er" / "toy_iter_1.solverstate").exists()
    solver.write_text(text.replace("/run/toy", "/net.prototxt/toy"))
    said = train(str(solver), "--max_iter", "1", status=2)
    assert said == f"{tmp_path}/net.prototxt: is a file or lies below one; the folder cannot be made\n"


def test_patience_ends_phases(tmp_path):
    phases = "dsd_phase { max_iter: 40 base_lr: 1e-9 } dsd_phase { max_iter: 3 sparsity: 0.3 }"
    solver = toy(tmp_path, phases=phases, more="test_iter: 5 test_interval: 2")
    said = " ".join(train(str(solver), "--patience", "2").split())
    assert "or until accuracy has not improved for 2 tests" in said
    assert "dense 1/2 ends at iteration" in said and "accuracy has not improved for 2 tests" in said
    assert "ends at iteration" in (tmp_path / "run" / "toy.log").read_text()
