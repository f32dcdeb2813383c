"""Attached runs in the loops that people write: accumulation, clipping, loss scaling, compiled and shared modules, resuming."""

from __future__ import annotations

import copy
import io

import pytest
import torch
from plain_loop import PRUNED, Net, batch, closure_of, loss_of, train
from torch import nn, optim

from dsd.attached.attach import attach
from dsd.attached.phases import AttachError, Dense, Sparse
from dsd.attached.run import AttachObserver
from dsd.engine.audit import AuditError


def sgd(model: nn.Module) -> optim.SGD:
    return optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def sparse_run(model: nn.Module, optimizer: optim.Optimizer | None = None, **options):
    optimizer = sgd(model) if optimizer is None else optimizer
    return attach(model, optimizer, [Sparse(5, sparsity=0.4), Dense(2)], **options), optimizer


class Words(AttachObserver):
    """What an observer is told, in words."""

    def __init__(self):
        self.told = []

    def attached(self, run):
        self.told.append(f"attached at {run.iteration}")

    def phase_began(self, run):
        self.told.append(f"{run.phase.name} began at {run.iteration}, {len(run.masks)} masks")

    def phase_ended(self, run):
        self.told.append(f"{run.phase.name} ended at {run.iteration}, {len(run.masks)} masks")

    def audited(self, run, audit):
        self.told.append(f"audited {audit.what}, holds: {audit.holds}")

    def finished(self, run):
        self.told.append(f"finished at {run.iteration}")


def test_steps_count_and_phases_begin_and_end():
    model, words = Net(), Words()
    optimizer = sgd(model)
    run = attach(model, optimizer, [Dense(2), Sparse(3, sparsity=0.4), Dense(2)], observers=[words])
    seen = []
    for step in range(8):
        seen.append((run.iteration, run.phase.name, round(run.sparsity(), 3)))
        train(model, optimizer, range(step, step + 1))
    pruned = round(161 / 403, 3)  # 24 of 60, 126 of 315, 11 of 28
    assert seen == [(0, "dense", 0), (1, "dense", 0), *((n, "sparse", pruned) for n in (2, 3, 4)),
                    *((n, "re-dense", 0) for n in (5, 6, 7))]
    assert words.told == [
        "attached at 0", "dense began at 0, 0 masks", "dense ended at 2, 0 masks",
        "sparse began at 2, 3 masks", "sparse ended at 5, 3 masks", "audited phase `sparse`, holds: True",
        "re-dense began at 5, 0 masks", "re-dense ended at 7, 0 masks", "finished at 7"]
    assert run.kept()["fc1"] == (315, 315) and run.max_iter == 7


def test_a_phase_that_ends_early():
    """The same as phases of the lengths that they came to have, also when the run is resumed later."""
    model, plain = Net(), Net()
    optimizer, other = sgd(model), sgd(plain)
    run = attach(model, optimizer, [Dense(90), Sparse(80, sparsity=0.4, lr=0.5), Dense(4)])
    attach(plain, other, [Dense(3), Sparse(2, sparsity=0.4, lr=0.5), Dense(4)])
    with pytest.raises(AttachError, match="phase `dense` has done 0 of 90 steps and cannot end here"):
        run.end_phase()
    train(model, optimizer, range(3))
    run.end_phase()
    assert (run.phase.name, run.phase.start, run.max_iter) == ("sparse", 3, 87) and optimizer.param_groups[0]["lr"] == 0.05
    train(model, optimizer, range(3, 5))
    run.end_phase()
    assert run.phase.name == "re-dense" and run.max_iter == 9
    state = run.state_dict()
    run.detach()
    run = attach(model, optimizer, [Dense(90), Sparse(80, sparsity=0.4, lr=0.5), Dense(4)], state=state)
    assert [(p.start, p.end) for p in run.phases] == [(0, 3), (3, 5), (5, 9)]
    train(model, optimizer, range(5, 9))
    train(plain, other, range(9))
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), plain.parameters()))
    with pytest.raises(AttachError, match="has done 4 of 4 steps"):
        run.end_phase()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_phase_of_changing_masks_that_ends_early_passes_its_audit(steps):
    model, words = Net(), Words()
    optimizer = sgd(model)
    run = attach(model, optimizer, [Sparse(9, sparsity=0.6, mask_policy="GRADUAL", mask_end=8, update_interval=2), Dense(2)],
                 observers=[words])
    train(model, optimizer, range(steps))
    run.end_phase()
    assert words.told[-2:] == ["audited phase `sparse`, holds: True", f"re-dense began at {steps}, 0 masks"]


def test_clipping_counts_survivors_only():
    model = Net()
    control = copy.deepcopy(model)
    run, _ = sparse_run(model)
    control.load_state_dict(model.state_dict())
    loss_of(model, 0).backward()
    loss_of(control, 0).backward()
    squares = [(control.get_parameter(name).grad * run.masks.get(name, 1)).double().pow(2).sum() for name, _ in
               control.named_parameters()]
    survivors = float(torch.stack(squares).sum().sqrt())
    everything = float(torch.stack([p.grad.double().pow(2).sum() for p in control.parameters()]).sum().sqrt())
    assert float(nn.utils.clip_grad_norm_(model.parameters(), 1e-3)) == pytest.approx(survivors, rel=1e-5)
    assert survivors < 0.99 * everything


@pytest.mark.parametrize("fused", [False, True])
def test_steps_that_a_scaler_skips_do_not_count(fused):
    model = Net()
    run, optimizer = sparse_run(model, optim.Adam(model.parameters(), fused=fused))
    scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    counts = []
    for step in range(4):
        scaler.scale(loss_of(model, step)).backward()
        if step in (1, 2):
            model.fc2.bias.grad.fill_(float("inf"))
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
        counts.append(run.iteration)
    assert counts == [1, 1, 1, 2] and run.audit().holds


def test_infinite_gradients_of_pruned_weights_skip_nothing():
    model = Net()
    run, optimizer = sparse_run(model)
    model.fc1.weight.register_hook(lambda grad: grad.masked_fill(~run.masks["fc1.weight"], float("inf")))
    scaler = torch.amp.GradScaler("cpu")
    scaler.scale(loss_of(model, 0)).backward()
    scaler.step(optimizer)
    assert run.iteration == 1 and all(p.isfinite().all() for p in model.parameters())


def test_dynamic_surgery_learns_under_the_masks_with_and_without_closures():
    """Pruned weights get the updates of gradients at the masked weights, as SGD by hand gives them."""
    model, plain, control = Net(), Net(), Net()
    phases = [Sparse(4, sparsity=0.4, mask_policy="DYNAMIC", mask_end=0)]
    run = attach(model, optimizer := optim.SGD(model.parameters(), lr=0.1), phases)
    attach(plain, other := optim.SGD(plain.parameters(), lr=0.1), phases)
    dense = {name: control.get_parameter(name).detach().clone() for name in PRUNED}
    kept = run.masks
    for step in range(3):
        with torch.no_grad():
            for name in PRUNED:
                control.get_parameter(name).copy_(dense[name] * kept[name])
        control.zero_grad()
        loss_of(control, step).backward()
        for name in PRUNED:
            dense[name] -= 0.1 * control.get_parameter(name).grad
        with torch.no_grad():
            for name, p in control.named_parameters():
                if name not in PRUNED:
                    p -= 0.1 * p.grad
        closure = closure_of(model, optimizer, step)
        optimizer.step(closure)
        train(plain, other, range(step, step + 1))
        for name in PRUNED:
            torch.testing.assert_close(run.keeper.in_force[name].under, dense[name] * ~kept[name])
            torch.testing.assert_close(model.get_parameter(name).detach(), dense[name] * kept[name])
            assert torch.equal(model.get_parameter(name), plain.get_parameter(name))


def test_saved_values_come_back():
    model = Net()
    before = model.fc1.weight.detach().clone()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    run = attach(model, optimizer, [Sparse(1, sparsity=0.4), Dense(2, regrow="SAVED")])
    kept = run.masks["fc1.weight"]
    train(model, optimizer, range(1))
    assert torch.equal(model.fc1.weight[~kept], before[~kept])


def test_new_values_come_back_and_the_random_state_of_the_loop_stays():
    model = Net()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    run = attach(model, optimizer, [Sparse(1, sparsity=0.4), Dense(2, regrow="FILLER")])
    kept = run.masks["fc1.weight"]
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    train(model, optimizer, range(1))
    assert torch.equal(torch.rand(3), wanted)
    drawn = model.fc1.weight[~kept]
    assert drawn.all() and float(drawn.detach().abs().max()) <= 45 ** -0.5  # uniform in +- 1 / sqrt(inputs)


def test_shared_weights_have_one_mask_and_those_of_embeddings_none():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(11, 6)
            self.first, self.second, self.out = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 11)
            self.second.weight, self.out.weight = self.first.weight, self.words.weight

        def forward(self, x):
            return self.out(self.second(self.first(self.words(x))))

    model = Tied()
    run, optimizer = sparse_run(model)
    assert list(run.masks) == ["first.weight"]
    model(torch.arange(5)).sum().backward()
    optimizer.step()
    assert torch.equal(model.first.weight != 0, run.masks["first.weight"]) and model.words.weight.all()
    chosen = attach(model, sgd(model), [Sparse(1, sparsity=0.5)], prunes=lambda name, module: name == "out")
    assert list(chosen.masks) == ["out.weight"]


def test_groups_that_are_added_later():
    model = Net()
    optimizer = optim.SGD([*model.fc1.parameters(), *model.fc2.parameters()], lr=0.1)
    run = attach(model, optimizer, [Dense(1, lr=0.5), Sparse(2, sparsity=0.4, lr=0.1), Sparse(2, sparsity=0.4, lr=0.2)])
    assert optimizer.param_groups[0]["lr"] == 0.05
    train(model, optimizer, range(2))
    assert sorted(run.masks) == ["fc1.weight", "fc2.weight"]
    optimizer.add_param_group({"params": [*model.conv1.parameters(), *model.conv2.parameters()], "lr": 0.03})
    train(model, optimizer, range(2, 4))
    assert sorted(run.masks) == list(PRUNED)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1 * 0.2, 0.03 * 0.2]
    train(model, optimizer, range(4, 5))
    assert run.audit().holds and not model.conv2.weight[~run.masks["conv2.weight"]].any()


def test_frozen_weights_stay_dense_unless_named():
    model = Net()
    model.fc1.requires_grad_(False)
    run, optimizer = sparse_run(model)
    assert sorted(run.masks) == ["conv2.weight", "fc2.weight"]
    run.detach()
    run = attach(model, optimizer, [Sparse(3, layers={"fc1": 0.4})])
    assert sorted(run.masks) == ["fc1.weight"] and (model.fc1.weight == 0).sum() == 126
    model.fc1.requires_grad_(True)  # thawed on the way
    train(model, optimizer, range(2))
    assert run.audit().holds


def test_rates_are_multiples_of_those_when_attached():
    model = Net()
    groups = [{"params": model.conv1.parameters(), "lr": 0.2}, {"params": model.fc1.parameters(), "lr": torch.tensor(0.04)}]
    optimizer = optim.Adam(groups)
    attach(model, optimizer, [Dense(1), Sparse(1, sparsity=0.3, lr=0.1), Dense(1, lr=0.01)])
    rates = []
    for step in range(3):
        rates.append([float(group["lr"]) for group in optimizer.param_groups])
        train(model, optimizer, range(step, step + 1))
    torch.testing.assert_close(torch.tensor(rates), torch.tensor([[0.2, 0.04], [0.02, 0.004], [0.002, 0.0004]]))
    assert isinstance(optimizer.param_groups[1]["lr"], torch.Tensor)


def test_a_scheduler_stays_in_charge():
    model = Net()
    optimizer = sgd(model)
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    attach(model, optimizer, [Dense(2), Sparse(2, sparsity=0.3)])
    for step in range(4):
        train(model, optimizer, range(step, step + 1))
        scheduler.step()
    assert optimizer.param_groups[0]["lr"] == 0.1 / 16


def test_names_stay_and_detaching_leaves_nothing_behind():
    model = Net()
    names, optimizer = list(model.state_dict()), sgd(model)
    run, _ = sparse_run(model, optimizer)
    train(model, optimizer, range(2))
    assert list(model.state_dict()) == names and sorted(optimizer.state_dict()["state"][0]) == ["momentum_buffer"]
    Net().load_state_dict(model.state_dict())
    run.detach()
    run.detach()
    assert not optimizer._optimizer_step_pre_hooks and not optimizer._optimizer_step_post_hooks
    assert not any(p._post_accumulate_grad_hooks or p._backward_hooks for p in model.parameters())
    train(model, optimizer, range(2, 3))
    assert run.iteration == 2 and model.fc1.weight.all()


@pytest.mark.parametrize("options", [
    dict(sparsity=0.4, scope="GLOBAL"), dict(sparsity=0.4, mask_policy="CHANNEL", channel_norm="L1"),
    dict(mask_policy="N_OF_M", n=1, m=5, exclude=["fc2"]), dict(sparsity=0.4, mask_policy="RANDOM"),
    dict(sparsity=0.9, mask_policy="GRADUAL", update_interval=2), dict(mask_policy="DYNAMIC", c_rate=0.5, mask_end=4),
], ids=str)
def test_every_policy_passes_its_audit(options):
    model = Net()
    optimizer = optim.AdamW(model.parameters(), lr=0.01)
    run = attach(model, optimizer, [Dense(2), Sparse(6, **options), Dense(2)])
    for step in range(10):
        train(model, optimizer, range(step, step + 1))
        assert run.audit().holds and (run.phase.name == "sparse") == bool(run.masks)
        assert all(not model.get_parameter(name)[~kept].any() for name, kept in run.masks.items())


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_other_types_and_memory_layouts(dtype):
    """The same masks and zeros for double precision, half of it, and channels last."""
    class Typed(Net):
        def forward(self, x):
            return super().forward(x.to(dtype).contiguous(memory_format=torch.channels_last)).float()

    model = Typed().to(dtype).to(memory_format=torch.channels_last)
    run, optimizer = sparse_run(model)
    assert {name: int(kept.sum()) for name, kept in run.masks.items()} == {
        "conv2.weight": 36, "fc1.weight": 189, "fc2.weight": 17}
    for step in range(4):
        train(model, optimizer, range(step, step + 1))
        assert run.audit().holds
        assert all(torch.equal(model.get_parameter(name) != 0, kept) for name, kept in run.masks.items())


def test_copies_of_the_model_are_free():
    model = Net()
    sparse_run(model)
    twin = copy.deepcopy(model)
    loss_of(twin, 0).backward()
    assert twin.fc1.weight.grad.all()


PHASES = [Dense(2), Sparse(4, sparsity=0.4, mask_policy="GRADUAL", mask_end=3, update_interval=1), Dense(2, regrow="SAVED"),
          Sparse(3, sparsity=0.5, mask_policy="DYNAMIC", mask_end=2), Dense(2, lr=0.1)]


@pytest.mark.parametrize("at", range(1, 13))
@pytest.mark.parametrize("order", ["attach last", "attach first"])
def test_resuming_is_bit_identical(at, order):
    def start():
        model = Net()
        return model, optim.AdamW(model.parameters(), lr=0.01)

    model, optimizer = start()
    run = attach(model, optimizer, PHASES, seed=4)
    train(model, optimizer, range(at))
    file = io.BytesIO()
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "dsd": run.state_dict()}, file)
    train(model, optimizer, range(at, 13))

    saved = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    other, again = start()
    if order == "attach first":
        resumed = attach(other, again, PHASES, seed=4)
    other.load_state_dict(saved["model"])
    again.load_state_dict(saved["optimizer"])
    if order == "attach first":
        resumed.load_state_dict(saved["dsd"])
    else:
        resumed = attach(other, again, PHASES, seed=4, state=saved["dsd"])
    assert resumed.iteration == at and resumed.phase.start <= at <= resumed.phase.end
    train(other, again, range(at, 13))
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), other.parameters()))
    assert resumed.iteration == run.iteration == 13 and resumed.masks == run.masks == {}


def test_an_audit_that_fails_ends_the_step_with_an_error():
    model = Net()
    run, optimizer = sparse_run(model)
    train(model, optimizer, range(4))
    run.keeper.in_force["fc1.weight"].kept[0, 0] ^= True
    with pytest.raises(AuditError, match="layer `fc1` keeps 1[89][08] of 315 weights, the phase says 189"):
        train(model, optimizer, range(4, 5))


@pytest.mark.slow
def test_compiled_modules():
    """Masks of a compiled module, attached before or after its first call; also of a module with a compiled part."""
    for late in (False, True):
        plain, model = Net(), Net()
        compiled = torch.compile(model, backend="aot_eager")
        optimizer, other = sgd(compiled), sgd(plain)
        if late:
            compiled(batch(0)[0]).sum().backward()
            optimizer.zero_grad()
        run, _ = sparse_run(compiled, optimizer)
        sparse_run(plain, other)
        assert sorted(run.masks) == list(PRUNED)
        for step in range(7):
            loss_of(compiled, step).backward()
            optimizer.step()
            optimizer.zero_grad()
            train(plain, other, range(step, step + 1))
            for p, q in zip(model.parameters(), plain.parameters()):
                torch.testing.assert_close(p, q)
            assert all(not model.get_parameter(name)[~kept].any() for name, kept in run.masks.items())
    model = Net()
    model.fc1 = torch.compile(model.fc1, backend="aot_eager")
    assert sorted(sparse_run(model)[0].masks) == list(PRUNED)
