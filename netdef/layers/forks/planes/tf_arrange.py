"""Pad, MirrorPad, SpaceToBatchND and BatchToSpaceND, TensorFlow's, from Synopsys' fork. Repack, of caffe_latte (fireae)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Pad")
class Pad(Layer):
    """The bottom with ``constant_values`` around it; ``paddings`` has, for each axis, how many before and how many after.

    With ``pad_h`` and ``pad_w``, of vzhangmeng726's fork, as many rows and columns on both sides of (N, C, H, W) instead.
    """

    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.pad_param
        paddings = list(param.paddings)
        if not paddings and (param.HasField("pad_h") or param.HasField("pad_w")):
            check_axes(spec, shapes, 4)
            paddings = [0] * 4 + [param.pad_h] * 2 + [param.pad_w] * 2
        _check_two_an_axis(spec, paddings, shapes[0], "pad_param")
        self.sides = _last_axis_first(paddings)
        self.value: float = param.constant_values

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.sides, value=self.value)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        value = f", value={number(self.value)}" if self.value else ""
        return TorchCode(f"F.pad({bottoms[0]}, {self.sides}{value})")


@register("MirrorPad")
class MirrorPad(Layer):
    """The bottom with values around it; ``paddings`` has, for each axis, how many before and how many after.

    With ``mode`` "CONSTANT" they are ``constant_values``; with "EDGE" those at the border; with "REFLECT" those mirrored at the
    outermost ones, with "SYMMETRIC" at the border, so that the outermost ones come twice. The fork has no gradient of it.
    """

    fresh_output = True
    refuses_inplace = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, field = spec.message.mirror_pad_param, "mirror_pad_param"
        _check_two_an_axis(spec, param.paddings, shapes[0], field)
        self.sides, self.value, self.mode = list(param.paddings), param.constant_values, param.mode
        spare = {"CONSTANT": math.inf, "EDGE": math.inf, "REFLECT": -1, "SYMMETRIC": 0}
        if self.mode not in spare:
            raise spec.refuse(f"has `mode` \"{self.mode}\"; it is one of {', '.join(spare)}", field, "mode")
        for i, side in enumerate(self.sides):
            if side > shapes[0][i // 2] + spare[self.mode]:
                raise spec.refuse(f"mirrors {side} places of axis {i // 2}, of size {shapes[0][i // 2]}", field, "paddings", i)

    def forward(self, x: Tensor) -> Tensor:
        if self.mode == "CONSTANT":
            return F.pad(x, _last_axis_first(self.sides), value=self.value)
        return mirrored(x, self.sides, self.mode)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.mode == "CONSTANT":
            return TorchCode(f"F.pad({bottoms[0]}, {_last_axis_first(self.sides)}, value={number(self.value)})")
        return TorchCode(f"mirrored({bottoms[0]}, {self.sides}, \"{self.mode}\")", functions=(mirrored,))


class _Blocks(Layer):
    """A layer with a ``block_shape``, of axes 1, 2, ... of its bottom, and two numbers for each of them."""

    refuses_inplace = True

    def read(self, spec: LayerDefinition, shape: Shape, field: str, sides: str) -> None:
        """Read the message ``field``, whose numbers are in ``sides``, for a bottom of ``shape``."""
        param = getattr(spec.message, field)
        self.block = tuple(param.block_shape)
        numbers = list(getattr(param, sides))
        self.sides = list(zip(numbers[::2], numbers[1::2]))
        if not self.block or min(self.block) < 1 or len(self.block) >= len(shape):
            raise spec.refuse(f"has `block_shape` {list(self.block)} for a bottom of shape {shape}; give sizes of at least "
                              "1 for some of the axes behind the first", field, "block_shape")
        if len(numbers) != 2 * len(self.block):
            raise spec.refuse(f"has {len(numbers)} numbers in `{sides}`; it wants two for each of the {len(self.block)} "
                              "axes of its block", field, sides)


@register("SpaceToBatchND")
class SpaceToBatchND(_Blocks):
    """(N, H, W, ...) to (N h w, H/h, W/w, ...), h x w the ``block_shape``: each place of the blocks gets images of its own.

    The axes are padded with zeros first, by ``paddings``. Image (i w + j) N + n of the top has the places (i, j) of all
    blocks of image n. Which axes these are is the net's matter: they follow the first.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.read(spec, shapes[0], "space_to_batch_nd_param", "paddings")
        for size, block, sides in zip(shapes[0][1:], self.block, self.sides):
            if (size + sum(sides)) % block:
                raise spec.refuse(
                    f"cuts an axis of {size} with paddings {sides}, {size + sum(sides)} in all, into blocks of {block}",
                    "space_to_batch_nd_param", "block_shape")

    def forward(self, x: Tensor) -> Tensor:
        return space_to_batch(x, self.block, self.sides)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"space_to_batch({bottoms[0]}, {self.block}, {self.sides})", functions=(space_to_batch,))


@register("BatchToSpaceND")
class BatchToSpaceND(_Blocks):
    """(N h w, H, W, ...) to (N, H h, W w, ...): the inverse of SpaceToBatchND, then ``crops`` are cut off."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.read(spec, shapes[0], "batch_to_space_nd_param", "crops")
        if shapes[0][0] % math.prod(self.block):
            raise spec.refuse(f"makes blocks {self.block} of the {shapes[0][0]} items of its bottom, which "
                              f"{math.prod(self.block)} does not divide", "batch_to_space_nd_param", "block_shape")
        for size, block, sides in zip(shapes[0][1:], self.block, self.sides):
            if sum(sides) >= size * block:
                raise spec.refuse(f"cuts {sides} off an axis of {size * block}, which leaves nothing",
                                  "batch_to_space_nd_param", "crops")

    def forward(self, x: Tensor) -> Tensor:
        return batch_to_space(x, self.block, self.sides)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"batch_to_space({bottoms[0]}, {self.block}, {self.sides})", functions=(batch_to_space,))


def _check_two_an_axis(spec: LayerDefinition, paddings: Sequence[int], shape: Shape, field: str) -> None:
    if len(paddings) != 2 * len(shape):
        raise spec.refuse(f"has {len(paddings)} numbers in `paddings`; it wants two, before and after, for each of the "
                          f"{len(shape)} axes of its bottom", field, "paddings")
@register("Repack")
class Repack(Layer):
    """PACK_IMAGE: (N, C, H, W) to (N h w, C, H/h, W/w), h x w the ``stride``, with zeros after what is no multiple of it.

    Image (i w + j) N + n of the top has the places (i, j) of all blocks of image n. UNPACK_IMAGE goes back, to multiples.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.repack_param
        check_axes(spec, shapes, 4)
        self.packs = param.operation == param.PACK_IMAGE
        pair = ("stride_h", "stride_w") if param.HasField("stride_h") else ("stride", "stride")
        for field in pair:
            check_positive(spec, getattr(param, field), "repack_param", field)
        self.block = tuple(int(getattr(param, field)) for field in pair)
        if not self.packs and shapes[0][0] % math.prod(self.block):
            raise spec.refuse(f"makes images of {math.prod(self.block)} parts of the {shapes[0][0]} items of "
                              f"`{spec.bottoms[0]}`, which that does not divide", "bottom", 0)
        self.sides = [[0, -size % side] for size, side in zip(shapes[0][2:], self.block)] if self.packs else [[0, 0]] * 2

    def forward(self, x: Tensor) -> Tensor:
        function = space_to_batch if self.packs else batch_to_space
        return function(x.movedim(1, -1), self.block, self.sides).movedim(-1, 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        function = space_to_batch if self.packs else batch_to_space
        return TorchCode(f"{function.__name__}({bottoms[0]}.movedim(1, -1), {self.block}, {self.sides}).movedim(-1, 1)",
                         functions=(function,))


def _last_axis_first(numbers: Sequence[int]) -> tuple[int, ...]:
    """Pairs of numbers in the order in which torch pads."""
    pairs = list(zip(numbers[::2], numbers[1::2]))
    return tuple(side for pair in reversed(pairs) for side in pair)


def mirrored(x: Tensor, sides: list, mode: str) -> Tensor:
    """TensorFlow's mirror_pad, and "EDGE": values of ``x`` before and after each axis, as many as ``sides`` says."""
    for axis in range(x.ndim):
        size = x.shape[axis]
        places = torch.arange(-sides[2 * axis], size + sides[2 * axis + 1], device=x.device)
        if mode == "REFLECT":
            places = size - 1 - (size - 1 - places.abs()).abs()
        elif mode == "SYMMETRIC":
            places = torch.where(places < 0, -1 - places, places)
            places = torch.where(places >= size, 2 * size - 1 - places, places)
        x = x.index_select(axis, places.clamp(0, size - 1))
    return x


def space_to_batch(x: Tensor, block: tuple, paddings: list) -> Tensor:
    """TensorFlow's space_to_batch_nd: places of blocks, along axes 1, 2, ..., become items of the batch."""
    rest, axes = x.ndim - 1 - len(block), range(len(block))
    x = F.pad(x, [0, 0] * rest + [side for pair in reversed(paddings) for side in pair])
    split = [part for size, side in zip(x.shape[1:], block) for part in (size // side, side)]
    x = x.reshape(x.shape[0], *split, *x.shape[1 + len(block) :])
    order = [2 + 2 * i for i in axes] + [0] + [1 + 2 * i for i in axes]
    return x.permute(*order, *range(1 + 2 * len(block), x.ndim)).flatten(0, len(block))


def batch_to_space(x: Tensor, block: tuple, crops: list) -> Tensor:
    """TensorFlow's batch_to_space_nd: items of the batch become places of blocks along axes 1, 2, ..."""
    n, sizes, rest = len(block), x.shape[1 : 1 + len(block)], x.shape[1 + len(block) :]
    x = x.reshape(*block, -1, *x.shape[1:])
    order = [n] + [axis for i in range(n) for axis in (n + 1 + i, i)]
    x = x.permute(*order, *range(1 + 2 * n, x.ndim)).reshape(-1, *(size * side for size, side in zip(sizes, block)), *rest)
    for axis, (before, after) in enumerate(crops, 1):
        x = x.narrow(axis, before, x.shape[axis] - before - after)
    return x
