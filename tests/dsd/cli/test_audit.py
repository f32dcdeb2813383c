"""``dsd-test --audit`` and the audit at the end of ``dsd-train``: what is printed, and the exit status."""

from __future__ import annotations

import pytest
import torch
from click.testing import CliRunner
from toys import toy

from dsd import Trainer
from dsd.cli.test import main
from dsd.cli.train import main as train
from netdef.weights.save import save_weights


def run(*args: object, status: int = 0) -> str:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code == status, f"{result.output}\n{result.exception!r}"
    return result.output


@pytest.fixture
def sparse(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(8)
    return trainer, trainer.snapshot()[0], tmp_path / "net.prototxt"


def test_masks_that_hold(sparse):
    _, weights, net = sparse
    shown = run("--model", net, "--weights", weights, "--audit")
    assert "ip1" in shown and "504" in shown and "every fact holds" in shown and "iteration 8" in shown


def test_masks_that_leak_exit_with_1(sparse):
    trainer, weights, net = sparse
    with torch.no_grad():
        trainer.mask_weight("ip1_mask").fill_(0.5)
    save_weights(trainer.net, weights)
    shown = run("--model", net, "--weights", weights, "--audit", status=1)
    assert "layer `ip1` has 216 pruned weights that are not +0.0, the largest of magnitude 0.5" in shown
    assert "1 facts do not hold" not in shown and "Traceback" not in shown


def test_mistakes_exit_with_2(sparse):
    _, weights, net = sparse
    assert "is for --audit" in run("--model", net, "--weights", weights, "--snapshot", "x.solverstate", status=2)
    flags = ("--model", net, "--weights", weights, "--audit", "--snapshot", "x.solverstate")
    assert "no such file" in run(*flags, status=2)


def test_a_run_shows_its_audits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    phases = "dsd_phase { max_iter: 2 sparsity: 0.3 } dsd_phase { max_iter: 2 }"
    result = CliRunner().invoke(train, [str(toy(tmp_path, phases=phases))])
    assert result.exit_code == 0, result.output
    assert "Audit of phase sparse, iteration 2" in result.output and result.output.count("Audit of") == 1
