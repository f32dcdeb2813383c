"""N_OF_M: of every m consecutive inputs keep the n largest (Mishra et al. 2021, "Accelerating Sparse Deep Neural Networks").

The paper, from NVIDIA, has 2 of 4.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from dsd.masks.mask import NamedWeight, WeightMask, refuse_nan
from dsd.masks.policies.base import Complain, MaskPolicy, register
from netdef.schema import messages


@register("N_OF_M")
@dataclass(frozen=True)
class NOfM(MaskPolicy):
    """A policy whose masks are made once. The sparsity is 1 - n / m; the text need not state it."""

    n: int = 2
    m: int = 4

    message_fields = ("n", "m")

    @classmethod
    def read(cls, message: messages.DsdPhase, complain: Complain) -> NOfM:
        n, m = message.n, message.m
        if not 1 <= n < m:
            complain(f"keeps `n` {n} of every `m` {m}; n must be at least 1 and below m",
                     "n" if message.HasField("n") else "m")
            return cls()
        implied = 1 - n / m
        stated: list[tuple[float, tuple[str | int, ...]]] = []
        if message.HasField("sparsity"):
            stated.append((message.sparsity, ("sparsity",)))
        stated += [(layer.sparsity, ("layer", i, "sparsity")) for i, layer in enumerate(message.layer)]
        for sparsity, path in stated:
            if not math.isclose(sparsity, implied, abs_tol=1e-6):
                complain(f"`sparsity` is {sparsity:g}, but {n} of {m} kept is {implied:g}; leave it out", *path)
        return cls(n, m)

    @property
    def sparsity(self) -> float:
        return 1 - self.n / self.m

    def share(self, stated: float | None) -> float:
        return self.sparsity

    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        return WeightMask(n_of_m_mask(weight.tensor, weight.by_channel, self.n, self.m))

    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> int:
        return n_of_m_count(weight.tensor.shape, weight.by_channel, self.n, self.m)


def n_of_m_mask(weight: Tensor, by_channel: Callable[[Tensor], Tensor], n: int, m: int) -> Tensor:
    """Keep the n of largest magnitude of every m consecutive inputs of an output, at each place of the kernel.

    ``by_channel`` is that of `NamedWeight`. If m does not divide the inputs, min(n, r) of the last r are
    kept. Raises `MaskError` for NaN.
    """
    refuse_nan(weight)
    rows = by_channel(weight.detach()).abs().movedim(2, 3)  # inputs last
    inputs = rows.shape[3]
    groups = F.pad(rows, (0, -inputs % m), value=-1.0).unflatten(3, (-1, m))
    # The rank of a weight is the number of weights before it: larger, or equal and of lower index. m passes beat a sort.
    rank = torch.zeros(groups.shape, dtype=torch.int16, device=weight.device)
    for i in range(m):
        one = groups[..., i : i + 1]
        rank[..., : i + 1] += one > groups[..., : i + 1]
        rank[..., i + 1 :] += one >= groups[..., i + 1 :]
    mask = torch.empty(weight.shape, dtype=torch.bool, device=weight.device)
    by_channel(mask).copy_((rank < n).flatten(3)[..., :inputs].movedim(3, 2))
    return mask


def n_of_m_count(shape: torch.Size, by_channel: Callable[[Tensor], Tensor], n: int, m: int) -> int:
    """Number of weights that `n_of_m_mask` keeps."""
    inputs = by_channel(torch.empty(shape, device="meta")).shape[2]
    return shape.numel() // inputs * (inputs // m * n + min(n, inputs % m))
