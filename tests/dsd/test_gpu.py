"""Training on a GPU: as on the CPU, exact where masks are concerned, and resumed at the same weights."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import torch
from plain_loop import Net, train
from toys import NET, SOLVERS, toy

import netdef
from dsd.attached.attach import attach
from dsd.attached.phases import Dense, Sparse
from dsd.masks.policies.fixed import global_masks, magnitude_mask
from dsd.solver.choices import Constraint
from dsd.training.trainer import Trainer

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")

MODELS = Path(__file__).parents[2] / "models"
NO_DROPOUT = "\n".join(line for line in NET.splitlines() if '"Dropout"' not in line)  # draws differ from device to device
POLICIES = {
    "FIXED": "sparsity: 0.3",
    "GLOBAL": "sparsity: 0.3 scope: GLOBAL",
    "GRADUAL": "sparsity: 0.6 mask_policy: GRADUAL update_interval: 2 mask_end: 4",
    "DYNAMIC": "sparsity: 0.3 mask_policy: DYNAMIC",
    "N_OF_M": "mask_policy: N_OF_M n: 1 m: 3",
    "CHANNEL": "sparsity: 0.4 mask_policy: CHANNEL",
    "RANDOM": "sparsity: 0.3 mask_policy: RANDOM",
}


def weights(trainer: Trainer) -> list[torch.Tensor]:
    return [blob.detach().cpu().clone() for blobs in trainer.net.params.values() for blob in blobs]


@pytest.mark.parametrize("type", SOLVERS)
@pytest.mark.parametrize("policy", POLICIES)
def test_phases_match_the_cpu(type: str, policy: str, tmp_path: Path):
    phases = (f'dsd_phase {{ name: "dense" max_iter: 2 }} dsd_phase {{ name: "sparse" max_iter: 6 {POLICIES[policy]} }} '
              'dsd_phase { name: "re-dense" max_iter: 2 }')
    both = []
    for device in ("cpu", "cuda"):
        solver = toy(tmp_path / device, type=type, phases=phases, net=NO_DROPOUT)
        trainer = Trainer.from_file(solver, device=device)
        trainer.step(8)
        masks = {name: mask.cpu() for name, mask in trainer.masks.items()}
        for name, mask in masks.items():
            pruned = trainer.mask_weight(name).detach().cpu()[~mask]
            assert not pruned.numel() or (not pruned.any() and not torch.signbit(pruned).any())
        both.append((masks, weights(trainer)))
    (masks, ours), (gpu_masks, theirs) = both
    if policy not in ("GLOBAL", "DYNAMIC"):  # in which the last bits of weights decide how many are kept
        assert {n: int(m.sum()) for n, m in masks.items()} == {n: int(m.sum()) for n, m in gpu_masks.items()}
    if policy == "FIXED" and type in ("SGD", "Nesterov"):  # the others enlarge the last bits of small gradients
        for mine, other in zip(ours, theirs, strict=True):
            torch.testing.assert_close(mine, other, rtol=5e-3, atol=5e-4)


def test_a_seed_gives_the_same_weights_as_on_the_cpu(tmp_path: Path):
    solver = toy(tmp_path)
    cpu, gpu = (weights(Trainer.from_file(solver, device=device)) for device in ("cpu", "cuda"))
    assert all(torch.equal(a, b) for a, b in zip(cpu, gpu, strict=True))


def test_magnitude_masks_match_the_cpu():
    generator = torch.Generator().manual_seed(5)
    a = torch.randint(-40, 40, (37, 53), generator=generator) / 8  # many ties, and zeros
    b = torch.randn(5, 7, 11, generator=generator)
    for sparsity in (0.0, 0.1, 0.5, 0.93, 1.0):
        assert torch.equal(magnitude_mask(a.cuda(), sparsity).cpu(), magnitude_mask(a, sparsity))
        mine, theirs = global_masks({"a": a, "b": b}, sparsity), global_masks({"a": a.cuda(), "b": b.cuda()}, sparsity)
        assert all(torch.equal(theirs[name].cpu(), mine[name]) for name in "ab")


def test_survivors_are_the_same_under_every_constraint(tmp_path: Path):
    """Bit for bit, as long as a device adds up in one order."""
    found = []
    with torch.backends.cudnn.flags(deterministic=True, allow_tf32=False):
        for constraint in Constraint:
            phases = f'dsd_phase {{ max_iter: 3 }} dsd_phase {{ max_iter: 5 sparsity: 0.3 constraint: {constraint.name} }}'
            trainer = Trainer.from_file(toy(tmp_path / constraint.name, phases=phases), device="cuda")
            trainer.step(8)
            found.append((trainer.loss, weights(trainer)))
    for loss, blobs in found[1:]:
        assert loss == found[0][0]
        assert all(torch.equal(a, b) for a, b in zip(blobs, found[0][1]))


def test_a_snapshot_goes_on_where_it_was_taken(tmp_path: Path):
    with torch.backends.cudnn.flags(deterministic=True, allow_tf32=False):
        solver = toy(tmp_path)
        whole = Trainer.from_file(solver, device="cuda")
        whole.step(7)
        _, state = whole.snapshot()
        whole.step(4)
        resumed = Trainer.from_file(solver, device="cuda")
        resumed.restore(state)
        resumed.step(4)
    assert all(torch.equal(a, b) for a, b in zip(weights(whole), weights(resumed), strict=True))


def test_a_gpu_snapshot_resumes_on_the_cpu(tmp_path: Path):
    solver = toy(tmp_path)
    gpu = Trainer.from_file(solver, device="cuda")
    gpu.step(7)
    _, state = gpu.snapshot()
    cpu = Trainer.from_file(solver, device="cpu")
    cpu.restore(state)
    assert all(torch.equal(a, b) for a, b in zip(weights(gpu), weights(cpu), strict=True))
    cpu.step(4)


def test_labels_out_of_range_are_reported(tmp_path: Path):
    """In a process of its own: the error ends all use of the GPU."""
    net = NET.replace("num_output: 3", "num_output: 2")
    solver = toy(tmp_path, net=net)
    run = subprocess.run([sys.executable, "-m", "dsd.cli.train", str(solver), "--device=cuda"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert "label" in run.stderr


@pytest.mark.parametrize("type", ["LSTM", "RNN"])
def test_recurrent_weights_are_contiguous_for_cudnn(type: str):
    """Otherwise torch copies them at every step and warns."""
    net = netdef.loads(f"""
        layer {{ name: "x" type: "Input" top: "x" top: "cont" input_param {{
                shape {{ dim: 7 dim: 3 dim: 5 }} shape {{ dim: 7 dim: 3 }} }} }}
        layer {{ name: "l" type: "{type}" bottom: "x" bottom: "cont" top: "y" recurrent_param {{ num_output: 4
                weight_filler {{ type: "uniform" min: -0.3 max: 0.3 }} }} }}
    """, phase="TRAIN", device="cuda")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net(x=torch.randn(7, 3, 5, device="cuda"), cont=torch.ones(7, 3, device="cuda"))["y"].sum().backward()
    assert all(blob.grad is not None for blob in net.params["l"])


def test_prefetched_batches_are_pinned():
    net = netdef.load(MODELS / "digits" / "train_val.prototxt", "TRAIN", device="cuda")
    net.feeds[0].work_ahead(2)
    assert all(tensor.is_pinned() for tensor in next(net.feeds).values())


ATTACHED = {
    "capturable": lambda p: torch.optim.Adam(p, lr=torch.tensor(0.01), capturable=p[0].is_cuda),
    "fused": lambda p: torch.optim.AdamW(p, lr=0.01, fused=True),
    "foreach": lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.9, foreach=True),
}


@pytest.mark.parametrize("make", ATTACHED.values(), ids=ATTACHED.keys())
def test_attached_runs_match_the_cpu(make):
    phases = [Dense(3), Sparse(4, sparsity=0.4, lr=0.5), Dense(3, solver_state="CARRY")]
    models = [Net(), Net().cuda()]
    for model in models:
        optimizer = make(list(model.parameters()))
        run = attach(model, optimizer, phases)
        train(model, optimizer, range(5))
        assert run.audit().holds and len(run.masks) == 3
        train(model, optimizer, range(5, 10))
    for one, other in zip(*(model.parameters() for model in models)):
        torch.testing.assert_close(one, other.cpu(), rtol=1e-3, atol=1e-4)
