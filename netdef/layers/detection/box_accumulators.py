"""BBTXTLoss and BB3TXTLoss: scores and corners of boxes at each place. libornovax' thesis (Novak 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_at_least, check_axes, check_same_batch
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "accumulator_loss_param"
_MARK = 9999.0
_ACROSS = (1, 3, 5)  # channels of numbers across an image; the others are down


class _AccumulatorLoss(Layer):
    """The base of both: half the mean over images of what scores miss, per place, and corners, per number of a place in a box.

    Bottoms: labels (N, boxes, numbers), of which the first, the class, is -1 behind the last box, and then x1 y1 x2 y2 in
    pixels; and what a net says, (N, channels, H, W), a score and the corners, at places ``downsampling`` pixels apart. A box
    counts whose longer side is near the ideal size, ``(2 radius + 1) / circle_ratio`` places: below by half of it times
    (1 + ``bounds_overlap``) / 2 at most, above by twice as much. The target of the score is a disc of ``radius`` at its centre,
    blurred, over its highest value; that of a corner, at places of the disc and beside it, its distance from the place over the
    ideal size, and 0.5. A corner's difference counts times the score's target. Earlier boxes' corners are blurred by 3 x 3
    places for each later one, as there.

    The gradient is the fork's own: the differences, in TRAIN those in boxes times ``negatives / positives / negative_ratio``
    (positives is the sum of the target), all 0 without a box, over N, times ``downsampling`` squared.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True
    channels: int
    numbers: int

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom == 1

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_axes(spec, shapes, 4, 1)
        if len(shapes[0]) < 3 or shapes[0][2] != self.numbers:
            raise spec.refuse(f"wants labels (N, boxes, {self.numbers}), not {shapes[0]}", "bottom", 0)
        if shapes[1][1] != self.channels:
            raise spec.refuse(f"wants {self.channels} channels, a score and corners; its bottom has {shapes[1][1]}", "bottom", 1)
        param = spec.message.accumulator_loss_param
        check_at_least(spec, param.radius, 0, PARAM, "radius")
        for field in ("circle_ratio", "downsampling", "negative_ratio"):
            check_above_zero(spec, getattr(param, field), PARAM, field)
        self.radius, self.step, self.ratio = param.radius, param.downsampling, param.negative_ratio
        self.ideal = (2 * self.radius + 1) / param.circle_ratio * self.step
        reach = (1 + param.bounds_overlap) / 2 * self.ideal
        self.bounds = self.ideal - reach / 2, self.ideal + reach

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, labels: Tensor, x: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        boxes = labels.detach().reshape(*labels.shape[:3]).cpu().double().numpy()
        target = torch.from_numpy(np.stack([self.target(image, *x.shape[2:]) for image in boxes])).to(x)
        score = target[:, :1]
        factor = torch.cat((torch.ones_like(score), score.expand(-1, self.channels - 1, -1, -1)), 1)
        missed = (x.detach() - target) * factor
        places = (score > 0).sum((1, 2, 3)) * (self.channels - 1)
        corners = missed[:, 1:].square().sum((1, 2, 3)) / places.clamp(min=1)
        loss = (missed[:, 0].square().mean((1, 2)) + corners).mean() / 2
        if self.training:
            positives = score.sum((1, 2, 3), keepdim=True)
            weight = (score[0].numel() - positives) / positives / self.ratio
            missed = (missed * torch.where(score > 0, weight, 1)).where(positives > 0, 0)
        return with_gradient(loss, x, missed * self.step**2 / len(x))

    def target(self, boxes: np.ndarray, height: int, width: int) -> np.ndarray:
        """The channels of an image, from its boxes."""
        ends = np.flatnonzero(boxes[:, 0] == -1)
        boxes = boxes[: ends[0]] if len(ends) else boxes
        sides = np.maximum(boxes[:, 3] - boxes[:, 1], boxes[:, 4] - boxes[:, 2])
        boxes = boxes[(sides >= self.bounds[0]) & (sides <= self.bounds[1])]
        centres = ((boxes[:, 1:3] + boxes[:, 3:5]) / 2).astype(int)
        out = np.zeros((self.channels, height, width), np.float32)
        for box, (x, y) in zip(boxes, centres):
            disc(out[0], int(x * (1 / self.step)), int(y * (1 / self.step)), self.radius, 1)
            for channel, number in enumerate(box[1 - self.channels :], 1):
                self._draw(out[channel], x, y, number, channel in _ACROSS)
        out[0] = blurred(out[0], 1)
        if out[0].max() > 0:
            out[0] /= out[0].max()
        return out

    def _draw(self, channel: np.ndarray, x: int, y: int, number: float, across: bool) -> None:
        """Write the target of a corner's number about a centre."""
        column, row, reach = int(x / self.step), int(y / self.step), self.radius + 1
        disc(channel, column, row, self.radius, _MARK)
        channel[:] = blurred(channel, 100)
        rows, columns = (np.arange(max(at - reach, 0), max(min(at + reach + 1, size), 0))
                         for at, size in zip((row, column), channel.shape))
        window = channel[np.ix_(rows, columns)]
        away = (columns - column)[None] if across else (rows - row)[:, None]
        value = 0.5 + (number - (x if across else y) - away * self.step) / self.ideal
        channel[np.ix_(rows, columns)] = np.where(window > _MARK / 100, value, window)


@register("BBTXTLoss")
class BBTXTLoss(_AccumulatorLoss):
    """The loss of a score and x1, y1, x2, y2; labels have five numbers a box. See `_AccumulatorLoss`."""

    channels, numbers = 5, 5


@register("BB3TXTLoss")
class BB3TXTLoss(_AccumulatorLoss):
    """`BBTXTLoss` of boxes in space: seven numbers of corners, x y x y x y y, which stand behind the first five of a label."""

    channels, numbers = 8, 12


def disc(image: np.ndarray, x: int, y: int, radius: int, value: float) -> None:
    """Fill OpenCV's circle, by Bresenham's algorithm; what is beyond the image is cut off."""
    error, across, down, plus, minus = 0, radius, 0, 1, 2 * radius - 1
    height, width = image.shape
    while across >= down:
        for reach, rows in ((across, (y - down, y + down)), (down, (y - across, y + across))):
            for row in rows:
                if 0 <= row < height:
                    image[row, max(x - reach, 0) : max(min(x + reach + 1, width), 0)] = value
        down += 1
        error += plus
        plus += 2
        if error > 0:
            error -= minus
            across -= 1
            minus -= 2


def blurred(image: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian blur of 3 x 3; beyond a border is the place before it, as in OpenCV."""
    beside = float(np.exp(-0.5 / sigma**2))
    for axis, size in enumerate(image.shape):
        ends = [min(1, size - 1)], [max(size - 2, 0)]
        inner = np.arange(size)
        before, behind = np.concatenate((ends[0], inner[:-1])), np.concatenate((inner[1:], ends[1]))
        image = (image + beside * (image.take(before, axis) + image.take(behind, axis))) / (1 + 2 * beside)
    return image
