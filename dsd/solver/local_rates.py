"""A rate for each blob by the norms of its weights and of its gradient (You, Gitman and Ginsburg 2017)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from netdef.schema.messages import SolverParameter

POLICIES = ("scale", "clip")


@dataclass(frozen=True)
class LocalRates:
    """``local = ratio * |w| / (|g| + weight_decay * |w|)`` of each blob, g its gradient without decay; 1 if either is 0.

    The blob's rate is ``rate * local``, or with ``clip`` at most ``local``: ``min(rate, local)``. An ``lr_mult`` plays
    no part. NVIDIA/caffe (``larc``) has no decay in the divisor, intel/caffe (``local_lr_auto``) has.
    """

    ratio: float
    clip: bool = False
    weight_decay: float = 0.0

    def of(self, weight: Tensor, gradient: Tensor) -> Tensor:
        """The local rate from both norms, scalar tensors that stay on their device: reading one would make a GPU wait."""
        local = self.ratio * weight / (gradient + self.weight_decay * weight)
        return torch.where((weight > 0) & (gradient > 0), local, 1.0)

    def factor(self, local: Tensor, rate: float, lr_mult: float) -> Tensor:
        """The factor of the gradient that makes a rule with the rate ``rate * lr_mult`` use the local rate instead."""
        if self.clip:
            local = (local / rate).clamp(max=1.0) if rate else torch.ones_like(local)
        return local / lr_mult


def check_local_rates(message: SolverParameter, rules: tuple[str, ...]) -> list[tuple[str, str]]:
    """Check the fields of local rates. Returns problems as (field, message); ``rules`` are the types that allow them."""
    fields = [name for name in ("larc", "local_lr_auto") if getattr(message, name)]
    if not fields:
        return []
    problems = []
    if len(fields) == 2:
        problems.append(("larc", "`larc` and `local_lr_auto` are one thing of two forks; give one of them"))
    if message.type not in rules:
        problems.append((fields[0], f"{message.type} has no local rates; {' and '.join(rules)} have"))
    if message.larc and message.larc_policy not in POLICIES:
        problems.append(("larc_policy", f"unknown `larc_policy` \"{message.larc_policy}\"; it is {' or '.join(POLICIES)}"))
    ratio = "larc_eta" if message.larc else "local_gw_ratio"
    if not 0 < getattr(message, ratio) < float("inf"):
        problems.append((ratio, f"`{ratio}` is {getattr(message, ratio):g}; it must be above 0"))
    return problems


def local_rates(message: SolverParameter) -> LocalRates | None:
    """Read the local rates of a SolverParameter; None without any."""
    if message.larc:
        return LocalRates(message.larc_eta, message.larc_policy == "clip")
    if message.local_lr_auto:
        return LocalRates(message.local_gw_ratio, weight_decay=message.weight_decay)
    return None
