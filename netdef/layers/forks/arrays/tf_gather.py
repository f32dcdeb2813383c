"""Gather, GatherV2, GatherND and ScatterND: entries by index. TensorFlow's and ONNX's, from Synopsys' fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_ROLES = ("data", "indices", "updates")


@register("Gather", when=lambda spec: spec.message.HasField("gather_param"))
class Gather(Layer):
    """Entries of ``axis`` (0 by default) by the ``indices`` of the text, whose ``shape`` takes the place of the axis.

    A shape of 0 is one index without an axis. The fork has no gradient of it; here it has its own.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.gather_param
        check_least_axes(spec, shapes, 1)
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), "gather_param", "axis")
        self.indices, shape = list(param.indices), list(param.shape)
        self.places = () if shape == [0] else tuple(shape)
        _check_count(spec, self.indices, self.places, "gather_param")
        _check_within(spec, self.indices, shapes[0][self.axis], "gather_param", "indices")

    def forward(self, x: Tensor) -> Tensor:
        return gather(x, self.axis, torch.tensor(self.indices, device=x.device).reshape(self.places))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        indices = f"torch.tensor({self.indices}, device={x}.device).reshape({self.places})"
        return TorchCode(f"gather({x}, {self.axis}, {indices})", functions=(gather,))


@register("GatherV2")
class GatherV2(Layer):
    """Entries of ``axis`` (0 by default) of the first bottom by the second, whose shape takes the place of the axis.

    Indices are truncated to integers and get no gradient; one outside the axis is an error. The fork has no gradient of the
    first bottom, either; here it has its own. ``batch_flag`` is not read.
    """

    n_bottoms = exactly(2)
    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        self.axis = canonical_axis(spec, spec.message.gather_v2_param.axis, len(shapes[0]), "gather_v2_param", "axis")
        self.size = shapes[0][self.axis]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][: self.axis], *bottoms[1], *bottoms[0][self.axis + 1 :])]

    def forward(self, x: Tensor, indices: Tensor) -> Tensor:
        return gather(x, self.axis, indices)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"gather({bottoms[0]}, {self.axis}, {bottoms[1]})", functions=(gather,))

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Places of the axis."""
        return torch.randint(self.size, shape, generator=generator).float() if index == 1 else None


@register("GatherND")
class GatherND(Layer):
    """Entries of the first axes, as many as the last of ``indices_shape``, by the tuples ``indices`` of the text.

    The top has the other numbers of ``indices_shape`` in place of these axes. The fork has no gradient of it.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.gather_nd_param, shapes[0]
        *places, width = tuple(param.indices_shape) or (0,)
        if not 1 <= width <= len(shape):
            raise spec.refuse(f"has indices of {width} numbers for a bottom of {len(shape)} axes; the last number of "
                              "`indices_shape` says how many", "gather_nd_param", "indices_shape")
        _check_count(spec, param.indices, param.indices_shape, "gather_nd_param")
        self.places = tuple(places)
        self.indices = [list(param.indices[axis::width]) for axis in range(width)]
        for indices, size in zip(self.indices, shape):
            _check_within(spec, indices, size, "gather_nd_param", "indices")

    def forward(self, x: Tensor) -> Tensor:
        return gather_nd(x, torch.tensor(self.indices, device=x.device), self.places)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        call = f"gather_nd({x}, torch.tensor({self.indices}, device={x}.device), {self.places})"
        return TorchCode(call, functions=(gather_nd,))


@register("ScatterND")
class ScatterND(Layer):
    """Data (...), and at the places of the tuples indices (..., K), of its first K axes, the updates (..., rest of the data).

    These are the bottoms in this order; one with ``is_data_param``, ``is_indices_param`` or ``is_updates_param`` is a blob,
    ``data``, ``indices`` or ``updates``, of the shape of that name, with the numbers of the weight file. Places are to differ.
    No solver changes the blobs. The fork has no gradient of it; here it has its own, but for indices.
    """

    n_bottoms = between(0, 3)
    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, bottoms = spec.message.scatter_nd_param, list(shapes)
        self.stored = [param.is_data_param, param.is_indices_param, param.is_updates_param]
        if len(bottoms) != 3 - sum(self.stored):
            raise spec.refuse(f"has {sum(self.stored)} of data, indices and updates as blobs, and wants the other "
                              f"{3 - sum(self.stored)} as bottoms; it has {len(bottoms)}", "bottom")
        found = []
        for name, stored, shape in zip(_ROLES, self.stored, (param.data_shape, param.indices_shape, param.updates_shape)):
            if stored:
                self.add_blob(name, tuple(shape), learnable=False)
            found.append(tuple(shape) if stored else bottoms.pop(0))
        data, indices, updates = found
        if not indices or not 1 <= indices[-1] <= len(data):
            raise spec.refuse(f"has indices of shape {indices} for data of {len(data)} axes; their last axis says for how many "
                              "of them", "scatter_nd_param")
        if updates != (*indices[:-1], *data[indices[-1] :]):
            raise spec.refuse(f"has updates of shape {updates}; indices of shape {indices} and data of shape {data} want "
                              f"{(*indices[:-1], *data[indices[-1]:])}", "scatter_nd_param")
        self.size = min(data[: indices[-1]])

    def forward(self, *bottoms: Tensor) -> Tensor:
        given = iter(bottoms)
        return scatter_nd(*(self.blob(name) if stored else next(given) for name, stored in zip(_ROLES, self.stored)))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        given = iter(bottoms)
        names = [f"{me}_{name}" if stored else next(given) for name, stored in zip(_ROLES, self.stored)]
        blobs = {f"_{name}": self.blob(name) for name in self.blob_names}
        made = {suffix: f"nn.Buffer(torch.zeros({tuple(blob.shape)}))" for suffix, blob in blobs.items()}
        return TorchCode(f"scatter_nd({', '.join(names)})", made, {suffix: {"": blob} for suffix, blob in blobs.items()},
                         (scatter_nd,))

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Places."""
        is_indices = not self.stored[1] and index == (0 if self.stored[0] else 1)
        return torch.randint(self.size, shape, generator=generator).float() if is_indices else None


def _check_count(spec: LayerDefinition, indices: Sequence[int], shape: Sequence[int], param: str) -> None:
    if len(indices) != math.prod(shape):
        raise spec.refuse(f"has {len(indices)} `indices`; their shape {tuple(shape)} wants {math.prod(shape)}", param, "indices")


def _check_within(spec: LayerDefinition, indices: Sequence[int], size: int, *path: str) -> None:
    if max(indices, default=0) >= size:
        raise spec.refuse(f"has an index {max(indices)} for an axis of size {size}", *path)


def gather(x: Tensor, axis: int, indices: Tensor) -> Tensor:
    """Entries of an axis by index; the shape of the indices takes the axis's place."""
    shape = (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :])
    return x.index_select(axis, indices.detach().long().flatten()).reshape(shape)


def gather_nd(x: Tensor, indices: Tensor, places: tuple) -> Tensor:
    """Entries of the first axes by indices (axes, n); the shape ``places`` takes the axes' place."""
    return x[tuple(indices)].reshape((*places, *x.shape[len(indices) :]))


def scatter_nd(data: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """ONNX's ScatterND: data with updates in place of its entries at some places."""
    places = tuple(indices.detach().long().flatten(0, -2).unbind(-1)) if indices.ndim > 1 else tuple(indices.long())
    return data.index_put(places, updates.reshape(-1, *data.shape[indices.shape[-1] :]) if indices.ndim > 1 else updates)
