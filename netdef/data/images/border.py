"""The border of ``transform_param { pad }``, of intel's fork: images that are padded before their first convolution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"


class Border:
    """Zeros around a transformed image, ``pad`` on each side; with ``mean_value`` the image is rounded, halves to even.

    As in the fork the first row below the image and the first column right of it are read as a part of the image that is 0:
    they hold what the mean and the scale make of that. A mirrored image is mirrored with its border. The fork pads images that
    are decoded; here raw ones are padded, too.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param
        if param.mean_file:
            raise spec.refuse("has a `pad` and a `mean_file`, which the fork reads beyond its end; give `mean_value`",
                              _FIELD, "pad")
        self.pad: int = param.pad
        self.rounds = bool(param.mean_value)
        self.of_zero = np.rint(-np.array(param.mean_value or [0], np.float32) * np.float32(param.scale))[:, None]

    def shape(self, image: Sequence[int]) -> tuple[int, ...]:
        """The shape (C, H, W) of an image with its border."""
        return image[0], image[1] + 2 * self.pad, image[2] + 2 * self.pad

    def inside(self, out: np.ndarray) -> np.ndarray:
        """The part of images (N, C, H, W) that is within their borders."""
        return out[..., self.pad : -self.pad, self.pad : -self.pad]

    def finish(self, out: np.ndarray, mirrored: Sequence[bool]) -> None:
        """Round the images within, and write the borders."""
        inside = self.inside(out)
        image = np.rint(inside) if self.rounds else inside.copy()
        out[:] = 0
        inside[:] = image
        for target, flip in zip(out, mirrored, strict=True):
            view = target[..., ::-1] if flip else target
            view[:, -self.pad, self.pad : -self.pad + 1 or None] = self.of_zero
            view[:, self.pad : -self.pad + 1 or None, -self.pad] = self.of_zero


def read_border(spec: LayerDefinition) -> Border | None:
    """The border that a layer's ``transform_param`` asks for; None for none."""
    param = spec.message.transform_param
    if not param.pad:
        return None
    if spec.type not in ("Data", "ImageData"):
        raise spec.refuse("has a `pad`, which only Data and ImageData read", _FIELD, "pad")
    return Border(spec)
