"""DeepHandModel: the joints of a hand from the angles of its bones (Zhou et al. 2016). Of xingyizhou's DeepModel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.fillers import Fill
from netdef.layers.core.patterns import from_file
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

JOINTS, ANGLES, BONES = 31, 47, 30
_PALM = 24

# The bones before each joint, in an order in which a bone's start is known: (joint, the joint it starts from, the axes and
# numbers of the angles that turn it, the axis along which it lies, its length, the sign of that). The palm is turned as one.
Bone = tuple[int, int, tuple[tuple[str, int], ...], int, int, int]


def _turns(first: int) -> tuple[tuple[str, int], ...]:
    """The angles about z, x and y, of which that about x is number ``first``."""
    return ("z", first + 2), ("x", first), ("y", first + 1)


def _bones() -> list[Bone]:
    whole = _turns(3)
    bones: list[Bone] = [
        (25, _PALM, (*whole, *_turns(6)), 1, 24, -1), (26, _PALM, (*whole, *_turns(9)), 1, 25, -1),
        (27, _PALM, (*whole, *_turns(12)), 1, 26, -1), (28, 27, (("z", 16), ("y", 15)), 0, 27, 1),
        (29, 28, (("z", 17),), 0, 28, 1), (30, 29, (("z", 18),), 0, 29, 1)]
    for k in range(4):  # fingers, from little finger to index
        tip, angle = 5 * k, 31 + 4 * k
        bones += [
            (20 + k, _PALM, (*whole, *_turns(19 + 3 * k)), 1, 20 + k, 1),
            (tip + 4, 20 + k, (("z", angle + 1), ("x", angle)), 1, tip + 4, 1),
            (tip + 3, tip + 4, (("x", angle + 2),), 1, tip + 3, 1), (tip + 2, tip + 3, (), 1, tip + 2, 1),
            (tip + 1, tip + 2, (("x", angle + 3),), 1, tip + 1, 1), (tip, tip + 1, (), 1, tip, 1)]
    return bones


@register("DeepHandModel")
class DeepHandModel(Layer):
    """(N, 47) to (N, 93): x, y and z of 31 joints, by three shifts and 44 angles of a hand, in radians.

    To each number that of ``configuration/InitialParameters.txt`` is added; those whose numbers, after their count, stand in
    ``DofFixedId.txt`` are the file's alone and get no gradient. ``BoneLength.txt`` has 30 lengths. The folder is looked for
    beside the net's file, then in the working directory, which alone the fork takes.
    """

    first: Tensor
    fixed: Tensor
    lengths: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        axis = canonical_axis(spec, spec.message.inner_product_param.axis, len(shapes[0]), "inner_product_param", "axis")
        if axis != 1 or len(shapes[0]) < 2 or torch.Size(shapes[0][1:]).numel() != ANGLES:
            raise spec.refuse(f"wants {ANGLES} numbers an item; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.add_constant("first", (ANGLES,), from_file(spec, "configuration/InitialParameters.txt"))
        self.add_constant("fixed", (ANGLES,), partial(_flags, read=from_file(spec, "configuration/DofFixedId.txt")))
        self.add_constant("lengths", (BONES,), from_file(spec, "configuration/BoneLength.txt"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 3 * JOINTS)]

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(1)
        free = (self.fixed == 0).expand_as(x)
        return hand_joints(x.where(free, 0) + self.first.to(x.dtype), self.lengths.to(x.dtype))


@torch.no_grad()
def _flags(blob: Tensor, read: Fill) -> None:
    """Fill with 1 at the places that a text counts and then lists, and with 0 elsewhere."""
    count = torch.empty(1)
    read(count)
    numbers = torch.empty(1 + int(count))
    read(numbers)
    places = numbers[1:].long()
    if len(places) and not 0 <= places.min() <= places.max() < len(blob):
        raise FileError(f"DofFixedId.txt lists {places.tolist()}; wanted are numbers from 0 to {len(blob) - 1}")
    blob.zero_()
    blob[places] = 1


def hand_joints(numbers: Tensor, lengths: Tensor) -> Tensor:
    """The places (N, 93) of the joints, by shifts and angles (N, 47) and the lengths of bones (30)."""
    places = {_PALM: numbers[:, :3]}
    frames = {_PALM: torch.eye(3, dtype=numbers.dtype, device=numbers.device).expand(len(numbers), 3, 3)}
    for joint, start, turns, axis, length, sign in _bones():
        frame = frames[start]
        for about, angle in turns:
            frame = frame @ turn(about, numbers[:, angle])
        frames[joint] = frame
        places[joint] = places[start] + sign * lengths[length] * frame[:, :, axis]
    return torch.stack([places[joint] for joint in range(JOINTS)], 1).flatten(1)


def turn(about: str, angle: Tensor) -> Tensor:
    """The rotations (N, 3, 3) by angles (N) about an axis; about y the other way round, as in the fork."""
    one, none, cosine, sine = torch.ones_like(angle), torch.zeros_like(angle), angle.cos(), angle.sin()
    rows = {
        "x": (one, none, none, none, cosine, -sine, none, sine, cosine),
        "y": (cosine, none, -sine, none, one, none, sine, none, cosine),
        "z": (cosine, -sine, none, sine, cosine, none, none, none, one),
    }
    return torch.stack(rows[about], 1).reshape(-1, 3, 3)
