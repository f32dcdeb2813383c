"""An iteration: its loss, its passes and its update."""

from __future__ import annotations

import pytest
import torch
from toys import toy

from dsd import Observer, Trainer


def test_the_loss_is_the_mean_of_its_passes_and_of_the_last_losses(tmp_path):
    def losses(more: str, base_lr: float = 0.0) -> list[float]:
        solver = toy(tmp_path, phases="max_iter: 4", more=more)
        solver.write_text(solver.read_text().replace("base_lr: 0.1", f"base_lr: {base_lr}"))
        net = tmp_path / "net.prototxt"  # without what differs from pass to pass
        net.write_text(net.read_text().replace('type: "Dropout"', 'type: "ReLU"'))
        trainer, found = Trainer.from_file(solver), []
        for _ in range(4):
            trainer.step()
            found.append(trainer.loss)
        return found

    a, b, c, d = losses("")
    assert losses("average_loss: 3") == pytest.approx([a, (a + b) / 2, (a + b + c) / 3, (b + c + d) / 3], abs=1e-5)
    assert losses("iter_size: 2")[:2] == pytest.approx([(a + b) / 2, (c + d) / 2], abs=1e-5)


def test_apply_update_takes_the_gradients_that_are_there(tmp_path):
    """The first update of SGD with momentum is the rate times gradient and decay."""
    trainer = Trainer.from_file(toy(tmp_path, phases="max_iter: 3"))
    entries = [entry for entry in trainer.net.learnable if entry.tensor.requires_grad]
    before = [entry.tensor.detach().clone() for entry in entries]
    for entry in entries:
        entry.tensor.grad = torch.full_like(entry.tensor, 2.0)
    trainer.apply_update()
    assert trainer.iteration == 1
    for entry, old in zip(entries, before):
        rate = 0.1 * (1.0 if entry.lr_mult is None else entry.lr_mult)
        update = rate * (2 + 0.001 * (1.0 if entry.decay_mult is None else entry.decay_mult) * old)
        torch.testing.assert_close(entry.tensor.detach(), old - update)
        torch.testing.assert_close(trainer.solver.last_update(entry.tensor), update)


def test_another_forward_may_keep_more_blobs_of_a_pass(tmp_path):
    plain, kept = (Trainer.from_file(toy(tmp_path)) for _ in range(2))
    seen = []

    def forward(**batch):
        seen.append(kept.net.activations(**batch))
        return seen[-1]

    kept.forward = forward
    plain.step(2)
    kept.step(2)
    assert len(seen) == 2 and seen[0]["conv2"].shape == (6, 5, 4, 4)
    for mine, theirs in zip(kept.net.parameters(), plain.net.parameters()):
        torch.testing.assert_close(mine, theirs)  # `activations` runs BatchNorm and Scale one after the other


def test_a_rate_that_is_set_is_that_of_the_updates(tmp_path):
    weights = []
    for rate in (0.5, 0.0):
        trainer = Trainer.from_file(toy(tmp_path), seed=1)
        trainer.step(1)
        trainer.rate = rate
        trainer.step(1)
        assert trainer.solver.param_groups[0]["lr"] == rate
        weights.append(trainer.net.params["ip2"][0].detach())
    assert not torch.equal(*weights)


@pytest.mark.parametrize("observers", [Observer(), [Observer], [3]])
def test_what_is_no_list_of_observers_is_refused(tmp_path, observers):
    with pytest.raises(TypeError, match=r"`observers` is a list of dsd.Observer objects, such as \[dsd.ProgressReport"):
        Trainer.from_file(toy(tmp_path), observers=observers)


def test_a_single_setting_needs_no_list(tmp_path):
    assert Trainer.from_file(toy(tmp_path), settings="base_lr=0.25").settings.base_lr == 0.25


class Rates(Observer):
    """The loss and the rate of each iteration."""

    def __init__(self):
        self.losses, self.rates = [], []

    def iterated(self, run, outputs, rate):
        self.losses.append(float(run.losses[-1]))
        self.rates.append(rate)


def plateau(folder, phases: str, more: str = "") -> tuple[Trainer, Rates]:
    """The toy with rates that halve where the mean of two losses has not fallen for 1 iteration, then for 2, then 1."""
    rates = Rates()
    solver = toy(folder, phases=phases, more=f"plateau_winsize: [1, 2, 1] average_loss: 2 {more}")
    solver.write_text(solver.read_text().replace('lr_policy: "step"', 'lr_policy: "plateau"'))
    return Trainer.from_file(solver, device="cpu", observers=[rates]), rates


def wanted_rates(losses: list[float], base: float) -> list[float]:
    windows, rates, least, event, steps = [1, 2, 1], [], float("inf"), 0, 0
    for i, loss in enumerate(losses):
        mean = (loss + losses[max(i - 1, 0)]) / 2
        if mean < least:
            least, event = mean, i
        elif steps < 3 and i - event >= windows[steps]:
            event, steps = i, steps + 1
        rates.append(base * 0.5**steps)
    return rates


def test_a_rate_that_follows_the_loss_of_each_phase(tmp_path):
    phases = "dsd_phase { max_iter: 12 } dsd_phase { max_iter: 8 base_lr: 0.02 sparsity: 0.3 }"
    trainer, seen = plateau(tmp_path, phases)
    trainer.run()
    wanted = wanted_rates(seen.losses[:12], 0.1) + wanted_rates(seen.losses[12:], 0.02)
    assert seen.rates == pytest.approx(wanted)
    assert 0.1 * 0.5**3 in wanted and 0.01 in wanted  # there were steps
    assert [phase.rate_text for phase in trainer.phases] == ["0.1 to 0.0125", "0.02 to 0.0025"]


@pytest.mark.parametrize("form", ["BINARYPROTO", "HDF5"])
def test_a_rate_that_follows_the_loss_resumes_to_the_same_bits(tmp_path, form):
    whole, seen = plateau(tmp_path, "max_iter: 14", f"snapshot_format: {form}")
    for _ in range(6):
        whole.step()
    state = whole.snapshot()[1]
    whole.run()
    assert seen.rates[5] > seen.rates[-1]
    again, since = plateau(tmp_path, "max_iter: 14", f"snapshot_format: {form}")
    again.restore(state)
    assert again.rate == seen.rates[5]
    again.run()
    assert (since.rates, since.losses) == (seen.rates[6:], seen.losses[6:])
    for one, other in zip(whole.net.learnable, again.net.learnable):
        assert torch.equal(one.tensor, other.tensor)


def test_a_state_of_another_policy_lets_the_first_window_begin(tmp_path):
    state = Trainer.from_file(toy(tmp_path, phases="max_iter: 9"))
    for _ in range(5):
        state.step()
    path = state.snapshot()[1]
    trainer, _ = plateau(tmp_path, "max_iter: 9")
    with pytest.warns(UserWarning, match="lr_policy"):
        trainer.restore(path)
    assert (trainer.plateau.steps, trainer.plateau.last_event, trainer.rate) == (0, 5, pytest.approx(0.1))
