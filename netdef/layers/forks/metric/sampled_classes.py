"""RandomSamplingSoftmaxLoss and TargetSampling: the true class and some others. Person search (ShuangLI59)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive, check_same_batch
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.softmax_loss import SoftmaxWithLoss

PARAM = "rss_loss_param"
SAMPLING = "target_sampling_param"


@register("RandomSamplingSoftmaxLoss")
class RandomSamplingSoftmaxLoss(SoftmaxWithLoss):
    """SoftmaxWithLoss over ``random_sampling_num`` classes of each prediction, in TEST, too.

    They are its label, the last class, which is the background, and others: drawn at random, or those with the largest scores
    if ``random_sampling_policy`` is "topk". Of equal scores the last are the largest. Other classes get no gradient.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.rss_loss_param
        self.count: int = param.random_sampling_num
        self.policy = param.random_sampling_policy
        if self.policy not in ("random", "topk"):
            raise spec.refuse(f'has `random_sampling_policy` "{self.policy}"; "random" and "topk" are known',
                              PARAM, "random_sampling_policy")
        classes = shapes[0][self.axis]
        if not 2 <= self.count < classes:
            raise spec.refuse(f"has `random_sampling_num` {self.count}; it must be at least 2 and below its {classes} classes",
                              PARAM, *(["random_sampling_num"] if param.HasField("random_sampling_num") else []))

    def forward(self, scores: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        return super().forward(scores.masked_fill(~self._chosen(scores.detach(), labels), -torch.inf), labels)

    def _chosen(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Whether a class is in the softmax of its prediction. Labels that are no class count as the nearest."""
        last = scores.shape[self.axis] - 1
        labels = labels.long().reshape(scores.shape[: self.axis] + scores.shape[self.axis + 1 :]).unsqueeze(self.axis)
        keys = scores.clone() if self.policy == "topk" else torch.rand_like(scores)
        keys = keys.scatter(self.axis, labels.clamp(0, last), torch.inf)
        keys.narrow(self.axis, last, 1).fill_(torch.inf)
        ranked = last - keys.flip(self.axis).argsort(stable=True, dim=self.axis, descending=True)
        return torch.zeros_like(scores, dtype=torch.bool).scatter(self.axis, ranked.narrow(self.axis, 0, self.count), True)


@register("TargetSampling")
class TargetSampling(Layer):
    """The scores (N, num_sampling) of an item's label and of others of its classes, drawn at random, and new labels.

    The new label is 0, since the true class comes first. An item whose label is no class has scores 0 and the label -1.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_least_axes(spec, shapes[:1], 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.target_sampling_param
        self.count: int = param.num_sampling
        check_positive(spec, self.count, SAMPLING, "num_sampling")
        classes = torch.Size(shapes[0][1:]).numel()
        if self.count > classes:
            raise spec.refuse(f"has `num_sampling` {self.count}, more than its {classes} classes",
                              SAMPLING, *(["num_sampling"] if param.HasField("num_sampling") else []))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.count), bottoms[1]]

    def forward(self, scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        return sample_targets(scores, labels, self.count)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"sample_targets({bottoms[0]}, {bottoms[1]}, {self.count})", functions=(sample_targets, sample_classes))


def sample_classes(labels: Tensor, classes: int, count: int) -> Tensor:
    """For each label (N,) ``count`` numbers of classes: itself, then others drawn at random."""
    keys = torch.rand(len(labels), classes, device=labels.device).scatter(1, labels.unsqueeze(1), 2.0)
    return keys.topk(count, 1).indices


def sample_targets(scores: Tensor, labels: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """``count`` scores of each item, that of its label first, and 0 as its new label; zeros and -1 if that is no class."""
    rows, numbers = scores.flatten(1), labels.detach().flatten().long()
    known = (numbers >= 0) & (numbers < rows.shape[1])
    chosen = sample_classes(numbers.clamp(0, rows.shape[1] - 1), rows.shape[1], count)
    return rows.gather(1, chosen).masked_fill(~known.unsqueeze(1), 0), (known.to(scores) - 1).reshape(labels.shape)
