"""RandomMaclaurin: the product of two blobs' random projections, as randomised multilinear maps have it. MAF (He-Zhenwei)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_least_axes, check_positive, check_same_batch
from netdef.layers.core.fillers import Fill, constant, fill_of
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import FillerParameter

PARAM = "random_maclaurin_param"


@register("RandomMaclaurin")
class RandomMaclaurin(Layer):
    """``(a A) (b B) / s`` with random matrices A and B, the blobs: items (N, ...) and (N, ...) to (N, num_output).

    ``distribution_type``: "bernoulli" draws 0 or 1, s being num_output; "gaussian" draws with deviations ``std1`` and ``std2``,
    which s is times; "uniform" from ``a1`` to ``b1`` and from ``a2`` to ``b2``, s being num_output b1 b2 / 3. The pass of
    training after each ``epoch_size`` others draws both anew; snapshots keep the count. As in the fork no gradient goes to the
    first bottom. The matrices are not learned; in the fork the decay of weights shrinks them.
    """

    n_bottoms = exactly(2)
    family = "join"
    first: Tensor
    second: Tensor
    age: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.random_maclaurin_param
        for index in range(2):
            check_least_axes(spec, shapes, 2, index)
        check_same_batch(spec, shapes)
        self.outputs: int = param.num_output
        check_positive(spec, self.outputs, PARAM, "num_output")
        self.draws, factor = _draws(spec)
        self.divisor = self.outputs * factor
        self.period: int = param.epoch_size
        for name, shape, draw in zip(("first", "second"), shapes, self.draws):
            self.add_blob(name, (math.prod(shape[1:]), self.outputs), draw, learnable=False)
        self.add_constant("age", (1, 1), constant(0.0))
        self.carried = ("age",)
        self.depends_on_data = spec.phase == "TRAIN"  # now and then a pass draws

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.outputs)]

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        if self.training:
            self._grow_older()
        return a.detach().flatten(1) @ self.blob("first") * (b.flatten(1) @ self.blob("second")) / self.divisor

    @torch.no_grad()
    def _grow_older(self) -> None:
        """Count the pass, or draw both matrices anew after a period."""
        if self.age.is_meta:
            return
        if self.age.item() < self.period:
            self.age = self.age + 1
            return
        for name, draw in zip(("first", "second"), self.draws):
            draw(getattr(self, name))
        self.age = torch.zeros_like(self.age)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        blobs = {f"_{name}": getattr(self, name) for name in ("first", "second")}
        made = {suffix: f"nn.Buffer(torch.zeros({tuple(blob.shape)}))" for suffix, blob in blobs.items()}
        call = f"{bottoms[0]}.flatten(1) @ {me}_first * ({bottoms[1]}.flatten(1) @ {me}_second) / {self.divisor}"
        return TorchCode(call, made, {suffix: {"": blob} for suffix, blob in blobs.items()})


def _draws(spec: LayerDefinition) -> tuple[list[Fill], float]:
    """What draws the two matrices, and what the divisor is times. Refuses distributions of which that is not above 0."""
    param = spec.message.random_maclaurin_param
    kind = param.distribution_type
    if kind == "bernoulli":
        return [_bernoulli, _bernoulli], 1.0
    if kind not in ("gaussian", "uniform"):
        raise spec.refuse(f'has the `distribution_type` "{kind}"; it is "bernoulli", "gaussian" or "uniform"', PARAM,
                          "distribution_type")
    for name in ("std1", "std2") if kind == "gaussian" else ("b1", "b2"):
        check_above_zero(spec, getattr(param, name), PARAM, name)
    if kind == "gaussian":
        fillers = [FillerParameter(type=kind, std=std) for std in (param.std1, param.std2)]
        return [fill_of(filler, spec, PARAM) for filler in fillers], param.std1 * param.std2
    fillers = [FillerParameter(type=kind, min=param.a1, max=param.b1), FillerParameter(type=kind, min=param.a2, max=param.b2)]
    return [fill_of(filler, spec, PARAM) for filler in fillers], param.b1 * param.b2 / 3


@torch.no_grad()
def _bernoulli(blob: Tensor) -> None:
    blob.bernoulli_(0.5)
