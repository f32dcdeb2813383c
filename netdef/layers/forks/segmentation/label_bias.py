"""UniqueLabel, BiasChannel, AdaptiveBiasChannel: an image's labels, and scores raised by them. DeepLab (Papandreou 2015)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes, check_positive, check_share, refuse_shapes
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_UNIQUE, _BIAS, _ADAPTIVE = "unique_label_param", "bias_channel_param", "adaptive_bias_channel_param"


@register("UniqueLabel")
class UniqueLabel(Layer):
    """The labels that occur in each map of (N, 1, H, W), in order: (N, ``max_labels``, 1, 1), -1 behind the last.

    Without those of ``ignore_label``, with those of ``force_label`` in any case. No gradient.
    """

    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.unique_label_param
        check_axes(spec, shapes, 4)
        if shapes[0][1] != 1:
            raise refuse_shapes(spec, shapes, 0, "it wants one channel")
        self.ignored, self.forced, self.most = list(param.ignore_label), set(param.force_label), param.max_labels
        if self.most <= len(self.forced):
            raise spec.refuse(f"has `max_labels` {self.most}; it must be more than its {len(self.forced)} `force_label`", _UNIQUE,
                              *(["max_labels"] if param.HasField("max_labels") else []))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.most, 1, 1)]

    def forward(self, x: Tensor) -> Tensor:
        top = x.new_full((len(x), self.most, 1, 1), -1)
        if x.is_meta:
            return top
        for item, labels in zip(top, x.detach()):
            found = sorted((set(labels.unique().tolist()) - set(self.ignored)) | self.forced)
            if len(found) > self.most:
                raise NetdefError(f"layer `{self.name}` (UniqueLabel): a map has {len(found)} labels, and `max_labels` is "
                                  f"{self.most}")
            item[: len(found), 0, 0] = x.new_tensor(found)
        return top


@register("BiasChannel")
class BiasChannel(Layer):
    """Scores (N, C, H, W) with a bias added where labels say so; labels of -1 and of ``ignore_label`` add nothing.

    ``label_type`` IMAGE, labels (N, L, 1, 1): each adds to its whole channel, label 0 ``bg_bias``, others ``fg_bias``. PIXEL,
    labels (N, 1, H, W): at each place ``fg_bias`` to its label's channel, and, with ``background_label`` or ``bg_bias`` in the
    text, ``bg_bias`` to that of the background, which then has that alone.
    """

    n_bottoms = exactly(2)
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.bias_channel_param
        for index in range(2):
            check_axes(spec, shapes, 4, index)
        (n, self.classes, *plane), (m, count, *sizes) = shapes
        self.of_images = param.label_type == param.IMAGE
        if m != n or (sizes != [1, 1] if self.of_images else (count, sizes) != (1, plane)):
            wanted = "labels (N, L, 1, 1)" if self.of_images else "a label for each place"
            raise refuse_shapes(spec, shapes, 1, f"it wants {wanted}")
        for field in ("bg_bias", "fg_bias"):
            check_at_least(spec, getattr(param, field), 0, _BIAS, field)
        self.ignored = {-1, *param.ignore_label}
        self.behind, self.before = param.bg_bias, param.fg_bias
        has_background = param.HasField("background_label") or param.HasField("bg_bias")
        self.background = 0 if self.of_images else param.background_label if has_background else None
        if self.background is not None and not 0 <= self.background < self.classes:
            raise spec.refuse(f"has `background_label` {self.background}, which is none of its {self.classes} classes", _BIAS,
                              "background_label")

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        labels = labels.detach().long()
        counted = torch.stack([labels != label for label in self.ignored]).all(0)
        classes = labels.where(counted, 0)
        check_classes(self, classes, self.classes)
        found = (F.one_hot(classes, self.classes) * counted[..., None]).sum(1).movedim(-1, 1).to(x.dtype)
        bias = found * self.before
        if self.background is not None:
            places = found[:, self.background] if self.of_images else found.sum(1)
            bias[:, self.background] = places * self.behind
        return x + bias


@register("AdaptiveBiasChannel")
class AdaptiveBiasChannel(Layer):
    """Scores (N, C, H, W) raised until the labels (N, L, 1, 1) of each image win a share of its places. No gradient.

    ``num_iter`` times, label 0 first and the others in an order drawn anew: the label's scores rise by the value below which
    ``bg_portion`` (label 0) or ``fg_portion`` of their distances to the highest score lie. At the end all scores of the image
    are shifted, so that the mean of the highest is what it was. ``suppress_others`` first brings the scores of other classes
    that are above the least of the labels to ``margin_others`` below it. An image without labels, all -1, stays as it is.
    """

    n_bottoms = exactly(2)
    keeps_shape = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.adaptive_bias_channel_param
        for index in range(2):
            check_axes(spec, shapes, 4, index)
        if shapes[1][0] != shapes[0][0] or shapes[1][2:] != (1, 1):
            raise refuse_shapes(spec, shapes, 1, "it wants labels (N, L, 1, 1)")
        if shapes[0][1] < 2:
            raise refuse_shapes(spec, shapes, 0, "it wants at least 2 channels")
        check_positive(spec, param.num_iter, _ADAPTIVE, "num_iter")
        check_at_least(spec, param.margin_others, 0, _ADAPTIVE, "margin_others")
        for field in ("bg_portion", "fg_portion"):
            check_share(spec, getattr(param, field), _ADAPTIVE, field)
        self.count, self.suppresses, self.margin = param.num_iter, param.suppress_others, param.margin_others
        self.portions = (param.bg_portion, param.fg_portion)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        top = x.detach().clone()
        if x.is_meta:
            return top
        labels = labels.detach().flatten(1).long()
        check_classes(self, labels.where(labels != -1, 0), x.shape[1])
        for scores, found in zip(top.flatten(2), labels):
            present = found[found != -1].unique()
            if len(present):
                self._raise(scores, present)
        return top

    def _raise(self, scores: Tensor, labels: Tensor) -> None:
        """Raise the labels' scores (C, places) in place."""
        if self.suppresses:
            least = scores[labels].amin(0)
            others = torch.ones(len(scores), dtype=torch.bool, device=scores.device)
            others[labels] = False
            scores[:] = scores.where(~(others[:, None] & (scores > least)), least - self.margin)
        highest = scores[labels].amax(0)
        mean = highest.mean()
        for _ in range(self.count):
            order = labels[torch.randperm(len(labels))].tolist()
            for label in sorted(order, key=bool):
                distances = (highest - scores[label]).sort()[0]
                scores[label] += distances[int(self.portions[bool(label)] * len(distances))]
                highest = torch.maximum(highest, scores[label])
        scores += mean - highest.mean()
