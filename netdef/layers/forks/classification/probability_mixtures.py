"""Probabilities of branches, mixed by those of the branches, and their loss. Of HD-CNN (Yan et al. 2015; stephenyan1231)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.multinomial_logistic_loss import MultinomialLogisticLoss


@register("ProbabilisticAverageProb")
class ProbabilisticAverageProb(Layer):
    """Bottoms (N, *shape), then (N, branches): the sum of the bottoms, each times its column of the last."""

    n_bottoms = at_least(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        *branches, weights = shapes
        for index, shape in enumerate(branches):
            if shape != shapes[0]:
                raise refuse_shapes(spec, shapes, index, "the shapes of all but the last must be equal")
        if weights[:2] != (shapes[0][0], len(branches)) or set(weights[2:]) - {1}:
            raise refuse_shapes(spec, shapes, len(branches), f"the last wants {len(branches)} numbers an item, one a branch")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]]

    def forward(self, *bottoms: Tensor) -> Tensor:
        *branches, weights = bottoms
        return (torch.stack(branches, 1) * weights.reshape(*weights.shape[:2], *[1] * (branches[0].ndim - 1))).sum(1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        *branches, weights = bottoms
        ones = ", 1" * (len(branches[0].shape) - 1)
        return TorchCode(f"(torch.stack(({', '.join(branches)},), 1) * {weights}.reshape(-1, {len(branches)}{ones})).sum(1)")


@register("CompactProbabilisticAverageProb")
class CompactProbabilisticAverageProb(Layer):
    """The same of branches that know some classes each: (N, classes of the branch, H, W) to (N, num_class, H, W).

    The last bottom is (N, branches, H, W); without H and W there are two axes. Channel k of a branch is the class ``class_id`` k.
    (The fork's gradient is right where H and W are 1; here it is everywhere.)
    """

    n_bottoms = at_least(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        field = "compact_probabilistic_average_prob_layer_param"
        param = spec.message.compact_probabilistic_average_prob_layer_param
        check_least_axes(spec, shapes, 2)
        self.classes: int = param.num_class
        self.ids = [list(branch.class_id) for branch in param.compact_classify_layer_param]
        if len(self.ids) != len(shapes) - 1:
            raise spec.refuse(f"has {len(self.ids)} `compact_classify_layer_param` and {len(shapes) - 1} branches", field)
        if any(number >= self.classes for ids in self.ids for number in ids):
            raise spec.refuse(f"has a `class_id` that is not below `num_class`, {self.classes}", field)
        for index, (shape, count) in enumerate(zip(shapes, [*map(len, self.ids), len(self.ids)])):
            if shape != (shapes[0][0], count, *shapes[0][2:]):
                raise refuse_shapes(spec, shapes, index, f"bottom {index} wants {count} channels, and the sizes of the first")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.classes, *bottoms[0][2:])]

    def forward(self, *bottoms: Tensor) -> Tensor:
        *branches, weights = bottoms
        top = weights.new_zeros(len(weights), self.classes, *weights.shape[2:])
        for index, (branch, ids) in enumerate(zip(branches, self.ids)):
            places = torch.tensor(ids, dtype=torch.long, device=branch.device)
            top = top.index_add(1, places, branch * weights[:, index : index + 1])
        return top


@register("MultinomialLogisticSparsityLoss")
class MultinomialLogisticSparsityLoss(MultinomialLogisticLoss):
    """MultinomialLogisticLoss, and ``sparsity_lamda`` / 2 times a sum of squares: of each ``target_sparsity`` less a mean.

    The means are those of the columns of the third bottom, (N, branches), the probabilities of the branches.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:2])
        param = spec.message.multinomial_logistic_sparsity_loss_param
        self.factor: float = param.sparsity_lamda
        self.targets = list(param.target_sparsity)
        if shapes[2][:2] != (shapes[0][0], len(self.targets)) or set(shapes[2][2:]) - {1}:
            raise refuse_shapes(spec, shapes, 2, f"the third wants {len(self.targets)} numbers an item, one a `target_sparsity`")

    def forward(self, probabilities: Tensor, labels: Tensor, branches: Tensor) -> Tensor:  # type: ignore[override]
        missed = branches.new_tensor(self.targets) - branches.flatten(1).mean(0)
        return super().forward(probabilities, labels) + self.factor / 2 * missed.square().sum()
