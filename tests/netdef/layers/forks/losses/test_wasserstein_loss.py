"""WassersteinLoss by its definition."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

import netdef
from netdef.errors import FileError, NetdefError, SpecError

METRIC = np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]], np.float32)
X = torch.tensor([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]).double()


def net_of(folder: Path, param: str = "", labels: str = "dim: 2", name: str = "data", metric: np.ndarray = METRIC) -> netdef.Net:
    with h5py.File(folder / "metric.h5", "w") as file:
        file[name] = metric
    inputs = "".join(f'layer {{ name: "{blob} in" type: "Input" top: "{blob}" input_param {{ shape {{ {shape} }} }} }} '
                     for blob, shape in (("x", "dim: 2 dim: 3"), ("t", labels)))
    return netdef.loads(f'{inputs} layer {{ name: "l" type: "WassersteinLoss" bottom: "x" bottom: "t" top: "y" wasserstein_param '
                        f'{{ ground_metric: "{folder}/metric.h5" {param} }} }}', phase="TRAIN").double()


def test_all_goes_to_the_label(tmp_path: Path):
    """With one label the plan is known: each class's probability goes there."""
    net = net_of(tmp_path, "lambda: 2 scaling_iter: 3")
    found = net(x=X, t=torch.tensor([0.0, 1]))["y"].item()
    entropy = (X * X.log()).sum().item()
    transport = 0.25 * 1 + 0.25 * 2 + 0.125 * 1 + 0.75 * 1
    assert found == pytest.approx((transport + entropy / 2) / 2, rel=1e-6)


@pytest.mark.parametrize("shifts", [True, False])
def test_of_two_distributions(tmp_path: Path, shifts: bool):
    """After many turns the plan has both as its sums, and the gradient is that of the loss, but for a constant of each item."""
    net = net_of(tmp_path, f"lambda: 1.5 scaling_iter: 400 shift_gradient: {str(shifts).lower()}", "dim: 2 dim: 3")
    wanted = torch.tensor([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]]).double()
    x = X.clone().requires_grad_()
    loss = net(x=x, t=wanted)["y"]
    loss.backward()
    metric = torch.from_numpy(METRIC).double()
    kernel = (-1.5 * metric - 1).exp()
    u = v = torch.ones(2, 3).double()
    for _ in range(400):
        v = wanted / (u @ kernel)
        u = X / (v @ kernel.t())
    plan = u[:, :, None] * kernel * v[:, None, :]
    torch.testing.assert_close(plan.sum(2), X)
    torch.testing.assert_close(plan.sum(1), wanted)
    assert loss.item() == pytest.approx(((plan * metric).sum() + (plan * plan.log()).sum() / 1.5).item() / 2)
    step = torch.tensor([[1e-4, -1e-4, 0], [0, 1e-4, -1e-4]]).double()  # the sums stay
    change = net(x=X + step, t=wanted)["y"] - net(x=X - step, t=wanted)["y"]
    assert change.item() == pytest.approx(2 * (x.grad * step).sum().item(), rel=1e-4)
    assert (x.grad.sum(1).abs().max().item() < 1e-12) == shifts


def test_what_does_not_fit(tmp_path: Path):
    with pytest.raises(SpecError, match=r"has distances of shape \(2, 2\) for 3 classes"):
        net_of(tmp_path, metric=METRIC[:2, :2])
    with pytest.raises((SpecError, FileError), match="is no HDF5 file with a data set `data`"):
        net_of(tmp_path, name="distances")
    with pytest.raises(SpecError, match="the second has a label, or a number for each class"):
        net_of(tmp_path, labels="dim: 2 dim: 2")
    with pytest.raises(SpecError, match="has `lambda` 0"):
        net_of(tmp_path, "lambda: 0")
    with pytest.raises(NetdefError, match="got the label 3"):
        net_of(tmp_path)(x=X, t=torch.tensor([3.0, 0]))
