"""AttentionCrop: squares of images, enlarged, with centres and sizes that learn. RA-CNN (Fu et al. 2017), in caffe_latte."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_SIDE = 224
_MEANS = 109.961, 127.21, 123.645  # Of the images, in the fork's code.
_STEEP, _STEP = 0.05, 1e-7


@register("AttentionCrop")
class AttentionCrop(Layer):
    """Images (N, 3, S, S) and N x 3 numbers, a centre x, y and half a side of a square in pixels: (N, 3, 224, 224).

    The square, within the image, of whole pixels and at least S / 100 to each side, is resized; pixels are whole numbers from 0
    to 255, to which the fork's means are added before. Values may differ by 1 from OpenCV's.

    The images get no gradient. The numbers get the fork's: of ``sum w H``, where H(x, y) is the square with soft borders at each
    pixel, and w is 1e-7 times the size of the pixel's gradient over the greatest of its channel. That of half a side has 0.005
    more to w, so that squares grow smaller.
    """

    n_bottoms = exactly(2)
    depends_on_data = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if shapes[0][1] != 3 or shapes[0][2] != shapes[0][3]:
            raise spec.refuse(f"wants square images of 3 channels; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        if math.prod(shapes[1]) != 3 * shapes[0][0]:
            raise refuse_shapes(spec, shapes, 1, "the second has 3 numbers for each image")
        self.side = shapes[0][2]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], _SIDE, _SIDE)]

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index != 1:
            return None
        return torch.full(shape, self.side / 2) + torch.rand(shape, generator=generator)

    def forward(self, images: Tensor, squares: Tensor) -> Tensor:
        if images.is_meta:
            return images.new_empty(*images.shape[:2], _SIDE, _SIDE)
        tops = [self._crop(image, *square) for image, square in zip(images.detach(), squares.detach().reshape(-1, 3).tolist())]
        return _Cropped.apply(squares, torch.stack(tops))

    def _crop(self, image: Tensor, x: float, y: float, half: float) -> Tensor:
        """One image's square, enlarged."""
        half, side = max(half, 0.01 * self.side), self.side
        left, top = (int(max(centre - half, 0)) for centre in (x, y))
        right, bottom = (int(min(centre + half, side)) for centre in (x, y))
        if not (left < right and top < bottom):
            raise NetdefError(f"layer `{self.name}` (AttentionCrop) got a square about ({x:g}, {y:g}) that is not in the image")
        means = image.new_tensor(_MEANS)[:, None, None]
        pixels = (image[:, top:bottom, left:right] + means).clamp(0, 255).trunc()
        large = F.interpolate(pixels[None], (_SIDE, _SIDE), mode="bilinear", align_corners=False)
        return large[0].round() - means


class _Cropped(torch.autograd.Function):
    """Crops, with the gradient of AttentionCrop for the numbers of their squares."""

    @staticmethod
    def forward(ctx: Any, squares: Tensor, crops: Tensor) -> Tensor:
        ctx.save_for_backward(squares)
        return crops

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (squares,) = ctx.saved_tensors
        sizes = gradient.abs()
        most = sizes.amax((2, 3), keepdim=True)
        weights = (sizes / most.where(most > 0, 1) * _STEP).sum(1)  # (N, rows, columns)
        half = squares.reshape(-1, 3)[:, 2, None]
        # A pixel is 2 half / 224 from the next, and the first is at the border; x and y are alike.
        from_start = 2 * torch.arange(gradient.shape[3]).to(half) * half / gradient.shape[3]
        parts = []
        for edge in (from_start, from_start - 2 * half):
            value = torch.sigmoid(_STEEP * edge)
            parts.append((value, _STEEP * value * (1 - value)))
        (first, rise), (last, fall) = parts
        inside, change, both = first - last, rise - fall, rise + fall
        of_x = (weights * change[:, None] * inside[:, :, None]).sum((1, 2))
        of_y = (weights * change[:, :, None] * inside[:, None]).sum((1, 2))
        shrinking = both[:, :, None] * inside[:, None] + both[:, None] * inside[:, :, None]
        of_half = (weights * (0.005 - shrinking)).sum((1, 2))
        return torch.stack((of_x, of_y, of_half), 1).reshape(squares.shape), None
