"""The scaled loss of float16, and half precision in a whole run: exact masks, skipped updates, resumed runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from toys import toy

from dsd import SGD, Trainer
from dsd.training.loss_scale import LossScale
from dsd.training.solverstate import read_state

DIGITS = Path(__file__).parents[3] / "models" / "digits" / "solver.prototxt"


def one_weight(**options: float) -> tuple[torch.nn.Parameter, SGD, LossScale]:
    weight = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
    solver = SGD([weight], lr=0.5, momentum=0.5, **options)
    return weight, solver, LossScale(solver, True, torch.device("cpu"))


def step(weight: torch.Tensor, scale: LossScale, slope: float) -> bool:
    scale.solver.zero_grad(set_to_none=True)
    scale.scaled(slope * weight.sum()).backward()
    scale.unscale()
    return scale.step()


def test_the_solver_steps_with_the_gradients_of_the_loss_itself():
    weight, solver, scale = one_weight()
    assert step(weight, scale, 3.0)
    assert weight.tolist() == [1 - 1.5, -2 - 1.5]  # rate 0.5 times slope 3
    assert solver.iteration == 1 and scale.state == (65536.0, 1)


def test_clipping_sees_gradients_that_are_not_scaled():
    weight, _, scale = one_weight(clip_gradients=5.0)
    assert step(weight, scale, 3.0)  # a norm of 3 * sqrt(2), below 5
    assert weight.tolist() == [-0.5, -3.5]


def test_an_update_with_gradients_that_overflow_is_left_out_and_counts():
    weight, solver, scale = one_weight()
    step(weight, scale, 3.0)
    before, history = weight.tolist(), [h.tolist() for h in solver.history([weight])]
    assert not step(weight, scale, 1e35)  # times 65536 it is beyond float32
    assert weight.tolist() == before and [h.tolist() for h in solver.history([weight])] == history
    assert weight.grad is None and not solver.last_update(weight).any()
    assert solver.iteration == 2 and scale.state == (32768.0, 0)
    assert step(weight, scale, 1.0)  # the history is 1.5: 0.5 * 1.5 + 0.5 * 1
    assert weight.tolist() == [-0.5 - 1.25, -3.5 - 1.25]


def test_a_step_without_gradients_of_a_loss_is_the_solvers_own():
    weight, solver, scale = one_weight()
    scale.unscale()
    assert scale.step() and solver.iteration == 1 and weight.tolist() == [1.0, -2.0]


def test_bfloat16_trains_the_digits_through_their_phases_with_whole_masks(tmp_path: Path):
    lengths = [f"dsd_phase[{index}].max_iter={length}" for index, length in enumerate((3, 4, 2))]
    settings = [*lengths, f'snapshot_prefix="{tmp_path / "digits"}"', "test_interval=100"]
    runs = {}
    for precision in (None, "bf16"):
        trainer = runs[precision] = Trainer.from_file(DIGITS, "cpu", settings=settings, precision=precision)
        trainer.step(7)
        audit = trainer.audit()
        assert audit.holds and audit.layers and all(layer.not_zero == 0 for layer in audit.layers)
        assert all(layer.largest_history == 0 for layer in audit.layers)
        trainer.run()
    half, full = runs["bf16"].net, runs[None].net
    assert {p.dtype for p in half.parameters()} == {torch.float32}
    assert not all(torch.equal(p, q) for p, q in zip(half.parameters(), full.parameters()))
    assert runs["bf16"].loss == pytest.approx(runs[None].loss, rel=0.05)


@pytest.mark.filterwarnings("ignore:iteration .*gradients overflow")
@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_a_resumed_run_in_half_precision_is_the_same_to_the_bit(tmp_path: Path, precision: str):
    solver = toy(tmp_path)
    whole = Trainer.from_file(solver, precision=precision)
    whole.step(7)
    _, state = whole.snapshot()
    whole.step(4)
    resumed = Trainer.from_file(solver, precision=precision)
    resumed.restore(state)
    if precision == "fp16":
        saved = read_state(state).dsd
        assert saved.precision == "fp16" and saved.loss_scale < 65536  # the first updates of this net overflow
        assert resumed.loss_scale.state == (saved.loss_scale, saved.loss_scale_steps)
    resumed.step(4)
    for mine, theirs in zip(resumed.net.parameters(), whole.net.parameters()):
        assert torch.equal(mine, theirs)
    assert resumed.recent_losses == whole.recent_losses


@pytest.mark.filterwarnings("ignore:iteration .*gradients overflow")
def test_an_iteration_that_overflows_counts_and_changes_no_weight(tmp_path: Path):
    trainer = Trainer.from_file(toy(tmp_path), precision="fp16")
    trainer.step(6)
    assert trainer.masks
    trainer.loss_scale.state = 2.0**120, 0
    before = [p.detach().clone() for p in trainer.net.parameters()]
    with pytest.warns(UserWarning, match="iteration 6: gradients overflow float16: no update; the scale of the loss is halved"):
        trainer.step(1)
    assert all(torch.equal(p, q) for p, q in zip(trainer.net.parameters(), before))
    assert trainer.iteration == trainer.solver.iteration == 7 and trainer.audit().holds
    trainer.loss_scale.state = 256.0, 0
    trainer.step(1)
    assert not all(torch.equal(p, q) for p, q in zip(trainer.net.parameters(), before))
    assert trainer.audit().holds


def test_another_precision_than_the_snapshots_is_told(tmp_path: Path):
    solver = toy(tmp_path)
    trainer = Trainer.from_file(solver, precision="bf16")
    trainer.step(2)
    _, state = trainer.snapshot()
    other = Trainer.from_file(solver)
    with pytest.warns(UserWarning, match="the precision is not given, in the snapshot bf16: goes on as the command says"):
        other.restore(state)
