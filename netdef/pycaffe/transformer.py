"""``caffe.io.Transformer``: convert images to the arrays that nets take, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netdef.pycaffe.images import resize_image

Shape = Sequence[int]


class Transformer:
    """The preprocessing of the images of each input: resize, transpose, swap channels, scale, subtract the mean, scale.

    ``inputs`` is {name: shape of the blob, with the batch first}. What is not set is not done, except for the resizing,
    to the blob's last two sizes.
    """

    def __init__(self, inputs: Mapping[str, Shape]):
        self.inputs = inputs
        self.transpose: dict[str, Sequence[int]] = {}
        self.channel_swap: dict[str, Sequence[int]] = {}
        self.raw_scale: dict[str, float] = {}
        self.mean: dict[str, np.ndarray] = {}
        self.input_scale: dict[str, float] = {}

    def preprocess(self, in_: str, data: np.ndarray) -> np.ndarray:
        """An image (H, W, K) as input ``in_`` takes it: float32, (K, H, W) if a transpose is set. ``data`` stays as it is."""
        self._check(in_)
        image = np.array(data, np.float32)
        size = tuple(self.inputs[in_][2:])
        if image.shape[:2] != size:
            image = resize_image(image, size)
        if in_ in self.transpose:
            image = image.transpose(self.transpose[in_])
        if in_ in self.channel_swap:
            image = image[list(self.channel_swap[in_])]
        if in_ in self.raw_scale:
            image *= self.raw_scale[in_]
        if in_ in self.mean:
            image -= self.mean[in_]
        if in_ in self.input_scale:
            image *= self.input_scale[in_]
        return image

    def deprocess(self, in_: str, data: np.ndarray) -> np.ndarray:
        """Undo `preprocess`; the image has the input's size."""
        self._check(in_)
        image = data.copy().squeeze()
        if in_ in self.input_scale:
            image /= self.input_scale[in_]
        if in_ in self.mean:
            image += self.mean[in_]
        if in_ in self.raw_scale:
            image /= self.raw_scale[in_]
        if in_ in self.channel_swap:
            image = image[np.argsort(self.channel_swap[in_])]
        return image.transpose(np.argsort(self.transpose[in_])) if in_ in self.transpose else image

    def set_transpose(self, in_: str, order: Sequence[int]) -> None:
        """Set the order of axes: (2, 0, 1) puts the channels of an (H, W, K) image first."""
        self._check(in_)
        if len(order) != len(self.inputs[in_]) - 1:
            raise ValueError(f"the order {tuple(order)} is of {len(order)} axes; an item of input `{in_}` has "
                             f"{len(self.inputs[in_]) - 1}")
        self.transpose[in_] = order

    def set_channel_swap(self, in_: str, order: Sequence[int]) -> None:
        """Set the order of channels, which are first by then: (2, 1, 0) makes BGR of RGB."""
        self._check(in_)
        if len(order) != self.inputs[in_][1]:
            raise ValueError(f"the order {tuple(order)} is of {len(order)} channels; input `{in_}` has {self.inputs[in_][1]}")
        self.channel_swap[in_] = order

    def set_raw_scale(self, in_: str, scale: float) -> None:
        """Set the factor before the mean is subtracted: 255 for nets whose mean is of pixels from 0 to 255."""
        self._check(in_)
        self.raw_scale[in_] = scale

    def set_mean(self, in_: str, mean: np.ndarray) -> None:
        """Set the mean to subtract: a number a channel, or an image (K, H, W) or (H, W), which is resized if need be."""
        self._check(in_)
        wanted = tuple(self.inputs[in_][1:])
        if mean.ndim == 1:
            if mean.shape[0] != wanted[0]:
                raise ValueError(f"the mean has {mean.shape[0]} channels; input `{in_}` has {wanted[0]}")
            mean = mean[:, np.newaxis, np.newaxis]
        elif mean.ndim not in (2, 3):
            raise ValueError(f"the mean has shape {mean.shape}; give a number a channel, or an image (channels, height, width)")
        elif (1, *mean.shape)[-3:] != wanted:
            least, most = mean.min(), mean.max()
            unit = (mean - least) / (most - least)
            mean = resize_image(unit.transpose(1, 2, 0), wanted[1:]).transpose(2, 0, 1) * (most - least) + least
        self.mean[in_] = mean

    def set_input_scale(self, in_: str, scale: float) -> None:
        """Set the factor after the mean is subtracted."""
        self._check(in_)
        self.input_scale[in_] = scale

    def _check(self, in_: str) -> None:
        if in_ not in self.inputs:
            raise ValueError(f"`{in_}` is none of the inputs: {', '.join(self.inputs) or 'there are none'}")
