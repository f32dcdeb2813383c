"""Twelve iterations of the original Caffe, replayed: parameters, losses, histories, and resuming from its snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from devices import DEVICES
from google.protobuf import text_format
from oracle import golden_cases
from torch import Tensor

import netdef
from dsd.solver.from_message import make_solver, read_rates
from netdef.schema.blobs import to_array
from netdef.schema.messages import SolverParameter, SolverState

CONTRASTIVE = 'layer {\n  name: "loss"'


class Replay:
    """The net and the solver of a recorded case, at the parameters it began with."""

    def __init__(self, case: Path, device: str):
        self.case, self.device = case, device
        self.golden = np.load(case / "golden.npz")
        message = text_format.Parse((case / "solver.prototxt").read_text(), SolverParameter())
        if message.solver_type:  # the enum that came before `type`
            message.type = {1: "Nesterov", 2: "AdaGrad", 3: "RMSProp", 4: "AdaDelta", 5: "Adam"}[message.solver_type]
        text = (case / "net.prototxt").read_text()
        self.siamese = "ContrastiveLoss" in text
        self.net = netdef.loads(text.split(CONTRASTIVE)[0] if self.siamese else text, base_dir=case, phase="TRAIN", device=device)
        for layer, blobs in self.net.params.items():
            for index, blob in enumerate(blobs):
                blob.data.copy_(torch.from_numpy(self.golden[f"param0/{layer}/{index}"]))
        self.learnable = [entry.tensor for entry in self.net.learnable]
        mults = [(1.0 if entry.lr_mult is None else entry.lr_mult) for entry in self.net.learnable]
        decays = [(1.0 if entry.decay_mult is None else entry.decay_mult) for entry in self.net.learnable]
        groups = [
            {"params": [p], "lr_mult": lr, "decay_mult": decay} for p, lr, decay in zip(self.learnable, mults, decays)
        ]
        self.solver = make_solver(message, groups)
        self.schedule = read_rates(message)

    def loss(self, iteration: int) -> Tensor:
        if self.net.feeds:
            return self.net.loss(self.net(**{top: x.to(self.device) for top, x in next(self.net.feeds).items()}))
        inputs = {key[3:]: self.golden[key][iteration] for key in self.golden if key[:3] == "in/"}
        blobs = {name: torch.from_numpy(array).to(self.device) for name, array in inputs.items()}
        if not self.siamese:
            return self.net.loss(self.net(**blobs))
        # Caffe's ContrastiveLoss, margin 2. Its gradient divides by the distance + 1e-4.
        sim = blobs["sim"]
        outputs = self.net(**blobs)
        difference = outputs["fa"] - outputs["fb"]
        squares = difference.square().sum(1)
        distance = squares.detach().sqrt()
        gap = (2 - distance).clamp(min=0)
        slope = torch.where(sim != 0, 1.0, -gap / (distance + 1e-4))
        proxy = (slope * squares).sum() / 8
        return proxy - proxy.detach() + torch.where(sim != 0, squares.detach(), gap.square()).sum() / 8

    def iterations(self, start: int, stop: int) -> Iterator[tuple[int, float]]:
        """Train on, giving iteration and loss after each update."""
        for iteration in range(start, stop):
            self.solver.zero_grad()
            losses = [self.loss(iteration) for _ in range(self.solver.iter_size)]
            for loss in losses:
                loss.backward()
            for group in self.solver.param_groups:
                group["lr"] = self.schedule.at(iteration)
            self.solver.step()
            yield iteration, torch.stack(losses).mean().item()

    def compare(self, iteration: int) -> None:
        for layer, blobs in self.net.params.items():
            for index, blob in enumerate(blobs):
                close(blob.detach().cpu().numpy(), self.golden[f"param/{layer}/{index}"][iteration])
                update = self.golden[f"update/{layer}/{index}"][iteration]
                if update.any():  # the biases of siamese branches cancel out
                    close(self.solver.last_update(blob).cpu().numpy(), update)


def close(ours: np.ndarray, caffes: np.ndarray) -> None:
    assert ours.shape == caffes.shape
    assert np.abs(ours - caffes).max() <= 1e-5 * max(np.abs(caffes).max(), 1e-30)


def state_of(case: Path) -> tuple[SolverState, list[np.ndarray]]:
    state = SolverState.FromString((case / "snap_iter_6.solverstate").read_bytes())
    return state, [to_array(blob) for blob in state.history]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("case", golden_cases("solvers"), ids=lambda case: case.name)
def test_parameters_losses_and_histories_are_the_recorded_ones(case, device):
    replay = Replay(case, device)
    for iteration, loss in replay.iterations(0, 12):
        replay.compare(iteration)
        assert loss == pytest.approx(replay.golden["loss"][iteration], rel=1e-5)
        if iteration == 5:
            state, recorded = state_of(case)
            assert state.iter == replay.solver.iteration
            meta = json.loads((case / "meta.json").read_text())
            assert [list(array.shape) for array in recorded] == meta["history_shapes"]
            for ours, caffes in zip(replay.solver.history(replay.learnable), recorded, strict=True):
                close(ours.cpu().numpy(), caffes)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("case", golden_cases("solvers"), ids=lambda case: case.name)
def test_resuming_from_caffes_snapshot(case, device):
    replay = Replay(case, device)
    netdef.load_weights(replay.net, case / "snap_iter_6.caffemodel")
    state, history = state_of(case)
    replay.solver.load_history(replay.learnable, [torch.from_numpy(array.copy()) for array in history])
    replay.solver.iteration = state.iter
    if replay.net.feeds:
        replay.net.feeds.seek([6 * replay.solver.iter_size])
    for _ in replay.iterations(6, 12):
        pass
    replay.compare(11)
