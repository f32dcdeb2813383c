"""NormConvMeanfield: a mean field whose filters average within windows. Segmentation-aware nets, Harley et al. 2017."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.forks.segmentation.meanfield import fill_diagonal
from netdef.layers.forks.segmentation.patch_distances import patch_distances

PARAM = "norm_conv_meanfield_param"
_WINDOWS = ("bilateral", "spatial")


@register("NormConvMeanfield")
class NormConvMeanfield(Layer):
    """``num_iterations`` times ``Q = U - compatibility (spatial S + bilateral B)``, S and B averages of the softmax of Q.

    Bottoms: unaries U (N, C, H, W), the first Q, and maps (N, any, H, W) that tell how pixels differ, for B and for S. An average
    is over a window around each pixel, by the softmax of ``-scale`` times the distances of `Im2dist` (L2). ``kernel_size``,
    ``pad``, ``dilation``, ``scale``, ``remove_center`` and ``remove_bounds`` are given twice, for B and for S. The top, the last
    Q, is not normalised. Blobs: ``spatial``, ``bilateral``, the identity at first, and ``compatibility``, minus it.
    """

    n_bottoms = exactly(4)
    spatial: nn.Parameter
    bilateral: nn.Parameter
    compatibility: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(4):
            check_axes(spec, shapes, 4, index)
            if shapes[index][::2] != shapes[0][::2] or shapes[index][3] != shapes[0][3]:
                raise refuse_shapes(spec, shapes, index, "all must have as many items and places")
        check_same_shape(spec, shapes[:2])
        param = spec.message.norm_conv_meanfield_param
        self.iterations: int = param.num_iterations
        check_positive(spec, self.iterations, PARAM, "num_iterations")
        self.windows = [self._window(spec, index) for index in range(2)]
        classes = shapes[0][1]
        for name, value in (("spatial", 1.0), ("bilateral", 1.0), ("compatibility", -1.0)):
            self.add_blob(name, (1, 1, classes, classes), partial(fill_diagonal, values=[value] * classes))

    def _window(self, spec: LayerDefinition, index: int) -> tuple[dict[str, int], float, tuple[bool, bool]]:
        """The unfolding, the scale, and which distances are infinite, of one of the two averages."""
        param = spec.message.norm_conv_meanfield_param
        for name in ("kernel_size", "pad", "dilation", "scale", "remove_center", "remove_bounds"):
            if len(getattr(param, name)) != 2:
                raise spec.refuse(f"has {len(getattr(param, name))} `{name}`; it wants 2, for the {' and the '.join(_WINDOWS)} "
                                  "average", PARAM)
        size, pad, dilation = param.kernel_size[index], param.pad[index], param.dilation[index]
        if size < 1 or size % 2 == 0 or dilation < 1 or pad != size // 2 * dilation:
            raise spec.refuse(f"has a window of `kernel_size` {size}, `pad` {pad}, `dilation` {dilation}; its averages must be "
                              "as large as the bottoms", PARAM, "kernel_size", index)
        unfolding = {"kernel_size": size, "padding": pad, "dilation": dilation}
        return unfolding, param.scale[index], (param.remove_center[index], param.remove_bounds[index])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, unary: Tensor, first: Tensor, alike: Tensor, near: Tensor) -> Tensor:
        blobs = [self.blob(name)[0, 0] for name in self.blob_names]
        return mean_field(unary, first, (alike, near), self.windows, self.iterations, *blobs)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        unary, first, alike, near = bottoms
        blobs = {f"_{name}": self.blob(name) for name in self.blob_names}
        made = {suffix: f"nn.Parameter(torch.zeros({tuple(blob.shape)}))" for suffix, blob in blobs.items()}
        matrices = ", ".join(f"{me}{suffix}[0, 0]" for suffix in blobs)
        call = f"mean_field({unary}, {first}, ({alike}, {near}), {self.windows}, {self.iterations}, {matrices})"
        return TorchCode(call, made, {suffix: {"": blob} for suffix, blob in blobs.items()},
                         functions=(patch_distances, mean_field))


def mean_field(
    unary: Tensor, first: Tensor, maps: tuple, windows: list, iterations: int, spatial: Tensor, bilateral: Tensor,
    compatibility: Tensor,
) -> Tensor:
    """The last Q of `NormConvMeanfield`; ``windows`` has an unfolding, a scale and what is left out for each of the maps."""
    shares = []
    for one, (unfolding, scale, removed) in zip(maps, windows):
        distances = patch_distances(one, unfolding, unfolding["kernel_size"] ** 2 // 2, True, removed)
        shares.append((-scale * distances).softmax(1))
    size, q = first.shape[2:], first.flatten(2)
    for _ in range(iterations):
        guess = q.softmax(1).unflatten(2, size)
        of_alike, of_near = (
            torch.einsum("nckp,nkp->ncp", F.unfold(guess, **window[0]).unflatten(1, (guess.shape[1], -1)), share)
            for window, share in zip(windows, shares))
        q = unary.flatten(2) - compatibility @ (spatial @ of_near + bilateral @ of_alike)
    return q.unflatten(2, size)
