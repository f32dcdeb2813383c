"""DeformableConvolution, SpatialTransformer and Transformer, of forks: sample planes at places that the net computes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import check_fits, read_window
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_same_batch, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.core.weighted import WeightedLayer

_DEFORMABLE = "deformable_convolution_param"
_MAP = ("theta_1_1", "theta_1_2", "theta_1_3", "theta_2_1", "theta_2_2", "theta_2_3")


@register("DeformableConvolution")
class DeformableConvolution(WeightedLayer):
    """A convolution whose kernel elements move by offsets. Dai et al. 2017, as in unsky's and other ports.

    Bottoms are (N, C, H, W) and offsets (N, 2 K deformable_group, *places of the top), K the number of kernel elements: for
    each group of C / deformable_group channels and each element, the offset along H, then the one along W, in pixels. Values
    between pixels are interpolated linearly. Outside [0, H) x [0, W) they are 0; beyond the last row or column, its own.
    """

    n_bottoms = exactly(2)
    family = "windows"
    pruned_by_default = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.deformable_convolution_param
        check_axes(spec, shapes, 4)
        if param.axis not in (1, -3):
            raise spec.refuse(f"has `axis` {param.axis}; channels are axis 1", _DEFORMABLE, "axis")
        self.window = read_window(spec, 2, param, (_DEFORMABLE,))
        check_fits(spec, shapes[0][2:], self.window, path=_DEFORMABLE)
        channels, outputs = shapes[0][1], param.num_output
        check_positive(spec, outputs, _DEFORMABLE, "num_output")
        self.group, self.offset_groups = param.group, param.deformable_group
        for name, group in (("group", self.group), ("deformable_group", self.offset_groups)):
            if not group or channels % group or (name == "group" and outputs % group):
                raise spec.refuse(f"has `{name}` {group}, which does not divide its {channels} input channels"
                                  f"{f' and its {outputs} outputs' if name == 'group' else ''}", _DEFORMABLE, name)
        kernel = self.window.kernel
        wanted = (shapes[0][0], 2 * kernel[0] * kernel[1] * self.offset_groups, *self.window.places(shapes[0][2:], False))
        if shapes[1] != wanted:
            raise refuse_shapes(spec, shapes, 1, f"the offsets must have shape {wanted}")
        self.add_weight_and_bias(spec, _DEFORMABLE, (outputs, channels // self.group, *kernel), outputs)

    def forward(self, x: Tensor, offsets: Tensor) -> Tensor:
        window = self.window
        columns = deformed_windows(x, offsets, self.offset_groups, window.kernel, window.stride, window.pad, window.dilation)
        return filter_columns(columns, self.blob("weight"), self.optional_blob("bias"), self.group)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, offsets = bottoms
        window, blobs = self.window, self.to_torch()
        sizes = ", ".join(str(tuple(size)) for size in (window.kernel, window.stride, window.pad, window.dilation))
        bias = f"{me}_bias" if "bias" in blobs else "None"
        return TorchCode(
            f"filter_columns(deformed_windows({x}, {offsets}, {self.offset_groups}, {sizes}), {me}_weight, {bias}, {self.group})",
            {f"_{name}": f"nn.Parameter(torch.zeros({tuple(blob.shape)}))" for name, blob in blobs.items()},
            {f"_{name}": {"": blob} for name, blob in blobs.items()}, (deformed_windows, filter_columns, sample))


@register("SpatialTransformer")
class SpatialTransformer(Layer):
    """Planes sampled through an affine map for each item. Jaderberg et al. 2015, as in daerduoCarey's and other forks.

    Bottoms are (N, C, H, W) and the numbers of the maps, N times those of the six that the text does not fix. With row and column
    of the top from -1 up to, but without, 1, the map's first row gives the row and its second the column in the bottom, of the
    same range. Values between pixels are interpolated linearly; beyond the plane they are 0.
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.st_param
        check_axes(spec, shapes, 4)
        check_same_batch(spec, shapes)
        for name, only in (("transform_type", "affine"), ("sampler_type", "bilinear")):
            if getattr(param, name) != only:
                raise spec.refuse(f"has the `{name}` \"{getattr(param, name)}\"; only \"{only}\" is supported", "st_param", name)
        self.fixed = {i: getattr(param, name) for i, name in enumerate(_MAP) if param.HasField(name)}
        if math.prod(shapes[1][1:]) != len(_MAP) - len(self.fixed):
            raise refuse_shapes(spec, shapes, 1, f"an item must have {len(_MAP) - len(self.fixed)} numbers of the map")
        size = [getattr(param, name) if param.HasField(name) else old
                for name, old in (("output_H", shapes[0][2]), ("output_W", shapes[0][3]))]
        for value, name in zip(size, ("output_H", "output_W")):
            check_positive(spec, value, "st_param", name)
        self.size = (size[0], size[1])
        self.moves_gradient = param.to_compute_dU

    def forward(self, x: Tensor, theta: Tensor) -> Tensor:
        return transform_planes(x if self.moves_gradient else x.detach(), theta, self.fixed, self.size)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0] if self.moves_gradient else f"{bottoms[0]}.detach()"
        return TorchCode(f"transform_planes({x}, {bottoms[1]}, {self.fixed}, {self.size})",
                         functions=(transform_planes, mapped_places, sample))


@register("Transformer")
class Transformer(Layer):
    """SpatialTransformer of square planes and six numbers an item, of happynear's and ducha-aiki's forks.

    A place of which the row or the column is before the first or after the last one is 0, by less than a ten-thousandth of half
    the plane it is the first or last. (The forks mix up rows and columns of planes that are not square.)
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if shapes[0][2] != shapes[0][3]:
            raise refuse_shapes(spec, shapes, 0, "its fork mixes up rows and columns of planes that are not square")
        check_same_batch(spec, shapes)
        if len(shapes[1]) < 2 or math.prod(shapes[1][1:]) != len(_MAP):
            raise refuse_shapes(spec, shapes, 1, f"an item must have {len(_MAP)} numbers of the map")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, x: Tensor, theta: Tensor) -> Tensor:
        return transform_square(x, theta)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"transform_square({bottoms[0]}, {bottoms[1]})", functions=(transform_square, mapped_places, sample))


def sample(planes: Tensor, rows: Tensor, columns: Tensor, beyond: str) -> Tensor:
    """Planes (N, C, H, W) at rows and columns (N, h, w), in pixels, bilinearly; beyond them "zeros" or their "border"."""
    height, width = planes.shape[2:]
    places = torch.stack(((2 * columns + 1) / width - 1, (2 * rows + 1) / height - 1), -1)
    return F.grid_sample(planes, places, padding_mode=beyond, align_corners=False)


def deformed_windows(
    x: Tensor, offsets: Tensor, groups: int, kernel: tuple, stride: tuple, pad: tuple, dilation: tuple
) -> Tensor:
    """The windows (N, C, K, places) of a convolution whose elements are moved by offsets (N, groups 2 K, *places)."""
    n, channels, height, width = x.shape
    moves = offsets.unflatten(1, (groups, kernel[0] * kernel[1], 2)).flatten(0, 1)  # (N groups, K, 2, h, w)
    h, w = offsets.shape[2:]
    i, j, row, column = (
        torch.arange(count, device=x.device, dtype=x.dtype) * step - start
        for count, step, start in zip((*kernel, h, w), (*dilation, *stride), (0, 0, *pad)))
    rows = moves[:, :, 0] + (i.repeat_interleave(len(j))[:, None] + row)[..., None]
    columns = moves[:, :, 1] + (j.repeat(len(i))[:, None] + column)[:, None]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    values = sample(x.unflatten(1, (groups, -1)).flatten(0, 1), rows.flatten(1, 2), columns.flatten(1, 2), "border")
    values = values.unflatten(2, (len(i) * len(j), h)).where(inside[:, None], 0)
    return values.flatten(3).reshape(n, channels, len(i) * len(j), h, w)


def filter_columns(columns: Tensor, weight: Tensor, bias: Tensor | None, groups: int) -> Tensor:
    """Windows (N, C, K, h, w) times the weight (outputs, C / groups, *kernel), plus the bias."""
    grouped = columns.flatten(3).flatten(1, 2).unflatten(1, (groups, -1))
    top = weight.reshape(groups, weight.shape[0] // groups, -1) @ grouped
    top = top.flatten(1, 2).unflatten(2, columns.shape[3:])
    return top if bias is None else top + bias[:, None, None]


def transform_planes(x: Tensor, theta: Tensor, fixed: dict, size: tuple) -> Tensor:
    """Planes sampled through affine maps of six numbers, of which ``fixed`` gives some."""
    rows, columns = mapped_places(x, theta, fixed, size)
    return sample(x, rows, columns, "zeros")


def mapped_places(x: Tensor, theta: Tensor, fixed: dict, size: tuple) -> list:
    """The rows and columns, in pixels of x, of a top's places through affine maps; see `transform_planes`."""
    given = iter(theta.flatten(1).unbind(1))
    numbers = [fixed[i] if i in fixed else next(given)[:, None, None] for i in range(6)]
    row, column = (torch.arange(n, device=x.device, dtype=x.dtype) * 2 / n - 1 for n in size)
    places = []
    for i, length in zip((0, 3), x.shape[2:]):
        place = numbers[i] * row[:, None] + numbers[i + 1] * column + numbers[i + 2]
        places.append(((place + 1) / 2 * length).expand(len(x), *size))
    return places


def transform_square(x: Tensor, theta: Tensor) -> Tensor:
    """Square planes sampled through affine maps; 0 where a place is not between those of the bottom, but for a little."""
    last = x.shape[3] - 1
    rows, columns = mapped_places(x, theta, {}, x.shape[2:])
    little = 1e-4 * x.shape[3] / 2
    inside = (torch.minimum(rows, columns) > -little) & (torch.maximum(rows, columns) < last + little)
    return sample(x, rows.clamp(0, last), columns.clamp(0, last), "border") * inside[:, None]
