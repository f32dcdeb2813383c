"""LOTLoss, EntropyGmmLoss and MssimLoss: what a compressed image lost, and how many bits it takes. CCN, limuhit's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_count, check_same_shape, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import LotParameter


@register("LOTLoss")
class LOTLoss(Layer):
    """The mean of squares (L2), of absolute values with ``slope`` times the negative ones (L1, the default), or PSNR.

    Bottom 1 weighs the numbers, whose sum is then divided by that of the weights, or 1 if it is 0. PSNR is ``10 log10(255^2 /
    mean of squares)`` with the gradient of its logarithm's argument's inverse, ``10 x / (n mean)``, which lowers the mean: a net
    lowers this loss and the error. The gradient of L2 is x / n, half of the derivative, as in the fork.
    """

    n_bottoms = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_count(spec, shapes)
        param = spec.message.lot_param
        self.method: str = LotParameter.LotMethod.Name(param.method)
        self.slope: float = param.slope

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, weights: Tensor | None = None) -> Tensor:
        seen = x.detach()
        step = torch.where(seen < 0, -self.slope, seen.sign()) if self.method == "L1" else seen
        if weights is not None:
            step = step * weights.detach().reshape(x.shape)
            total = weights.detach().abs().sum()
            total = torch.where(total == 0, 1, total)
        else:
            total = seen.new_tensor(float(seen.numel()))
        loss, gradient = (step * seen).sum() / total, step / total
        if self.method == "PSNR":
            loss, gradient = 10 * (255.0**2 / loss).log10(), 10 * gradient / loss
        return with_gradient(loss, x, gradient)


@register("EntropyGmmLoss")
class EntropyGmmLoss(Layer):
    """The mean of ``-log(p + 1e-7)``, p the chance of a code's interval, code - 0.5 to code + 0.5, in a mixture of Gaussians.

    Bottoms: weights, deviations and means, as many for each code and side by side, and the codes. Deviations below 1e-5 count as
    1e-5, with a gradient. All bottoms get gradients.
    """

    n_bottoms = exactly(4)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_count(spec, shapes[:3])
        codes = math.prod(shapes[3])
        if not codes or math.prod(shapes[0]) % codes:
            raise refuse_shapes(spec, shapes, 3, "the weights must be as many for each code")

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return True

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, weights: Tensor, deviations: Tensor, means: Tensor, codes: Tensor) -> Tensor:
        codes = codes.reshape(-1, 1)
        weights, deviations, means = (x.reshape(len(codes), -1) for x in (weights, deviations, means))
        deviations = deviations + (deviations.clamp(min=1e-5) - deviations).detach()
        below, above = ((codes + half - means) / deviations / math.sqrt(2) for half in (-0.5, 0.5))
        chance = (weights * (torch.erf(above) - torch.erf(below)) / 2).sum(1)
        return -(chance + 1e-7).log().mean()


_SHARES = 0.0448, 0.2856, 0.3001, 0.2363, 0.1333  # exponents of the scales (Wang et al. 2003)
_SIDE, _DEVIATION = 11, 1.5
_LEAST = (_SIDE - 1) * 2 ** (len(_SHARES) - 1) + 16  # the shortest side: 11 places at the last scale


@register("MssimLoss")
class MssimLoss(Layer):
    """The similarity of images of values from 0 to 255 at five scales, MS-SSIM: 1 if they are equal. Bottom 1 gets no gradient.

    A negative ``loss_weight`` makes it a loss. Each scale has half the sides of the one before, an odd side's last row or
    column counted twice (the fork's gradient counts it once). If the mean similarity of a scale is not above 0 the top is 0,
    without a gradient.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        if min(shapes[0][2:]) < _LEAST:
            raise spec.refuse(f"compares images at five scales: wanted are at least {_LEAST} x {_LEAST}; `{spec.bottoms[0]}` has "
                              f"shape {shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        y, means = y.detach(), []
        for scale in range(len(_SHARES)):
            if scale:
                x, y = _halved(x), _halved(y)
            brightness, contrast = similarity(x, y)
            means.append((contrast if scale < len(_SHARES) - 1 else contrast * brightness).mean())
        found = torch.stack(means)
        return (found.clamp(min=1e-4) ** found.new_tensor(_SHARES)).prod() * (found > 0).all()


def similarity(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the similarity of brightness, and that of contrast and structure, of each window.

    A window has 11 x 11 places, weighted by a Gaussian.
    """
    mean_x, mean_y, square_x, square_y, product = (_smoothed(values) for values in (x, y, x * x, y * y, x * y))
    first, second = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    brightness = (2 * mean_x * mean_y + first) / (mean_x**2 + mean_y**2 + first)
    contrast = (2 * (product - mean_x * mean_y) + second) / (square_x - mean_x**2 + square_y - mean_y**2 + second)
    return brightness, contrast


def _smoothed(x: Tensor) -> Tensor:
    """Each channel's mean under a Gaussian in every window within the image."""
    places = torch.arange(_SIDE, dtype=x.dtype, device=x.device) - _SIDE // 2
    line = (-(places**2) / (2 * _DEVIATION**2)).exp()
    line = (line / line.sum())[None, None]
    columns = F.conv2d(x.flatten(0, 1)[:, None], line[..., None])
    return F.conv2d(columns, line[:, :, None]).reshape(*x.shape[:2], x.shape[2] - _SIDE + 1, x.shape[3] - _SIDE + 1)


def _halved(x: Tensor) -> Tensor:
    """The mean of each 2 x 2 places; an odd side's last row or column is repeated."""
    return F.avg_pool2d(F.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2), mode="replicate"), 2)
