"""``caffe.Classifier``: a net that classifies images."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from netdef.pycaffe.images import oversample as crops_of
from netdef.pycaffe.images import resize_image
from netdef.pycaffe.net import Net
from netdef.pycaffe.transformer import Transformer


class Preprocessed(Net):
    """A net in the TEST phase with a `transformer` for the images of its first input."""

    def __init__(
        self, model_file: str | os.PathLike[str], pretrained_file: str | os.PathLike[str],
        mean: np.ndarray | None = None, input_scale: float | None = None, raw_scale: float | None = None,
        channel_swap: Sequence[int] | None = None,
    ):
        super().__init__(model_file, phase=1, weights=pretrained_file)
        name = self.inputs[0]
        self.transformer = Transformer({name: self.blobs[name].shape})
        self.transformer.set_transpose(name, (2, 0, 1))
        if mean is not None:
            self.transformer.set_mean(name, mean)
        if input_scale is not None:
            self.transformer.set_input_scale(name, input_scale)
        if raw_scale is not None:
            self.transformer.set_raw_scale(name, raw_scale)
        if channel_swap is not None:
            self.transformer.set_channel_swap(name, channel_swap)


class Classifier(Preprocessed):
    """``image_dims`` is the height and width that images are resized to before the net's size is cut out of them: the
    net's own unless given. ``mean``, ``input_scale``, ``raw_scale``, ``channel_swap`` are those of `Transformer`.
    """

    def __init__(
        self, model_file: str | os.PathLike[str], pretrained_file: str | os.PathLike[str],
        image_dims: Sequence[int] | None = None, mean: np.ndarray | None = None, input_scale: float | None = None,
        raw_scale: float | None = None, channel_swap: Sequence[int] | None = None,
    ):
        super().__init__(model_file, pretrained_file, mean, input_scale, raw_scale, channel_swap)
        self.crop_dims = np.array(self.blobs[self.inputs[0]].shape[2:])
        self.image_dims: Sequence[int] | np.ndarray = (
            self.crop_dims if image_dims is None or not len(image_dims) else image_dims)

    def predict(self, inputs: Sequence[np.ndarray], oversample: bool = True) -> np.ndarray:
        """The net's first output for each image (H, W, K): (N, classes).

        With ``oversample`` it is the mean over ten crops, without it the middle is cut out.
        """
        resized = np.array([resize_image(image, self.image_dims) for image in inputs], np.float32)
        if oversample:
            crops = crops_of(resized, self.crop_dims)
        else:
            y, x = (int(size / 2 - crop / 2) for size, crop in zip(self.image_dims, self.crop_dims))
            crops = resized[:, y : y + self.crop_dims[0], x : x + self.crop_dims[1]]
        name = self.inputs[0]
        batch = np.array([self.transformer.preprocess(name, crop) for crop in crops])
        found = self.forward_all(None, **{name: batch})[self.outputs[0]]
        return found.reshape(len(found) // 10, 10, -1).mean(1) if oversample else found
