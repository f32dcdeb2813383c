"""Random changes of images as numbers, of FlowNet 2 (Ilg et al. 2017): how they are drawn, and their order in a blob."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_above_zero
from netdef.schema.messages import RandomGeneratorParameter

PARAM = "augmentation_param"
SCHEDULE = "coeff_schedule_param"
PLACE = ("mirror", "dx", "dy", "angle", "zoom_x", "zoom_y")
CHROMATIC = ("gamma", "brightness", "contrast", "color1", "color2", "color3")
EIGEN = (*(f"{kind}_{mean}{axis}" for mean in ("nomean", "withmean") for kind in ("pow", "add", "mult") for axis in range(3)),
         "lmult_pow", "lmult_add", "lmult_mult", "col_angle")
EFFECTS = ("fog_amount", "fog_size", "motion_blur_angle", "motion_blur_size", "shadow_angle", "shadow_distance",
           "shadow_strength", "noise")
# The numbers of an item in the order of a blob (N, 42, 1, 1), with the values that change nothing.
UNCHANGED: dict[str, float] = {
    name: float(name.startswith(("zoom", "gamma", "contrast", "color", "pow", "mult", "lmult_pow", "lmult_mult")))
    for name in (*PLACE, *CHROMATIC, *EIGEN, *EFFECTS)}
# Drawn numbers, by field: the numbers of an item that they become, but for those of the place.
_DRAWN = {
    "gamma": "gamma", "brightness": "brightness", "contrast": "contrast", "color": "color1 color2 color3",
    "ladd_pow": "pow_nomean0", "col_pow": "pow_nomean1 pow_nomean2", "ladd_add": "add_nomean0",
    "col_add": "add_nomean1 add_nomean2", "ladd_mult": "mult_nomean0", "col_mult": "mult_nomean1 mult_nomean2",
    "sat_pow": "pow_withmean1", "sat_add": "add_withmean1", "sat_mult": "mult_withmean1", "lmult_pow": "lmult_pow",
    "lmult_mult": "lmult_mult", "lmult_add": "lmult_add", "col_rotate": "col_angle",
} | {name: name for name in EFFECTS}
_PLACED = ("mirror", "translate", "translate_x", "translate_y", "rotate", "zoom", "squeeze")
_KINDS = ("uniform", "gaussian", "bernoulli", "uniform_bernoulli", "gaussian_bernoulli")
_TRIES = 50

Numbers = dict[str, Tensor]  # a value for each item


@dataclass(frozen=True)
class Draw:
    """A rule to draw a number by: uniform within ``spread`` of ``mean``, normal with deviation ``spread``, or 1 with ``prob``.

    Of the kinds with `_bernoulli` it is so with probability ``prob``, else 0, before ``exp``.
    """

    kind: str
    exp: bool
    mean: float
    spread: float
    prob: float
    scheduled: bool
    rounded: bool
    factor: float

    @staticmethod
    def of(message: RandomGeneratorParameter) -> Draw:
        return Draw(message.rand_type, message.exp, message.mean, message.spread, message.prob, message.apply_schedule,
                    message.discretize, message.multiplier)

    def numbers(self, like: Tensor, discount: float, otherwise: float | None = None) -> Tensor:
        """A number for each of ``like``; ``otherwise`` where none is drawn. ``discount`` is the schedule's part of the spread."""
        spread = self.spread * (discount if self.scheduled else 1)
        chosen = torch.rand_like(like) < self.prob
        if self.kind == "bernoulli":
            x = chosen.to(like.dtype)
        else:
            noise = torch.randn_like(like) if self.kind.startswith("gaussian") else 2 * torch.rand_like(like) - 1
            x = self.mean + max(spread, 0) * noise
            if self.kind.endswith("bernoulli"):
                x = x.where(chosen, 0)
            x = x.exp() if self.exp else x
        x = (x.round() if self.rounded else x) * self.factor
        return x.where(chosen, otherwise) if otherwise is not None and self.kind.endswith("_bernoulli") else x


def check_kind(spec: LayerDefinition, draw: Draw, param: str, field: str) -> None:
    """Refuse a rule, of a message's field, of a ``rand_type`` that does not exist."""
    if draw.kind not in _KINDS:
        raise spec.refuse(f"draws `{field}` by `rand_type` \"{draw.kind}\"; there are {', '.join(_KINDS)}", param, field)


class Draws:
    """The random changes of a layer's ``augmentation_param``."""

    def __init__(self, spec: LayerDefinition):
        param, schedule = spec.message.augmentation_param, spec.message.coeff_schedule_param
        self.draws = {name: Draw.of(getattr(param, name)) for name in (*_PLACED, *_DRAWN) if param.HasField(name)}
        for name, draw in self.draws.items():
            check_kind(spec, draw, PARAM, name)
        check_above_zero(spec, schedule.half_life, SCHEDULE, "half_life")
        self.half_life, self.bounds = schedule.half_life, (schedule.initial_coeff, schedule.final_coeff)

    def recolours(self, names: Sequence[str] = (*CHROMATIC, *EIGEN, *EFFECTS)) -> bool:
        """Whether any of the named numbers is drawn."""
        return any(name in names for field in self.draws for name in _DRAWN.get(field, "").split())

    def places_drawn(self) -> bool:
        """Whether any number of the place is drawn."""
        return any(name in self.draws for name in _PLACED)

    def discount(self, passes: float) -> float:
        """The part of the spreads in a pass, counted from 1."""
        first, last = self.bounds
        return first + (last - first) * (2 / (1 + math.exp(-1.0986 * passes / self.half_life)) - 1)

    def colours(self, like: Tensor, discount: float) -> Numbers:
        """The numbers of an item that change colours, and effects, of which any field is given."""
        found = {}
        for field, names in _DRAWN.items():
            if field in self.draws:
                for name in names.split():
                    otherwise = UNCHANGED[name] if field in EFFECTS and field != "noise" else None
                    found[name] = self.draws[field].numbers(like, discount, otherwise)
        for name in ("pow", "add", "mult"):
            if f"{name}_withmean1" in found:
                found[f"{name}_withmean2"] = found[f"{name}_withmean1"]
        return found

    def places(self, start: Numbers, discount: float, size: tuple[int, int], crop: tuple[int, int]) -> Numbers:
        """``start`` with drawn places, such that the crop's corners are in the image; as it is after 50 tries in vain."""
        if not self.places_drawn():
            return start
        before, like = to_blob(start), start["dx"]
        result, done = before, torch.zeros_like(like, dtype=torch.bool)
        for _ in range(_TRIES):
            tried = before + to_blob(unchanged(like) | self._place(like, discount))
            inside = _corners_inside(from_blob(tried), size, crop)
            result = tried.where((inside & ~done)[:, None, None, None], result)
            done = done | inside
            if bool(done.all()):
                break
        return from_blob(result)

    def _place(self, like: Tensor, discount: float) -> Numbers:
        """Drawn numbers of the place."""
        def numbers(field: str, otherwise: float = 0, part: float = discount) -> Tensor:
            return self.draws[field].numbers(like, part, otherwise)

        found: Numbers = {}
        if "mirror" in self.draws:  # the fork gives its default, 0, for the discount
            found["mirror"] = (numbers("mirror", part=0) != 0).to(like.dtype)
        for field, names in (("translate", ("dx", "dy")), ("translate_x", ("dx",)), ("translate_y", ("dy",)),
                             ("rotate", ("angle",))):
            if field in self.draws:
                found |= {name: numbers(field) for name in names}
        zoom = numbers("zoom", 1) if "zoom" in self.draws else torch.ones_like(like)
        squeeze = numbers("squeeze", 1) if "squeeze" in self.draws else torch.ones_like(like)
        return found | {"zoom_x": zoom * squeeze, "zoom_y": zoom / squeeze}


def unchanged(like: Tensor) -> Numbers:
    """The numbers that change nothing, one for each of ``like``."""
    return {name: torch.full_like(like, value) for name, value in UNCHANGED.items()}


def to_blob(numbers: Mapping[str, Tensor]) -> Tensor:
    """The blob (N, 42, 1, 1) of the numbers; those that are usually 1 as their logarithms."""
    return torch.stack([numbers[name].log() if usual else numbers[name] for name, usual in UNCHANGED.items()], 1)[..., None, None]


def from_blob(blob: Tensor) -> Numbers:
    """The numbers of a blob (N, 42, 1, 1)."""
    return {name: x.exp() if usual else x for x, (name, usual) in zip(blob.flatten(1).unbind(1), UNCHANGED.items())}


def affine(numbers: Numbers, size: tuple[int, int], crop: tuple[int, int]) -> Tensor:
    """Matrices (N, 2, 3) from places x, y of a crop to those in the image. ``size`` and ``crop`` are heights and widths."""
    half = [side / 2 for side in (*crop, *size)]
    cosine, sine, sign = numbers["angle"].cos(), numbers["angle"].sin(), torch.where(numbers["mirror"] != 0, -1.0, 1.0)
    x = torch.stack((cosine * sign, -sine, -cosine * sign * half[1] + sine * half[0] + numbers["dx"] * crop[1]), 1)
    y = torch.stack((sine * sign, cosine, -sine * sign * half[1] - cosine * half[0] + numbers["dy"] * crop[0]), 1)
    matrix = torch.stack((x / numbers["zoom_x"][:, None], y / numbers["zoom_y"][:, None]), 1)
    return matrix + matrix.new_tensor([[0, 0, half[3]], [0, 0, half[2]]])


def moved(matrix: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The places (N, ...) to which matrices (N, 2, 3) map x and y."""
    (a, b, c), (d, e, f) = (row.unbind(1) for row in matrix.reshape(len(matrix), 2, 3, *[1] * (x.ndim - 1)).unbind(1))
    return a * x + b * y + c, d * x + e * y + f


def _corners_inside(numbers: Numbers, size: tuple[int, int], crop: tuple[int, int]) -> Tensor:
    """Whether the corners of an item's crop are in the image, before its last row and column."""
    right, bottom = crop[1] - 1.0, crop[0] - 1.0
    corners = numbers["dx"].new_tensor([[0, right, 0, right], [0, 0, bottom, bottom]])
    x, y = moved(affine(numbers, size, crop), corners[:1], corners[1:])
    return ((x.floor() >= 0) & (x.floor() <= size[1] - 2) & (y.floor() >= 0) & (y.floor() <= size[0] - 2)).all(1)
