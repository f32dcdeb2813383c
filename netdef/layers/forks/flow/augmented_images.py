"""Images moved and recoloured by the numbers of `augmentation_draws`. Of FlowNet 2 (Ilg et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.layers.forks.flow.augmentation_draws import CHROMATIC, EIGEN, UNCHANGED, Numbers, affine, moved

_SMALL = 1e-2
_POWERED = "pow", "add", "mult"


@torch.no_grad()
def apply(images: Tensor, numbers: Numbers, crop: tuple[int, int], axes: Sequence[float], limit: float) -> Tensor:
    """Crops (N, C, *crop) of images, moved, recoloured and with effects; colours are at most ``limit``.

    Colours and effects are those of images with three channels, and of all as soon as one changes, as in the fork. ``axes``
    are nine numbers, three axes of colours. There is no gradient, as in the fork.
    """
    numbers = {name: x.where((x - UNCHANGED[name]).abs() >= 1e-3, UNCHANGED[name]) for name, x in numbers.items()}
    found = warped(images, affine(numbers, (images.shape[2], images.shape[3]), crop), crop)
    numbers = {name: x[:, None, None] for name, x in numbers.items()}
    if _changes(numbers, EIGEN):
        found = _along_axes(found, images, numbers, found.new_tensor(axes).reshape(3, 3), limit)
    if _changes(numbers, CHROMATIC):
        found = _recoloured(found, numbers, limit)
    return _with_effects(found, numbers, limit)


def _changes(numbers: Numbers, names: Sequence[str]) -> bool:
    return any(bool((numbers[name] != UNCHANGED[name]).any()) for name in names)


def warped(images: Tensor, matrices: Tensor, crop: tuple[int, int]) -> Tensor:
    """Bilinear samples of images, (N, C, *crop), at the places to which matrices map those of the crop.

    A place beyond the image, or beyond its last row or column less 0.05, is moved there.
    """
    rows, columns = (torch.arange(side, dtype=images.dtype, device=images.device) for side in crop)
    x, y = moved(matrices, columns.expand(1, *crop), rows[:, None].expand(1, *crop))
    height, width = images.shape[2:]
    x, y = x.clamp(0, width - 1.05), y.clamp(0, height - 1.05)
    left, top = x.floor(), y.floor()
    place = (top * width + left).long().flatten(1)[:, None].expand(-1, images.shape[1], -1)
    pixels, (dx, dy) = images.flatten(2), ((a - b)[:, None] for a, b in ((x, left), (y, top)))

    def at(offset: int) -> Tensor:
        return pixels.gather(2, place + offset).reshape(*images.shape[:2], *crop)

    return (at(0) * (1 - dx) + at(1) * dx) * (1 - dy) + (at(width) * (1 - dx) + at(width + 1) * dx) * dy


def _recoloured(images: Tensor, numbers: Numbers, limit: float) -> Tensor:
    """Colours times a factor each, at the same brightness; then gamma, brightness and contrast."""
    factors = torch.stack([numbers[f"color{i}"] for i in (1, 2, 3)], 1)
    colours = images * factors
    x = (colours * (images.sum(1) / (colours.sum(1) + 0.01))[:, None]).clamp(0, 1)
    x = x ** numbers["gamma"][:, None] + numbers["brightness"][:, None]
    return (0.5 + (x - 0.5) * numbers["contrast"][:, None]).clamp(0, limit)


def _along_axes(images: Tensor, source: Tensor, numbers: Numbers, axes: Tensor, limit: float) -> Tensor:
    """Change the parts of colours along the axes, over the greatest of the batch before it was cropped, ``source``."""
    most = torch.einsum("ac,nchw->nahw", axes, source).abs().amax((0, 2, 3))
    used = (most > _SMALL)[:, None, None]
    scale, mean = most.where(most > _SMALL, 1)[:, None, None], source.mean((0, 2, 3))
    parts = torch.einsum("ac,nchw->nahw", axes, images - mean[:, None, None]) / scale
    changed = _powered(parts, *(torch.stack([numbers[f"{kind}_nomean{i}"] for i in range(3)], 1) for kind in _POWERED))
    parts = changed.where(used, parts) + (axes @ mean)[:, None, None] / scale
    first = _powered(parts[:, 0], *(numbers[f"{kind}_withmean0"] for kind in _POWERED))
    first, second, third = first.where(used[0], parts[:, 0]), parts[:, 1], parts[:, 2]
    saturation = (second**2 + third**2).sqrt()
    wanted = ((saturation ** numbers["pow_withmean1"] + numbers["add_withmean1"]).clamp(min=0) * numbers["mult_withmean1"])
    cosine, sine = numbers["col_angle"].cos(), numbers["col_angle"].sin()
    parts = torch.stack((first, cosine * second - sine * third, sine * second + cosine * third), 1) * scale
    longest, before = most.norm(), parts.norm(dim=1)
    ratio = (wanted / saturation.where(saturation > _SMALL, 1)).where(saturation > _SMALL, 1)
    parts = torch.stack((parts[:, 0], parts[:, 1] * ratio, parts[:, 2] * ratio), 1)
    length = parts.norm(dim=1)
    light = ((before / longest.clamp(min=_SMALL)) ** numbers["lmult_pow"] + numbers["lmult_add"]).clamp(min=0)
    light = light * numbers["lmult_mult"] * longest
    lit = torch.minimum(parts * (light / length.where(length > _SMALL, 1))[:, None], most[:, None, None])
    parts = lit.where(((length > _SMALL) & (longest > _SMALL))[:, None], parts)
    return torch.einsum("ac,nahw->nchw", axes, parts).clamp(0, limit)


def _powered(x: Tensor, power: Tensor, added: Tensor, factor: Tensor) -> Tensor:
    """``(sign(x) |x|^power + added) * factor``."""
    return (torch.copysign(x.abs() ** power, x) + added) * factor


def _with_effects(images: Tensor, numbers: Numbers, limit: float) -> Tensor:
    """A shadow over half of the image, and normal noise. Fog and blurs only limit the colours, as in the fork."""
    fog = (numbers["fog_amount"] != 0) & (numbers["fog_size"] != 0)
    shadow, noise = numbers["shadow_strength"], numbers["noise"]
    if not bool((fog | (numbers["motion_blur_size"] > 0) | (shadow > 0) | (noise > 0)).any()):
        return images
    height, width = images.shape[2:]
    x = torch.arange(width, dtype=images.dtype, device=images.device) - width // 2
    y = torch.arange(height, dtype=images.dtype, device=images.device)[:, None] - height // 2
    angle = numbers["shadow_angle"]
    dark = x * angle.cos() + y * angle.sin() - numbers["shadow_distance"] > 0
    images = (images - (dark * shadow)[:, None]).clamp(0, limit)
    return images + torch.randn_like(images) * noise.clamp(min=0)[:, None]
