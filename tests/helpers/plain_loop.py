"""A small model, its batches, and the plain loop that an attached run is compared with."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

MakeOptimizer = Callable[[list[nn.Parameter]], Optimizer]
PRUNED = ("conv2.weight", "fc1.weight", "fc2.weight")  # by default: not the first convolution, no bias, no norm


class Net(nn.Module):
    """Batches of 6 x 5 images with one channel to 4 classes."""

    def __init__(self, seed: int = 3) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.conv1 = nn.Conv2d(1, 3, (3, 2))
        self.conv2 = nn.Conv2d(3, 5, 2)
        self.fc1 = nn.Linear(45, 7)
        self.norm = nn.LayerNorm(7)
        self.fc2 = nn.Linear(7, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2(self.conv1(x).tanh()).tanh().flatten(1)
        return self.fc2(self.norm(self.fc1(x)).tanh())


def batch(step: int) -> tuple[Tensor, Tensor]:
    """The batch of a step: 8 images and their labels."""
    generator = torch.Generator().manual_seed(100 + step)
    return torch.randn(8, 1, 6, 5, generator=generator), torch.randint(4, (8,), generator=generator)


def loss_of(model: nn.Module, step: int) -> Tensor:
    device = next(model.parameters()).device
    x, y = (tensor.to(device) for tensor in batch(step))
    return nn.functional.cross_entropy(model(x), y)


def closure_of(model: nn.Module, optimizer: Optimizer, step: int) -> Callable[[], Tensor]:
    """The closure that ``optimizer.step`` takes."""

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = loss_of(model, step)
        loss.backward()
        return loss

    return closure


def train(model: nn.Module, optimizer: Optimizer, steps: range) -> None:
    """The loop of a user."""
    for step in steps:
        loss_of(model, step).backward()
        optimizer.step()
        optimizer.zero_grad()


def largest(weight: Tensor, sparsity: float) -> Tensor:
    """The mask of the largest weights, by sorting."""
    count = round(weight.numel() * (1 - sparsity))
    kept = torch.zeros(weight.numel())
    kept[weight.detach().abs().flatten().argsort(descending=True, stable=True)[:count]] = 1
    return kept.view(weight.shape)


def by_hand(model: Net, make: MakeOptimizer, lengths: tuple[int, int, int], sparsity: float) -> Iterator[dict[str, Tensor]]:
    """Weights after each step of dense, sparse and re-dense training: masks applied by hand, a new optimiser each phase."""
    model = copy.deepcopy(model)
    step = 0
    for phase, length in enumerate(lengths):
        optimizer = make(list(model.parameters()))
        masks = {name: largest(model.get_parameter(name), sparsity) for name in PRUNED} if phase == 1 else {}
        zero(model, masks)
        for _ in range(length):
            loss_of(model, step).backward()
            for name, kept in masks.items():
                model.get_parameter(name).grad.mul_(kept)
            optimizer.step()
            optimizer.zero_grad()
            zero(model, masks)
            step += 1
            yield {name: p.detach().clone() for name, p in model.named_parameters()}


def zero(model: nn.Module, masks: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for name, kept in masks.items():
            model.get_parameter(name).masked_fill_(kept == 0, 0)
