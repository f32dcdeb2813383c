"""Range, SparseToDense and OneHot, TensorFlow's, from Synopsys' fork: blobs of numbers of the text, and classes as vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive, check_sizes
from netdef.layers.core.fillers import Fill
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

SPARSE = "sparse_to_dense_param"


class _Constant(Layer):
    """The base of layers without bottoms: a blob of numbers of the text."""

    n_bottoms = exactly(0)

    def keep(self, values: np.ndarray) -> None:
        """Make ``values`` the top."""
        def fill(blob: Tensor) -> None:
            with torch.no_grad():
                blob.copy_(torch.from_numpy(values))

        filled: Fill = fill
        self.add_constant("values", values.shape, filled)

    def forward(self) -> Tensor:
        return self.get_buffer("values")

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        values = self.get_buffer("values")
        return TorchCode.of_member(me, f"nn.Buffer(torch.zeros({tuple(values.shape)}))", {"": values})


@register("Range")
class Range(_Constant):
    """``start``, ``start + delta``, ... before ``limit``, added up in float32."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.range_param
        start, limit, delta = np.float32(param.start), np.float32(param.limit), np.float32(param.delta)
        count = (float(limit) - float(start)) / float(delta) if delta else math.nan
        if not 0 < count < 1e7:
            raise spec.refuse(f"goes from {param.start:g} by {param.delta:g} to {param.limit:g}; it wants a `delta` by which "
                              "that takes from one to ten million numbers", "range_param")
        values = [start]
        while (values[-1] + delta < limit) if delta > 0 else (values[-1] + delta > limit):
            if values[-1] + delta == values[-1]:
                raise spec.refuse(f"has `delta` {param.delta:g}, which changes nothing at {values[-1]:g}", "range_param", "delta")
            values.append(values[-1] + delta)
        self.keep(np.array(values, np.float32))


@register("SparseToDense")
class SparseToDense(_Constant):
    """A blob of ``output_shape`` with ``sparse_values`` at ``sparse_indices``, and elsewhere ``default_value``.

    ``sparse_indices_shape`` is n, for n places of a blob of one axis, or n and the number of its axes, for as many numbers a
    place; 0 is one place. One value is for all places. Places must rise in their first axis, unless ``validate_indices: false``.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.sparse_to_dense_param, tuple(spec.message.sparse_to_dense_param.output_shape)
        check_sizes(spec, "`output_shape`", shape or (0,), SPARSE)
        n_places, *width = tuple(param.sparse_indices_shape) or (0,)
        n_places = n_places or 1
        if width not in ([], [len(shape)]) or (not width and len(shape) != 1):
            raise spec.refuse(f"has `sparse_indices_shape` {list(param.sparse_indices_shape)} for a top of {len(shape)} axes",
                              SPARSE)
        if len(param.sparse_indices) != n_places * len(shape):
            raise spec.refuse(f"has {len(param.sparse_indices)} `sparse_indices`; its shape wants {n_places * len(shape)}",
                              SPARSE)
        if len(param.sparse_values) not in (1, n_places):
            raise spec.refuse(f"has {len(param.sparse_values)} `sparse_values` for {n_places} places", SPARSE)
        places = np.array(param.sparse_indices).reshape(n_places, len(shape))
        if (places >= shape).any():
            raise spec.refuse(f"has a place outside its top of shape {shape}", SPARSE, "sparse_indices")
        if param.validate_indices and (np.diff(places[:, 0]) <= 0).any():
            raise spec.refuse("has places that do not rise in the first axis; `validate_indices: false` allows that", SPARSE,
                              "sparse_indices")
        values = np.full(shape, param.default_value, np.float32)
        for place, value in zip(places, list(param.sparse_values) * (n_places if len(param.sparse_values) == 1 else 1)):
            values[tuple(place)] = value
        self.keep(values)


@register("OneHot")
class OneHot(Layer):
    """Classes of any shape, and a new axis of ``depth``: ``on_value`` (1) at the class, ``off_value`` (0) elsewhere.

    The axis is put in before ``axis`` of the bottom; -1 is behind the last. A class outside 0 to depth - 1 is nowhere.
    No gradient.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, n_axes = spec.message.one_hot_param, len(shapes[0])
        check_positive(spec, param.depth, "one_hot_param", "depth")
        if not -1 <= param.axis <= n_axes:
            raise spec.refuse(f"has `axis` {param.axis}; it is -1, or from 0 to {n_axes}", "one_hot_param", "axis")
        self.axis = n_axes if param.axis == -1 else param.axis
        self.depth, self.on, self.off = param.depth, param.on_value, param.off_value

    def forward(self, classes: Tensor) -> Tensor:
        return one_hot(classes, self.axis, self.depth, self.on, self.off)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        values = f"{number(self.on)}, {number(self.off)}"
        return TorchCode(f"one_hot({bottoms[0]}, {self.axis}, {self.depth}, {values})", functions=(one_hot,))

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor:
        """Classes."""
        return torch.randint(self.depth, shape, generator=generator).float()


def one_hot(classes: Tensor, axis: int, depth: int, on: float, off: float) -> Tensor:
    """Two values along a new axis, the first where the class, cut to a whole number, is."""
    numbers = torch.arange(depth, device=classes.device).reshape(-1, *[1] * (classes.ndim - axis))
    here = classes.detach().unsqueeze(axis).floor() == numbers
    return torch.full_like(here, off, dtype=classes.dtype).masked_fill(here, on)
