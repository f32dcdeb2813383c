"""LRN: local response normalisation (Krizhevsky et al. 2012), across channels or within each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "lrn_param"


@register("LRN")
class LRN(Layer):
    """x * (k + alpha * mean of squares in the window) ** -beta.

    ACROSS_CHANNELS: the window is ``local_size`` channels around each. WITHIN_CHANNEL: a square of that side around
    each pixel, and k is always 1. What lies outside the bottom counts as 0.
    """

    keeps_shape = True
    fresh_output = True
    family = "norm"
    needs_float32 = True  # squares overflow float16

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.lrn_param
        check_axes(spec, shapes, 4)
        if param.local_size % 2 == 0:
            raise spec.refuse(f"has `local_size` {param.local_size}; it must be odd", PARAM, "local_size")
        within = param.norm_region == param.WITHIN_CHANNEL
        self.axes = (2, 3) if within else (1,)
        self.size: int = param.local_size
        self.alpha: float = param.alpha
        self.beta: float = param.beta
        self.k: float = 1.0 if within else param.k

    def forward(self, x: Tensor) -> Tensor:
        # Splitting the batch, as below, would fix its size in an exported graph, and be in the compiler's way.
        if torch.compiler.is_exporting() or torch.compiler.is_compiling():
            a = self.alpha / self.size ** len(self.axes)
            return x * _window_sum(x * x, self.axes, self.size, a, self.k) ** -self.beta
        return _Normalise.apply(x, self.axes, self.size, self.alpha / self.size ** len(self.axes), self.beta, self.k)

    def extra_repr(self) -> str:
        return f"axes={self.axes}, size={self.size}, alpha={self.alpha:g}, beta={self.beta:g}, k={self.k:g}"

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        size, alpha, beta, k = self.size, number(self.alpha), number(self.beta), number(self.k)
        if self.axes == (2, 3):
            call = f"local_response_norm_within({bottoms[0]}, {size}, alpha={alpha}, beta={beta})"
            return TorchCode(call, functions=(local_response_norm_within,))
        made = f"nn.LocalResponseNorm({size}, alpha={alpha}, beta={beta}, k={k})"
        return TorchCode.of_member(f"{me}({bottoms[0]})", made, {})


class _Normalise(torch.autograd.Function):
    """y = x * s ** -beta with s = k + a * W(x * x), W the sum over a window.

    W is its own transpose, so dx = dy * s ** -beta - 2 * a * beta * x * W(dy * y / s). Written out because autograd
    would keep and read every step: this is a fifth of the time of torch's ``local_response_norm``.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, axes: tuple[int, ...], size: int, a: float, beta: float, k: float) -> Tensor:
        s, y = torch.empty_like(x), torch.empty_like(x)
        for x_, s_, y_ in _blocks(x, s, y):
            _window_sum(x_ * x_, axes, size, a, k, out=s_)
            torch.mul(_inverse_power(s_, beta), x_, out=y_)
        ctx.save_for_backward(x, s)
        ctx.form = axes, size, a, beta
        return y

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None, None, None, None, None]:
        x, s = ctx.saved_tensors
        axes, size, a, beta = ctx.form
        dx = torch.empty_like(x)
        for x_, s_, dy_, dx_ in _blocks(x, s, dy, dx):
            near = _inverse_power(s_, beta).mul_(dy_)
            far = _window_sum((near * x_).div_(s_), axes, size)
            torch.addcmul(near, x_, far, value=-2 * a * beta, out=dx_)
        return dx, None, None, None, None, None


def _blocks(*tensors: Tensor) -> Iterable[tuple[Tensor, ...]]:
    """Split tensors along the batch, on the CPU, into parts that stay in the cache with what is computed between.

    A third of the time: large tensors in between are also given back to the system and fetched again at every step.
    """
    first = tensors[0]
    if first.device.type != "cpu" or first.numel() <= _BLOCK:
        return [tensors]
    images = max(1, _BLOCK * first.shape[0] // first.numel())
    return zip(*(tensor.split(images) for tensor in tensors))


_BLOCK = 2**18  # elements; 1 MiB of float32


def _inverse_power(s: Tensor, beta: float) -> Tensor:
    """s ** -beta in new memory; 0.75, the usual beta, by two square roots in a fifth of the time."""
    if beta != 0.75:
        return s.pow(-beta)
    root = s.rsqrt()
    return root.sqrt().mul_(root)


def _window_sum(
    u: Tensor, axes: Sequence[int], size: int, scale: float = 1.0, offset: float = 0.0, out: Tensor | None = None
) -> Tensor:
    """offset + scale * the sum of u over a window of ``size`` around each element, along each of ``axes``.

    By adding shifted slices, which in either memory format runs at the speed of memory; pooling does not.
    """
    *others, last = axes
    for axis in others:
        u = _window_sum(u, (axis,), size)
    total = torch.add(u.new_full((), offset), u, alpha=scale, out=out)
    length = u.shape[last]
    for shift in range(1, min(size // 2, length - 1) + 1):
        rest = length - shift
        total.narrow(last, shift, rest).add_(u.narrow(last, 0, rest), alpha=scale)
        total.narrow(last, 0, rest).add_(u.narrow(last, shift, rest), alpha=scale)
    return total


def local_response_norm_within(x: Tensor, size: int, alpha: float, beta: float) -> Tensor:
    """Caffe's LRN WITHIN_CHANNEL: each pixel by the mean of squares in a square of side ``size`` around it."""
    squares = F.avg_pool2d(x * x, size, stride=1, padding=size // 2, count_include_pad=True)
    return x * (1 + alpha * squares) ** -beta
