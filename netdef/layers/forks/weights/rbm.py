"""RBMInnerProduct and BernoulliSample: restricted Boltzmann machines. Of a pull request to BVLC/caffe (zalando, 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.inner_product import InnerProduct
from netdef.schema.messages import LayerParameter

_PARAM = "rbm_inner_product_param"
_PARTS = {"hidden_activation_layer_param": "Sigmoid", "hidden_sampling_layer_param": "BernoulliSample",
          "visible_activation_layer_param": "Sigmoid", "visible_sampling_layer_param": "BernoulliSample"}


@register("BernoulliSample")
class BernoulliSample(Layer):
    """1 with the probability that the bottom says, else 0, drawn anew in each pass. No gradient."""

    keeps_shape = True

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        return torch.bernoulli(x)


@register("RBMInnerProduct")
class RBMInnerProduct(InnerProduct):
    """An InnerProduct, the connection, whose weights are learned by contrastive divergence (Hinton 2002), in TEST, too.

    Tops: the hidden numbers, these activated, and these drawn, as many of them as the text has beside one for each
    ``loss_measure``, the first reconstruction of the bottom. With ``forward_is_update`` the numbers are those at the end of
    ``sample_steps_in_update`` steps down and up. Blobs: those of the InnerProduct, and with ``visible_bias_term`` the bias (1,
    bottom) of the way down.

    The gradient of the blobs is the fork's, whatever the loss: ``h v`` at the end less that at the beginning, h the activated
    hidden numbers, summed over the batch. It comes once for a backward pass that reaches a top. The bottom's is the first
    top's by the way down, with the bias. Without ``forward_is_update`` the blobs get none, and tops of ``loss_measure`` are
    zeros. Of connections only InnerProduct is implemented, of activations Sigmoid, of drawing BernoulliSample.
    """

    n_bottoms = exactly(1)
    n_tops = at_least(1)
    pruned_by_default = False
    fresh_output = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        param = spec.message.rbm_inner_product_param
        connection = param.connection_layer_param
        if connection.type != "InnerProduct":
            raise spec.refuse("wants a `connection_layer_param` of type InnerProduct; others are not implemented", _PARAM)
        message = LayerParameter(name=spec.name, type=spec.type, inner_product_param=connection.inner_product_param)
        place = spec.where.child(_PARAM).child("connection_layer_param")
        super().__init__(replace(spec, message=message, where=place), shapes)
        if self.axis != 1 or self.transpose:
            raise spec.refuse("wants a connection of `axis` 1 without `transpose`", _PARAM, "connection_layer_param")
        for field, kind in _PARTS.items():
            if param.HasField(field) and getattr(param, field).type != kind:
                raise spec.refuse(f"has a `{field}` of type {getattr(param, field).type}; only {kind} is implemented",
                                  _PARAM, field)
            setattr(self, field.removesuffix("_layer_param"), param.HasField(field))
        measures = [param.LossMeasure.Name(measure) for measure in param.loss_measure]
        if "FREE_ENERGY" in measures:
            raise spec.refuse("has `loss_measure: FREE_ENERGY`, which its fork never implemented", _PARAM, "loss_measure")
        self.errors, self.tops = len(measures), len(spec.tops)
        if not self.errors <= self.tops <= self.errors + 3:
            raise spec.refuse(f"has {self.tops} tops; with {self.errors} `loss_measure` it takes {self.errors} to "
                              f"{self.errors + 3}", "top")
        self.updates: bool = param.forward_is_update
        self.steps: int = param.sample_steps_in_update
        if param.visible_bias_term:
            self.add_blob("visible_bias", (1, *shapes[0][1:]), filler(spec, _PARAM, "visible_bias_filler"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        hidden = (bottoms[0][0], self.outputs)
        return [*[hidden] * (self.tops - self.errors), *[bottoms[0]] * self.errors]

    def forward(self, x: Tensor, *given: Tensor) -> Any:  # one top, or a tuple of them
        blobs = [self.blob(name) for name in self.blob_names]
        with torch.no_grad():
            start = x.flatten(1)
            hidden, error, visible = self.up(start), torch.zeros_like(start), start
            first = hidden[1]
            for step in range(self.steps if self.updates else 0):
                visible, probability = self.down(hidden[2])
                error = probability if step == 0 else error
                hidden = self.up(visible)
            tops = [*hidden[: self.tops - self.errors], *(error.reshape(x.shape) for _ in range(self.errors))]
            before, after = (self.slopes(*pair) for pair in ((first, start), (hidden[1], visible)))
            slopes = [b - a for a, b in zip(before, after)] if self.updates else [torch.zeros_like(blob) for blob in blobs]
            tops = [top.clone() for top in tops]
        with_bias, with_hidden = "visible_bias" in self.blob_names, self.tops > self.errors
        made = _ContrastiveDivergence.apply(x, with_bias, with_hidden, len(blobs), *blobs, *slopes, *tops)
        return made if self.tops > 1 else made[0]

    def up(self, visible: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The hidden numbers of the visible ones: as they are, activated, and drawn."""
        plain = self.compute(visible, self.blob("weight"), self.optional_blob("bias"))
        active = plain.sigmoid() if self.hidden_activation else plain
        return plain, active, torch.bernoulli(active) if self.hidden_sampling else active

    def down(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """The visible numbers of the hidden ones: drawn, and activated."""
        plain = hidden @ self.blob("weight")
        if "visible_bias" in self.blob_names:
            plain = plain + self.blob("visible_bias").flatten(1)
        active = plain.sigmoid() if self.visible_activation else plain
        return torch.bernoulli(active) if self.visible_sampling else active, active

    def slopes(self, hidden: Tensor, visible: Tensor) -> list[Tensor]:
        """For each blob the products of hidden and visible numbers, summed over the batch."""
        found = {"weight": hidden.t() @ visible, "bias": hidden.sum(0), "visible_bias": visible.sum(0)}
        return [found[name].reshape(blob.shape) for name, blob in zip(self.blob_names, self.blobs)]

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        raise NotWritable("draws random numbers")


class _ContrastiveDivergence(torch.autograd.Function):
    """Tops with given gradients of the blobs. ``rest`` are the blobs, their gradients and the tops."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, with_bias: bool, with_hidden: bool, count: int, *rest: Tensor) -> tuple[Tensor, ...]:
        ctx.save_for_backward(rest[0], *rest[count - with_bias : 2 * count])
        ctx.shape, ctx.count, ctx.rest = x.shape, count, len(rest)
        ctx.with_bias, ctx.with_hidden = with_bias, with_hidden
        return tuple(top.clone() for top in rest[2 * count :])

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, ...]:
        weight, *slopes = ctx.saved_tensors
        bias = slopes.pop(0).flatten(1) if ctx.with_bias else weight.new_zeros(1, weight.shape[1])
        down = None
        if ctx.needs_input_grad[0]:
            down = bias + (outer[0] @ weight if ctx.with_hidden else weight.new_zeros(ctx.shape[0], weight.shape[1]))
            down = down.reshape(ctx.shape)
        return down, None, None, None, *slopes, *[None] * (ctx.rest - ctx.count)
