"""``caffe.Detector``: a net that classifies windows of images, as R-CNN did.

Girshick et al., Rich feature hierarchies for accurate object detection and semantic segmentation, 2014.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TypedDict

import numpy as np

from netdef.pycaffe.classifier import Preprocessed
from netdef.pycaffe.images import load_image, resize_image


class WindowDetection(TypedDict):
    """The detection in a window of an image: ``window`` is (ymin, xmin, ymax, xmax)."""

    window: np.ndarray
    prediction: np.ndarray
    filename: str


class Detector(Preprocessed):
    """``context_pad``: how many pixels of the net's input, on each side, show what lies around the window; what is beyond
    the image is the mean. The other arguments are those of `Classifier`.
    """

    def __init__(
        self, model_file: str | os.PathLike[str], pretrained_file: str | os.PathLike[str],
        mean: np.ndarray | None = None, input_scale: float | None = None, raw_scale: float | None = None,
        channel_swap: Sequence[int] | None = None, context_pad: int | None = None,
    ):
        super().__init__(model_file, pretrained_file, mean, input_scale, raw_scale, channel_swap)
        self.configure_crop(context_pad)

    def configure_crop(self, context_pad: int | None) -> None:
        """Set the context that `crop` adds around windows, and the fill outside the image."""
        name = self.inputs[0]
        channels, height, width = self.blobs[name].shape[1:]
        self.crop_dims = np.array([height, width, channels])
        self.context_pad = context_pad
        if context_pad:
            mean = self.transformer.mean.get(name)
            image = np.zeros((channels, height, width), np.float32)
            if mean is not None:
                image += mean
                image /= self.transformer.raw_scale.get(name, 1)
                image = image[np.argsort(self.transformer.channel_swap.get(name, range(channels)))]
            self.crop_mean = image.transpose(1, 2, 0)

    def detect_windows(self, images_windows: Iterable[tuple[str, Iterable[np.ndarray]]]) -> list[WindowDetection]:
        """Classify windows (ymin, xmin, ymax, xmax) of image files: [(file, windows)]."""
        found: list[WindowDetection] = []
        inputs, name = [], self.inputs[0]
        for filename, windows in images_windows:
            image = load_image(filename)
            for window in windows:
                inputs.append(self.transformer.preprocess(name, self.crop(image, window)))
                found.append({"window": window, "prediction": np.empty(0), "filename": filename})
        predictions = self.forward_all(None, **{name: np.array(inputs)})[self.outputs[0]]
        for detection, prediction in zip(found, predictions):
            detection["prediction"] = prediction
        return found

    def detect_selective_search(self, image_fnames: Iterable[str]) -> list[WindowDetection]:
        """Classify the windows that the module `selective_search_ijcv_with_python` proposes."""
        selective_search = import_module("selective_search_ijcv_with_python")
        files = [os.path.abspath(file) for file in image_fnames]
        windows = selective_search.get_windows(files, cmd="selective_search_rcnn")
        return self.detect_windows(zip(files, windows))

    def crop(self, im: np.ndarray, window: np.ndarray) -> np.ndarray:
        """Crop the window of an image; with a `context_pad`, with its context at the net's size."""
        top, left, bottom, right = (int(edge) for edge in window)
        if not self.context_pad:
            return im[top:bottom, left:right]
        size = int(self.crop_dims[1])  # the net's input is a square
        scale = size / (size - 2.0 * self.context_pad)
        half = np.array([bottom - top + 1, right - left + 1]) / 2
        middle = np.array([top, left]) + half
        low, high = np.round(middle - scale * half), np.round(middle + scale * half)
        zoom = size / (high - low + 1)
        pad = np.round(np.maximum(0, -low) * zoom).astype(int)
        bounds = np.array(im.shape[:2])
        low, high = (np.clip(corner, 0, bounds).astype(int) for corner in (low, high))
        kept = np.minimum(np.round((high - low + 1) * zoom).astype(int), size - pad)
        crop = np.ones(self.crop_dims, np.float32) * self.crop_mean
        crop[pad[0] : pad[0] + kept[0], pad[1] : pad[1] + kept[1]] = resize_image(
            im[low[0] : high[0], low[1] : high[1]], kept)
        return crop
