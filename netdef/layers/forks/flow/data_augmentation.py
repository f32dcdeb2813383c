"""DataAugmentation of FlowNet 2 (Ilg et al. 2017): crop images, change them at random, and subtract their mean."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.forks.flow.augmentation_draws import EIGEN, UNCHANGED, Draws, from_blob, to_blob, unchanged
from netdef.layers.forks.flow.augmented_images import apply

PARAM = "augmentation_param"


@register("DataAugmentation")
class DataAugmentation(Layer):
    """The middle ``crop_height`` x ``crop_width`` of images, less their mean.

    As in the fork the crop is sampled bilinearly, and a place beyond the last pixel less 0.05 is moved there: a crop as wide as
    the image ends with 0.05 of the last column but one and 0.95 of the last. Without a crop images stay whole.

    With ``recompute_mean: n`` the blobs are ``count`` (1, 1, 1, 1), ``mean`` (1, C, h, w) and ``channel_mean`` (1, C, 1, 1).
    The means are those of the first n passes in TRAIN and then fixed; ``mean_per_pixel`` says which is subtracted. In TEST a
    mean of fewer passes takes in the batch, as in the fork, but is not kept. Without ``recompute_mean`` the only blob is
    ``count``, and three values of ``mean`` are subtracted if ``mean_per_pixel`` is false.

    In TRAIN, and with ``augment_during_test``, crops are moved and recoloured by drawn numbers (``mirror``, ``zoom``, ...); see
    `Draws` and `augmented_images`. A second top has the numbers, (N, 42, 1, 1); a second bottom gives them in either phase. As
    in the fork a layer without a crop changes nothing.
    """

    n_bottoms = between(1, 2)
    n_tops = between(1, 2)

    count: Tensor
    mean: Tensor
    channel_mean: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param, (_, channels, *size) = spec.message.augmentation_param, shapes[0]
        self.crop: tuple[int, int] | None = None
        if param.HasField("crop_height") and param.HasField("crop_width"):
            self.crop = param.crop_height, param.crop_width
            for side, most, field in zip(self.crop, size, ("crop_height", "crop_width")):
                if not 0 < side <= most or most < 2:
                    raise spec.refuse(f"has a `{field}` of {side} for images of {most}", PARAM, field)
        self._read_changes(spec, shapes)
        self.passes, self.per_pixel = param.recompute_mean, param.mean_per_pixel
        self.add_blob("count", (1, 1, 1, 1), learnable=False)
        if self.passes:
            self.add_blob("mean", (1, channels, *(self.crop or size)), learnable=False)
            self.add_blob("channel_mean", (1, channels, 1, 1), learnable=False)
        self.fixed = list(param.mean) if len(param.mean) == 3 and not (self.per_pixel or self.passes) else None
        if self.fixed and channels != 3:
            raise spec.refuse(f"has the means of three channels; `{spec.bottoms[0]}` has {channels}", PARAM, "mean")

    def _read_changes(self, spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
        """Read how images are changed: by drawn numbers, or by those of a second bottom."""
        param = spec.message.augmentation_param
        draws = Draws(spec)
        active = self.crop is not None and len(shapes) == 1 and (spec.phase == "TRAIN" or param.augment_during_test)
        self.draws = draws if active and draws.draws else None
        self.depends_on_data = self.draws is not None
        self.axes, self.limit = list(param.chromatic_eigvec), param.max_multiplier
        self.n_outputs = max(1, len(spec.tops))
        if len(shapes) == 2 and (len(shapes[1]) < 2 or shapes[1][:2] != (shapes[0][0], len(UNCHANGED))):
            raise refuse_shapes(spec, shapes, 1, f"it wants {len(UNCHANGED)} numbers an image")
        if self.draws and shapes[0][1] != 3 and draws.recolours():
            raise refuse_shapes(spec, shapes, 0, "only images of three channels are recoloured")
        if len(self.axes) not in (0, 9) or (self.draws and draws.recolours(EIGEN) and not self.axes):
            raise spec.refuse(f"has {len(self.axes)} numbers of `chromatic_eigvec`; three axes of colours are nine", PARAM)
        self.axes = self.axes or [1.0, 0, 0, 0, 1, 0, 0, 0, 1]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        images = (*bottoms[0][:2], *(self.crop or bottoms[0][2:]))
        return [images, (bottoms[0][0], len(UNCHANGED), 1, 1)][: self.n_outputs]

    def forward(self, images: Tensor, numbers: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        if self.draws:
            numbers = to_blob(self._drawn(images, self.draws))
        if numbers is not None and self.crop:
            found = apply(images, from_blob(numbers), self.crop, self.axes, self.limit)
        else:
            found = images.clone() if self.crop is None else crop_middle(images, *self.crop)
        if self.passes:
            found = found - self._mean(found)
        elif self.fixed:
            found = found - found.new_tensor(self.fixed).reshape(-1, 1, 1)
        if self.training and (self.passes or self.draws):
            with torch.no_grad():
                self.count.add_(1)
        if self.n_outputs == 1:
            return found
        return found, images.new_zeros(len(images), len(UNCHANGED), 1, 1) if numbers is None else numbers.clone()

    def _drawn(self, images: Tensor, draws: Draws) -> dict[str, Tensor]:
        """The numbers that are drawn for a batch."""
        assert self.crop
        like = images.new_zeros(len(images))
        discount = draws.discount(self.count.item() + 1)
        placed = draws.places(unchanged(like), discount, (images.shape[2], images.shape[3]), self.crop)
        return placed | draws.colours(like, discount)

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
        return mean if self.per_pixel else channel_mean

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.draws or len(bottoms) > 1 or self.n_outputs > 1:
            raise NotWritable("changes images at random, or by a blob of numbers")
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
