"""DenseCRF: the mean field of a dense conditional random field (Kraehenbuehl and Koltun 2011) over scores of pixels."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_at_least, check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.segmentation.meanfield import places
from netdef.layers.forks.segmentation.permutohedral import PermutohedralLattice

PARAM, LABELS = "dense_crf_param", "densecrf_param"
_STEPS = 10  # of CCNN's


@register("DenseCRF")
class DenseCRF(Layer):
    """``max_iter`` times ``Q = softmax(scores + sum of w filtered Q)``, Q at first the softmax of the scores. DeepLab, PSPNet.

    Bottoms: scores (N, C, H, W), the height and width of each image (N, 2, ...), and images (N, 3, H, W). Each ``pos_w`` weighs
    means over places, by a Gaussian of ``pos_xy_std``, each ``bi_w`` those over places and colours, of ``bi_xy_std`` and
    ``bi_rgb_std``; both through the permutohedral lattice. Of an image smaller than its plane only its own pixels count, and the
    others are 0. The top is Q, or with ``output_probability: false`` its logarithm. No gradient.
    """

    n_bottoms = between(2, 3)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.dense_crf_param
        check_axes(spec, shapes, 4)
        n, _, *plane = shapes[0]
        if len(shapes[1]) < 2 or shapes[1][:2] != (n, 2) or torch.Size(shapes[1]).numel() != 2 * n:
            raise refuse_shapes(spec, shapes, 1, "it has the height and width of each image")
        if len(shapes) == 3 and shapes[2] != (n, 3, *plane):
            raise refuse_shapes(spec, shapes, 2, "images must be as large, with 3 channels")
        for weights, widths in (("pos_w", "pos_xy_std"), ("bi_w", "bi_xy_std"), ("bi_w", "bi_rgb_std")):
            if len(getattr(param, weights)) != len(getattr(param, widths)):
                raise spec.refuse(f"has {len(getattr(param, weights))} `{weights}` and {len(getattr(param, widths))} `{widths}`",
                                  PARAM)
            for i, width in enumerate(getattr(param, widths)):
                check_above_zero(spec, width, PARAM, widths, i)
        if len(shapes) == 3 and not param.bi_w:
            raise spec.refuse("has images, and no `bi_w`", PARAM)
        check_at_least(spec, param.max_iter, 0, PARAM, "max_iter")
        self.steps, self.as_chances = param.max_iter, param.output_probability
        self.near = list(zip(param.pos_w, param.pos_xy_std))
        self.alike = list(zip(param.bi_w, param.bi_xy_std, param.bi_rgb_std)) if len(shapes) == 3 else []

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]]

    @torch.no_grad()
    def forward(self, scores: Tensor, sizes: Tensor, *images: Tensor) -> Tensor:
        top = torch.zeros_like(scores)
        if scores.is_meta:
            return top
        for i, (height, width) in enumerate(sizes.reshape(-1, 2).long().tolist()):
            if scores.shape[2] <= height and scores.shape[3] <= width:
                height, width = scores.shape[2:]
            own = scores[i, :, :height, :width]
            filters = [(weight, places(own) / width_xy) for weight, width_xy in self.near]
            if images:
                colours = images[0][i, :, :height, :width].flatten(1).T.float()
                filters += [(weight, torch.cat((places(own) / xy, colours / rgb), 1)) for weight, xy, rgb in self.alike]
            field = mean_field(own.flatten(1).T.float(), filters, self.steps).T.reshape(own.shape)
            top[i, :, :height, :width] = field if self.as_chances else field.clamp(min=torch.finfo(torch.float32).tiny).log()
        return top


@register("DenseCRF", when=lambda spec: spec.message.HasField(LABELS))
class DenseCRFLabels(Layer):
    """The class of each pixel, (N, 1, H, W), after 10 steps of the mean field of `DenseCRF`. CCNN, Pathak et al. 2015.

    Bottoms: scores (N, C, H, W) and images (N, 3, H, W) of colours B, G, R, from 0 to 255, whose fractions are cut off.
    """

    n_bottoms = exactly(2)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.densecrf_param
        check_axes(spec, shapes, 4)
        if shapes[1] != (shapes[0][0], 3, *shapes[0][2:]):
            raise refuse_shapes(spec, shapes, 1, "images must be as large, with 3 channels")
        for name in ("x_gauss", "y_gauss", "x_bilateral", "y_bilateral", "r_bilateral", "g_bilateral", "b_bilateral"):
            check_above_zero(spec, getattr(param, name), LABELS, name)
        self.weights = param.wt_gauss, param.wt_bilateral
        self.near = [param.x_gauss, param.y_gauss]
        self.alike = [param.x_bilateral, param.y_bilateral, param.b_bilateral, param.g_bilateral, param.r_bilateral]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1, *bottoms[0][2:])]

    @torch.no_grad()
    def forward(self, scores: Tensor, images: Tensor) -> Tensor:
        if scores.is_meta:
            return scores[:, :1]
        near = places(scores) / scores.new_tensor(self.near).float()
        labels = []
        for own, image in zip(scores, images):
            alike = torch.cat((places(own), image.flatten(1).T.float().trunc()), 1) / scores.new_tensor(self.alike).float()
            filters = list(zip(self.weights, (near, alike)))
            labels.append(mean_field(own.flatten(1).T.float(), filters, _STEPS).argmax(1).reshape(1, *own.shape[1:]))
        return torch.stack(labels).to(scores.dtype)


def mean_field(scores: Tensor, filters: Sequence[tuple[float, Tensor]], steps: int) -> Tensor:
    """The chances (points, C) after steps from the softmax of scores, with filters of a weight and features (points, d)."""
    lattices = [(weight, PermutohedralLattice(features)) for weight, features in filters]
    chances = scores.softmax(1)
    for _ in range(steps):
        chances = (scores + sum(weight * lattice.normalized(chances) for weight, lattice in lattices)).softmax(1)
    return chances
