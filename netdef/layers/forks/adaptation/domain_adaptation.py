"""GradientScaler and MMDLoss, of forks for domain adaptation: features that are alike for two sources of data."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_positive, refuse_shapes
from netdef.layers.core.fillers import constant
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_SCALER = "gradient_scaler_param"


@register("GradientScaler")
class GradientScaler(Layer):
    """Each bottom as it is; in training its gradient times a factor, the same for all. Ganin and Lempitsky 2015.

    The factor of pass i, counted from 0, is ``-(2 h / (1 + exp(-alpha p)) - h + lower_bound)`` with
    ``h = upper_bound - lower_bound`` and ``p = min(i / max_iter, 1)``. Before ``threshold_iter`` passes it is 0; i counts from
    there, and ``max_iter`` is ``threshold_iter`` more. ``scale_factor``, of He-Zhenwei's fork, is the factor in its stead.
    Snapshots keep the count; with ``iter_size`` the forks count iterations instead of passes.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    keeps_shape = True
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.gradient_scaler_param
        check_above_zero(spec, param.max_iter, _SCALER, "max_iter")
        self.fixed = param.scale_factor if param.HasField("scale_factor") else None
        self.lower, self.height, self.alpha = param.lower_bound, param.upper_bound - param.lower_bound, param.alpha
        self.first = param.threshold_iter
        self.length = param.max_iter + self.first
        self.add_constant("passes", (1, 1), constant(0.0))
        self.carried = ("passes",)

    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        if not self.training:
            return tuple(x.clone() for x in bottoms) if len(bottoms) > 1 else bottoms[0].clone()
        factor = self._factor().squeeze()
        self.passes = self.passes + 1
        tops = tuple(with_gradient(x, x, factor.to(x)) for x in bottoms)
        return tops if len(tops) > 1 else tops[0]

    def _factor(self) -> Tensor:
        """The factor of the pass."""
        if self.fixed is not None:
            return torch.full_like(self.passes, self.fixed)
        after = self.passes.double() - self.first
        part = (after / self.length).clamp(max=1)
        factor = -(2 * self.height / (1 + (-self.alpha * part).exp()) - self.height + self.lower)
        return factor.where((after > 0) | (self.first == 0), 0)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(", ".join(map(str, bottoms)))


@register("MMDLoss")
class MMDLoss(Layer):
    """An estimate of how far apart two sets of items are: the maximum mean discrepancy. Long et al. 2015.

    The mean of ``k(s, s') + k(t, t') - k(s, t') - k(s', t)`` over draws of two different items s and s' of the first bottom, t
    and t' of the second, as many as the larger bottom has items. k is the sum of ``kernel_num`` kernels ``exp(-g d^2)``, d the
    distance of two items; g is ``kernel_mul`` times that of the kernel before. That of the middle one is 1 over the mean
    ``d^2`` of all pairs of items, without a gradient; with ``fix_gamma`` that of the first pass. The forks' top is the sum over
    the draws, though its gradient is the mean's, too, of other draws. Of a single item there is no loss.
    """

    n_bottoms = exactly(2)
    is_loss = True
    param = "mmd_param"
    gamma: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = getattr(spec.message, self.param)
        if _count(shapes[0]) != _count(shapes[1]):
            raise refuse_shapes(spec, shapes, 1, "their items must have equally many numbers")
        check_positive(spec, param.kernel_num, self.param, "kernel_num")
        check_above_zero(spec, param.kernel_mul, self.param, "kernel_mul")
        self.factors = [param.kernel_mul ** (i - param.kernel_num // 2) for i in range(param.kernel_num)]
        self.fixed: bool = param.fix_gamma
        if self.fixed:
            self.add_constant("gamma", (1, 1), constant(0.0))  # 0: no pass before
            self.carried = ("gamma",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        n, m = len(source), len(target)
        if min(n, m) < 2:
            return (source.sum() + target.sum()) * 0
        kernels = self.kernels(torch.cat((source.flatten(1), target.flatten(1))))
        draws = max(n, m)
        (s, s2), (t, t2) = pairs(n, draws, source.device), pairs(m, draws, source.device)
        return (kernels[s, s2] + kernels[n + t, n + t2] - kernels[s, n + t2] - kernels[s2, n + t]).mean()

    def kernels(self, items: Tensor) -> Tensor:
        """The kernels' sum of all pairs of items."""
        distances = squared_distances(items)
        gamma = self._gamma(distances.detach())
        return torch.stack([(-gamma * factor * distances).exp() for factor in self.factors]).sum(0)

    def _gamma(self, distances: Tensor) -> Tensor:
        """1 over the mean of the squared distances (items, items) of different items."""
        gamma = (len(distances) * (len(distances) - 1) / distances.sum()).reshape(1, 1)
        if self.fixed:
            gamma = self.gamma = torch.where(self.gamma > 0, self.gamma.to(gamma), gamma)
        return gamma


def _count(shape: Shape) -> int:
    """The numbers of an item."""
    return torch.Size(shape[1:]).numel()


def squared_distances(items: Tensor) -> Tensor:
    """Those of all pairs of items."""
    return (items[:, None] - items).square().sum(2)


def pairs(count: int, draws: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Indices of two different items, at random; the item after one that is drawn twice."""
    first, second = torch.randint(count, (2, draws), device=device)
    return first, torch.where(first == second, (second + 1) % count, second)
