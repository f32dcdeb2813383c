"""Features and weights of length 1, of happynear's fork (NormFace, Wang et al. 2017; AM-Softmax, Wang et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.inner_product import InnerProduct

_EPS = 1e-12  # added to the squares of weights, as on a GPU there
_ROUNDING = 2e-6  # nearer to 1 a sum of squares is 1, so that weights do not change from pass to pass
_KINDS = ("L2", "L1")


@register("Normalize", when=lambda spec: spec.message.HasField("normalize_param"))
class UnitLength(Layer):
    """Every place of (N, C, H, W) over the length of its C values: ``sqrt(sum(x^2) + 1e-6)``, or the L1 norm plus 1e-6.

    A second top has the lengths, (N, 1, H, W); gradients come back through it only with ``bp_norm``. The tops have four
    axes, as in the fork. SSD's Normalize has a ``norm_param`` instead, and a blob.
    """

    n_tops = between(1, 2)
    family = "norm"
    needs_float32 = True  # squares overflow float16

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.normalize_param
        if param.normalize_type not in _KINDS:
            raise spec.refuse(f"has `normalize_type` \"{param.normalize_type}\"; it is {' or '.join(_KINDS)}",
                              "normalize_param", "normalize_type")
        if not 2 <= len(shapes[0]) <= 4:
            raise spec.refuse(f"wants a bottom of 2 to 4 axes; it has shape {shapes[0]}", "bottom", 0)
        if param.fix_gradient:
            raise spec.refuse("has `fix_gradient`, which is not implemented", "normalize_param", "fix_gradient")
        self.kind: str = param.normalize_type
        self.with_lengths, self.lengths_learn = len(spec.tops) == 2, param.bp_norm

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        x = x.reshape(*x.shape, *[1] * (4 - x.ndim))
        lengths = channel_lengths(x, self.kind)
        if not self.with_lengths:
            return x / lengths
        return x / lengths, lengths if self.lengths_learn else lengths.detach()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0] if len(bottoms[0].shape) == 4 else f"{bottoms[0]}{'[..., None]' * (4 - len(bottoms[0].shape))}"
        lengths = f"channel_lengths({x}, {self.kind!r})"
        top = f"{x} / {lengths}" + (f", {lengths}" if self.with_lengths else "")
        return TorchCode(top, functions=(channel_lengths,))


def channel_lengths(x: Tensor, kind: str) -> Tensor:
    """The length of the values of axis 1 of each place, L1 or L2, with happynear's small number in it."""
    if kind == "L1":
        return x.abs().sum(1, keepdim=True) + 1e-6
    return (x.square().sum(1, keepdim=True) + 1e-6).sqrt()


@register("ChannelScale")
class ChannelScale(Layer):
    """Every place of the first bottom, (N, C, ...), times one number: the second has N of them for each place.

    Without ``do_forward`` the top is the first bottom; without ``do_backward_feature`` its gradient is passed on as it is;
    without ``do_backward_scale`` the second bottom has none.
    """

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (x, scale) = spec.message.channel_scale_param, shapes
        self.place: Shape = (*x[:1], 1, *x[2:])
        if len(x) < 2 or scale[:1] != x[:1] or torch.Size(scale).numel() != torch.Size(self.place).numel():
            raise refuse_shapes(spec, shapes, 1, f"it wants one number for each place, {self.place}")
        if param.global_scale:
            raise spec.refuse("has `global_scale`, which is not implemented", "channel_scale_param", "global_scale")
        self.scales, self.scales_gradient, self.learns = param.do_forward, param.do_backward_feature, param.do_backward_scale

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, x: Tensor, scale: Tensor) -> Tensor:
        factor = scale.reshape(x.shape[0], 1, *x.shape[2:])
        forward = factor if self.scales else torch.ones_like(factor)
        if self.scales and self.scales_gradient and self.learns:
            return x * factor
        top = (x * forward).detach()
        parts = x * factor.detach() if self.scales_gradient else x
        if self.learns:
            parts = parts + x.detach() * factor
        return top + (parts - parts.detach())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, scale = bottoms
        return TorchCode(f"{x} * {scale}.reshape({x}.shape[0], 1, *{x}.shape[2:])" if self.scales else f"{x}")


@register("InnerProduct", when=lambda spec: spec.message.inner_product_param.normalize)
class UnitInnerProduct(InnerProduct):
    """InnerProduct of which each output's weights are divided by their length.

    In training the weights themselves are, before each pass, and their gradient is that of the product, as in the fork; in
    TEST those that the pass uses.
    """

    n_bottoms = exactly(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if self.transpose:
            raise spec.refuse("has `normalize` and `transpose`; give one of them", "inner_product_param", "normalize")

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]  # it has one bottom
        if self.training:
            scale_rows_(self._in_own_shape("weight"))
            return super().forward(x)
        weight = self.blob("weight")
        return self.compute(x, weight / row_lengths(weight), self.optional_blob("bias"))

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        code = super().torch_code(me, bottoms)
        linear = code.state[""]
        weight = linear["weight"] / row_lengths(linear["weight"])
        return replace(code, state={"": {**linear, "weight": weight}})


@register("NormalizedInnerProduct")
class NormalizedInnerProduct(UnitInnerProduct):
    """InnerProduct with weights of length 1 unless ``normalize`` is false, and the weights as a second top. Of GuohongWu's."""

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.normalizes: bool = spec.message.normalized_inner_product_param.normalize
        self.with_weight = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [*super().top_shapes(bottoms), tuple(self.blob("weight").shape)][: 1 + self.with_weight]

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:  # type: ignore[override]  # it has one bottom
        if self.normalizes and self.training:
            scale_rows_(self._in_own_shape("weight"))
        weight = self.blob("weight")
        if self.normalizes and not self.training:
            weight = weight / row_lengths(weight)
        top = self.compute(x, weight, self.optional_blob("bias"))
        return (top, weight.clone()) if self.with_weight else top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        code = super().torch_code(me, bottoms) if self.normalizes else InnerProduct.torch_code(self, me, bottoms)
        return replace(code, call=f"{code.call}, {me}.weight") if self.with_weight else code


def scale_rows_(weight: Tensor) -> None:
    """Divide each row by its length, unseen by autograd.

    A layer that shares the weights may have kept them for its backward pass, and they stay as they are once their lengths
    are 1.
    """
    weight.data.div_(row_lengths(weight.data))


def row_lengths(weight: Tensor) -> Tensor:
    """The length of each row, 1 where it is so to rounding."""
    squares = weight.square().sum(1, keepdim=True) + _EPS
    return squares.sqrt().where((squares - 1).abs() > _ROUNDING, 1)
