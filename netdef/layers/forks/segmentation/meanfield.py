"""MultiStageMeanfield: the mean field of a dense conditional random field as layers of a net. CRF-RNN, Zheng et al. 2015."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

import torch
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_positive, check_same_shape, refuse_shapes
from netdef.layers.core.fillers import Fill
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.segmentation.permutohedral import PermutohedralLattice


@register("MultiStageMeanfield")
class MultiStageMeanfield(Layer):
    """``num_iterations`` times ``Q = U - compatibility (spatial S + bilateral B)``, S and B filtered softmaxes of Q.

    Bottoms: unaries U (N, C, H, W), the first Q, and the image (N, 3, H, W) as the net sees it. S averages over places by
    a Gaussian of ``theta_gamma``, B over places by ``theta_alpha`` and colours by ``theta_beta``, both through the
    permutohedral lattice, whose numbers are not quite a Gaussian's. The top is the last Q, not normalised.

    Blobs, each (1, 1, C, C): ``spatial``, ``bilateral``, ``compatibility``. They begin as diagonals, of the numbers in
    ``spatial_filter_weights_str`` and ``bilateral_filter_weights_str`` or of the single ``..._filter_weight``, and as minus
    the identity. (The first version reads files of the working directory instead, spatial.par and bilateral.par.) The fork
    reads the softmax of the first image for all of a batch; here each has its own. No gradient goes to the image.
    """

    n_bottoms = exactly(3)
    depends_on_data = True
    param: ClassVar[str] = "multi_stage_meanfield_param"
    colours: ClassVar[int | None] = 3
    spatial: nn.Parameter
    bilateral: nn.Parameter
    compatibility: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = getattr(spec.message, self.param)
        for index in range(3):
            check_axes(spec, shapes, 4, index)
        n, classes, *plane = shapes[0]
        check_same_shape(spec, shapes[:2])
        if shapes[2] != (n, self.colours or shapes[2][1], *plane):
            raise refuse_shapes(spec, shapes, 2, "the image must be as large" + (", with 3 channels" if self.colours else ""))
        if param.Mode.Name(param.compatibility_mode) != "POTTS":
            raise spec.refuse("has a `compatibility_mode` other than POTTS, which is all that there is", self.param,
                              "compatibility_mode")
        for name in ("theta_alpha", "theta_beta", "theta_gamma"):
            check_above_zero(spec, getattr(param, name), self.param, name)
        check_positive(spec, param.num_iterations, self.param, "num_iterations")
        self.reach = param.theta_gamma, param.theta_alpha, param.theta_beta
        self.iterations: int = param.num_iterations
        for name in ("spatial", "bilateral"):
            self.add_blob(name, (1, 1, classes, classes), _weights(spec, self.param, name, classes))
        self.add_blob("compatibility", (1, 1, classes, classes), partial(fill_diagonal, values=[-1.0] * classes))

    def forward(self, unary: Tensor, first: Tensor, image: Tensor) -> Tensor:
        if unary.is_meta:
            return torch.empty_like(unary)
        near = PermutohedralLattice(places(image) / self.reach[0])
        fields = [self._field(u.flatten(1), q.flatten(1), near, PermutohedralLattice(self._features(one)))
                  for u, q, one in zip(unary, first, image.detach())]
        return torch.stack(fields).reshape(unary.shape)

    def _features(self, image: Tensor) -> Tensor:
        """Place and colour of each pixel of an image (colours, H, W), in units of their reach."""
        _, alpha, beta = self.reach
        return torch.cat((places(image) / alpha, image.flatten(1).T.float() / beta), 1)

    def _field(self, unary: Tensor, q: Tensor, near: PermutohedralLattice, alike: PermutohedralLattice) -> Tensor:
        """The mean field (C, pixels) of one image."""
        spatial, bilateral, compatibility = (self.blob(name)[0, 0] for name in self.blob_names)
        for _ in range(self.iterations):
            guess = q.softmax(0).T
            message = spatial @ near.normalized(guess).T + bilateral @ alike.normalized(guess).T
            q = unary - compatibility @ message
        return q


@register("MultiStageMeanfieldAU3")
class MultiStageMeanfieldOfMaps(MultiStageMeanfield):
    """`MultiStageMeanfield` where maps of any number stand in for the image's colours. Of ARL (Shao et al. 2019)."""

    param = "multi_stage_meanfield_au3_param"
    colours = None


def places(image: Tensor) -> Tensor:
    """Column and row of each pixel (pixels, 2), row after row."""
    rows, columns = (torch.arange(size, device=image.device, dtype=torch.float32) for size in image.shape[-2:])
    return torch.stack(torch.meshgrid(columns, rows, indexing="xy"), -1).flatten(0, 1)


def _weights(spec: LayerDefinition, message: str, name: str, classes: int) -> Fill:
    """The first weights of a filter: one a class, or one for all."""
    param, field = getattr(spec.message, message), f"{name}_filter_weights_str"
    words = getattr(param, field).split()
    if not words:
        return partial(fill_diagonal, values=[getattr(param, f"{name}_filter_weight")] * classes)
    try:
        values = [float(word) for word in words]
    except ValueError:
        values = []
    if len(values) != classes:
        raise spec.refuse(f"has `{field}` of {len(words)} words; it wants a number for each of {classes} classes", message, field)
    return partial(fill_diagonal, values=values)


def fill_diagonal(blob: Tensor, values: Sequence[float]) -> None:
    """Fill (1, 1, C, C) with zeros and a diagonal."""
    blob.zero_()
    blob[0, 0].diagonal().copy_(torch.tensor(values))
