"""Change the colours of images at random: SSD's ``distort_param``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from netdef.layers.core.checks import check_bounds, check_chance

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


_FIELD = "transform_param", "distort_param"
_CHANGES = "brightness", "contrast", "saturation", "hue", "random_order"


def is_of_one_chance(spec: LayerDefinition) -> bool:
    """Whether a layer's ``distort_param`` is of jolibrain's fork. Raises `SpecError` if it has fields of SSD's, too."""
    param = spec.message.transform_param.distort_param
    ours = [name for name in ("prob", "all_effects", *_CHANGES) if param.HasField(name)]
    others = [name for name in _CHANGES if param.HasField(f"{name}_prob")]
    if ours and others:
        raise spec.refuse(f"has `{ours[0]}`, of jolibrain's fork, and `{others[0]}_prob`, of SSD's; give those of one of them",
                          *_FIELD, ours[0])
    check_chance(spec, param.prob, *_FIELD, "prob")
    return bool(ours)


class Distortion:
    """Random changes of brightness, contrast, saturation, hue and channel order, each with its probability (Howard 2013).

    Contrast comes second or last, with equal chances. Hue turns by up to ``hue_delta`` of 180 steps a circle. In jolibrain's fork
    the changes that are chosen have one chance, ``prob``, and brightness and contrast of grey images are changed, too.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param.distort_param
        for name in ("contrast", "saturation"):
            check_bounds(spec, param, name, *_FIELD)
        self.with_grey = is_of_one_chance(spec)
        chances = {"brightness": param.brightness_prob, "contrast": param.contrast_prob, "saturation": param.saturation_prob,
                   "hue": param.hue_prob, "random_order": param.random_order_prob}
        if self.with_grey:
            chances = {name: param.prob if param.all_effects or getattr(param, name) else 0.0 for name in _CHANGES}
        self.brightness = chances["brightness"], -param.brightness_delta, param.brightness_delta
        self.contrast = chances["contrast"], param.contrast_lower, param.contrast_upper
        self.saturation = chances["saturation"], param.saturation_lower, param.saturation_upper
        self.hue = chances["hue"], -param.hue_delta, param.hue_delta
        self.order = chances["random_order"]

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Distort an image (3, rows, columns), uint8, blue first. Images of other types and channels stay as they are."""
        grey = self.with_grey and image.shape[0] == 1
        if image.dtype != np.uint8 or not (grey or image.shape[0] == 3):
            return image
        contrast_last = random.random() < 0.5
        image = _add(image, self._draw(self.brightness, random, 0.0))
        contrast = self._draw(self.contrast, random, 1.0)
        if not contrast_last:
            image = _times(image, contrast)
        colours = self._draw(self.saturation, random, 1.0), self._draw(self.hue, random, 0.0)
        if not grey:
            image = _recolour(image, *colours)
        if contrast_last:
            image = _times(image, contrast)
        return image[random.permutation(3)] if random.random() < self.order and not grey else image

    @staticmethod
    def _draw(limits: tuple[float, float, float], random: np.random.Generator, otherwise: float) -> float:
        chance, low, high = limits
        drawn = random.uniform(low, high)
        return drawn if random.random() < chance else otherwise


def _add(image: np.ndarray, delta: float) -> np.ndarray:
    return image if delta == 0 else (image + np.float32(delta)).round().clip(0, 255).astype(np.uint8)


def _times(image: np.ndarray, factor: float) -> np.ndarray:
    return image if factor == 1 else (image * np.float32(factor)).round().clip(0, 255).astype(np.uint8)


def _recolour(image: np.ndarray, saturation: float, hue: float) -> np.ndarray:
    if saturation == 1 and hue == 0:
        return image
    pixels = np.array(Image.fromarray(np.ascontiguousarray(image[::-1].transpose(1, 2, 0))).convert("HSV"))
    pixels[..., 0] += np.uint8(round(hue * 256 / 180) % 256)  # 256 steps a circle, where uint8 wraps
    pixels[..., 1] = _times(pixels[..., 1], saturation)
    changed = Image.frombytes("HSV", (image.shape[2], image.shape[1]), pixels.tobytes())
    return np.asarray(changed.convert("RGB")).transpose(2, 0, 1)[::-1]
