"""DataAugmentation of FlowNet 2 (Ilg et al. 2017): crop images and subtract their mean."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable

PARAM = "augmentation_param"
_RANDOM = "RandomGeneratorParameter"


@register("DataAugmentation")
class DataAugmentation(Layer):
    """The middle ``crop_height`` x ``crop_width`` of images, less their mean.

    As in the fork the crop is sampled bilinearly, and a place beyond the last pixel less 0.05 is moved there: a crop as wide as
    the image ends with 0.05 of the last column but one and 0.95 of the last. Without a crop images stay whole.

    With ``recompute_mean: n`` the blobs are ``count`` (1, 1, 1, 1), ``mean`` (1, C, h, w) and ``channel_mean`` (1, C, 1, 1).
    The means are those of the first n passes in TRAIN and then fixed; ``mean_per_pixel`` says which is subtracted. In TEST a
    mean of fewer passes takes in the batch, as in the fork, but is not kept. Without ``recompute_mean`` the only blob is
    ``count``, and three values of ``mean`` are subtracted if ``mean_per_pixel`` is false.

    Random changes (``mirror``, ``zoom``, ...) are refused in TRAIN, and with ``augment_during_test``.
    """

    count: Tensor
    mean: Tensor
    channel_mean: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param, (_, channels, *size) = spec.message.augmentation_param, shapes[0]
        drawn = [field.name for field, _ in param.ListFields() if field.message_type and field.message_type.name == _RANDOM]
        if drawn and (spec.phase == "TRAIN" or param.augment_during_test):
            raise spec.refuse(f"changes images at random (`{drawn[0]}`), which is not implemented", PARAM, drawn[0])
        self.crop: tuple[int, int] | None = None
        if param.HasField("crop_height") and param.HasField("crop_width"):
            self.crop = param.crop_height, param.crop_width
            for side, most, field in zip(self.crop, size, ("crop_height", "crop_width")):
                if not 0 < side <= most or most < 2:
                    raise spec.refuse(f"has a `{field}` of {side} for images of {most}", PARAM, field)
        self.passes, self.per_pixel = param.recompute_mean, param.mean_per_pixel
        self.add_blob("count", (1, 1, 1, 1), learnable=False)
        if self.passes:
            self.add_blob("mean", (1, channels, *(self.crop or size)), learnable=False)
            self.add_blob("channel_mean", (1, channels, 1, 1), learnable=False)
        self.fixed = list(param.mean) if len(param.mean) == 3 and not (self.per_pixel or self.passes) else None
        if self.fixed and channels != 3:
            raise spec.refuse(f"has the means of three channels; `{spec.bottoms[0]}` has {channels}", PARAM, "mean")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *(self.crop or bottoms[0][2:]))]

    def forward(self, images: Tensor) -> Tensor:
        images = images.clone() if self.crop is None else crop_middle(images, *self.crop)
        if self.passes:
            return images - self._mean(images)
        return images - images.new_tensor(self.fixed).reshape(-1, 1, 1) if self.fixed else images

    def _mean(self, images: Tensor) -> Tensor:
        """The mean to subtract, brought up to date where it is not fixed yet."""
        before, batch = self.count, images.detach().mean(0, keepdim=True)
        learns = before < self.passes
        mean = torch.where(learns, (self.mean * before + batch) / (before + 1), self.mean)
        channel_mean = torch.where(learns, mean.mean((2, 3), keepdim=True), self.channel_mean)
        if self.training:
            with torch.no_grad():
                self.mean.copy_(mean)
                self.channel_mean.copy_(channel_mean)
                self.count.add_(1)
        return mean if self.per_pixel else channel_mean

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.passes and self.count.item() < self.passes:
            raise NotWritable(f"takes its mean of {self.passes} passes, and has seen {self.count.item():g}")
        shift = torch.tensor(self.fixed or 0.0).reshape(-1, 1, 1)
        if self.passes:
            shift = self.mean if self.per_pixel else self.channel_mean
        x = f"crop_middle({bottoms[0]}, {self.crop[0]}, {self.crop[1]})" if self.crop else bottoms[0]
        return TorchCode(f"{x} - {me}_mean", {"_mean": f"nn.Buffer(torch.zeros({tuple(shift.shape)}))"}, {"_mean": {"": shift}},
                         functions=(crop_middle,) if self.crop else ())


def crop_middle(images: Tensor, height: int, width: int) -> Tensor:
    """FlowNet 2's crop of the middle of images, sampled bilinearly up to 0.05 pixels before the last row and column."""
    for axis, side in ((2, height), (3, width)):
        size = images.shape[axis]
        places = (torch.arange(side, device=images.device) - side / 2 + size / 2).clamp(0.0, size - 1.05)
        first = places.floor().long()
        share = (places - first).to(images.dtype).reshape(-1, *[1] * (3 - axis))
        images = images.index_select(axis, first) * (1 - share) + images.index_select(axis, first + 1) * share
    return images
