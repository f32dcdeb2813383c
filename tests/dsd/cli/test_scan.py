"""``dsd-scan`` from a solver to files."""

from __future__ import annotations

import builtins
import json
from functools import partial

import pytest
from commands import output_of
from toys import toy

from dsd import Trainer
from dsd.cli.scan import main, scan_table, verdict
from dsd.plan.phases import plan_phases
from dsd.scan.scan import Curve, Scan, Score
from netdef.definition.read import read_solver_text


@pytest.fixture
def trained(tmp_path):
    solver = toy(tmp_path, phases="max_iter: 30", more="test_iter: 4 test_interval: 100")
    trainer = Trainer.from_file(solver)
    trainer.step(30)
    return solver, trainer.snapshot()[0]


run = partial(output_of, main)


def test_a_scan_proposes_a_phase(trained, tmp_path):
    pytest.importorskip("matplotlib")
    solver, weights = trained
    shown = run(solver, "--weights", weights, "--sparsities", "0.5,0.1", "--loss", "0.3")
    prefix = str(weights).removesuffix(".caffemodel") + "_scan"
    scan = json.loads(open(f"{prefix}.json").read())
    assert scan["sparsities"] == [0.1, 0.5] and scan["score"] == {"blob": "accuracy", "higher_is_better": True}
    assert {curve["layer"]: curve["weights"] for curve in scan["curves"]} == {"conv2": 80, "ip1": 720, "ip2": 27}
    assert scan["proposed"] and "All of them together prune" in shown and f"{prefix}.svg" in shown
    assert open(f"{prefix}.png", "rb").read(4) == b"\x89PNG"
    text = f'base_lr: 1 lr_policy: "fixed" dsd_phase {{ max_iter: 3\n{open(f"{prefix}.prototxt").read()} }}'
    (phase,) = plan_phases(read_solver_text(text))
    assert {name: pytest.approx(share) for name, share in phase.layers} == scan["proposed"]


def test_dense_scores_are_those_of_training(trained):
    solver, weights = trained
    trainer = Trainer.from_file(solver, weights=[weights])
    tested = float(trainer.test()[0]["accuracy"])
    prefix = weights.parent / "x" / "y"
    run(solver, "--weights", weights, "--no-plot", "--sparsities", "0.5", "--layers", "ip2", "--output", prefix)
    scan = json.loads((weights.parent / "x" / "y.json").read_text())
    assert scan["dense"] == pytest.approx(tested) and len(scan["curves"]) == 1


@pytest.mark.parametrize(("flags", "said"), [
    (["--layers", "ip3"], "no layer that can be pruned matches `ip3`; did you mean `ip"),
    (["--sparsities", "0.5,1"], "`0.5,1` is not a list of shares between 0 and 1"),
    (["--sparsities", "half"], "`half` is not a list of shares between 0 and 1"),
    (["--score", "acuracy"], "the test net has no output `acuracy`; did you mean `accuracy`"),
    (["--test_net", "1"], "has 1 test nets (`test_iter`); there is no number 1"),
    (["--loss", "-1"], "--loss"),
])
def test_mistakes_exit_with_2(trained, flags, said):
    solver, weights = trained
    shown = run(solver, "--weights", weights, "--no-plot", *flags, status=2)
    assert said in shown and "Traceback" not in shown


def test_missing_matplotlib_is_reported_first(trained, monkeypatch):
    original = builtins.__import__

    def refuse(name, *args, **more):
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return original(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    solver, weights = trained
    assert "pip install 'netdef-dsd[plot]'" in run(solver, "--weights", weights, status=2)


def test_scores_that_are_not_finite_are_shown_as_that():
    nan = float("nan")
    scan = Scan(Score("accuracy", True), (0.5,), 0.9, (Curve("ip", 12, (nan,)),), 0.1, {"ip": 0.5}, nan)
    assert "50.0% of 12 weights: accuracy not finite, before any retraining." in verdict(scan)[-1]
    assert list(scan_table(scan).columns[2].cells) == ["[bold]not finite[/]"]
