"""EmbeddingLookup and EmbeddingLookupSparse: rows of tables by the numbers of the text. TensorFlow's, from Synopsys' fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import EmbeddingLookupParameter, EmbeddingLookupSparseParameter

SPARSE = "embedding_lookup_sparse_param"


class _Lookup(Layer):
    """The base of both. The bottoms are parts of one table: rows by their number in it.

    Of n bottoms, with ``partition_strategy`` "mod" row i is row i / n of bottom i % n; with "div" the bottoms are one behind the
    other, each of as many rows as the next or one more. A row longer than ``max_norm`` is made as short. The fork has no gradient
    of it; here it has its own.
    """

    n_bottoms = at_least(1)
    refuses_inplace = True
    places: list[int]
    """The rows' places in all bottoms one behind the other."""

    def read(
        self, spec: LayerDefinition, shapes: Sequence[Shape], param: EmbeddingLookupParameter | EmbeddingLookupSparseParameter,
        field: str, ids: Sequence[int], ids_field: str,
    ) -> None:
        """Read the fields that both have, from ``param``; ``ids`` are the numbers of rows."""
        for index, shape in enumerate(shapes):
            check_least_axes(spec, shapes, 1, index)
            if shape[1:] != shapes[0][1:]:
                raise refuse_shapes(spec, shapes, index, "all axes but the first must agree")
        if param.partition_strategy not in ("mod", "div"):
            raise spec.refuse(f"has `partition_strategy` \"{param.partition_strategy}\"; it is \"mod\" or \"div\"", field,
                              "partition_strategy")
        sizes, n = [shape[0] for shape in shapes], len(shapes)
        least, longer = divmod(sum(sizes), n)
        self.places = []
        for i, number in enumerate(ids):
            if param.partition_strategy == "mod" or n == 1:
                row, table = divmod(number, n)
            elif number < longer * (least + 1):
                table, row = divmod(number, least + 1)
            else:
                table, row = divmod(number - longer * (least + 1), max(least, 1))
                table += longer
            if table >= n or row >= sizes[table]:
                raise spec.refuse(f"takes row {number} of tables of {sizes} rows", field, ids_field, i)
            self.places.append(sum(sizes[:table]) + row)
        self.longest: float | None = param.max_norm if param.HasField("max_norm") else None
        if self.longest is not None:
            check_above_zero(spec, self.longest, field, "max_norm")

    def rows(self, tables: Sequence[Tensor]) -> Tensor:
        """The rows (n, ...)."""
        return rows_of_tables(list(tables), self.places, self.longest)

    def code_of_rows(self, bottoms: Sequence[Variable]) -> str:
        """`rows` in a written module."""
        return f"rows_of_tables([{', '.join(bottoms)}], {self.places}, {self.longest})"


@register("EmbeddingLookup")
class EmbeddingLookup(_Lookup):
    """The rows ``ids`` of a table, which the bottoms are, with the shape ``ids_shape`` in place of the first axis."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.embedding_lookup_param
        self.shape = tuple(param.ids_shape)
        if len(param.ids) != math.prod(self.shape):
            raise spec.refuse(f"has {len(param.ids)} `ids`; `ids_shape` {self.shape} wants {math.prod(self.shape)}",
                              "embedding_lookup_param", "ids")
        self.read(spec, shapes, param, "embedding_lookup_param", param.ids, "ids")

    def forward(self, *tables: Tensor) -> Tensor:
        return self.rows(tables).reshape(*self.shape, *tables[0].shape[1:])

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"{self.code_of_rows(bottoms)}.reshape({(*self.shape, *bottoms[0].shape[1:])})"
        return TorchCode(call, functions=(rows_of_tables,))


@register("EmbeddingLookupSparse")
class EmbeddingLookupSparse(_Lookup):
    """Sums of the rows ``ids_values`` of a table, which the bottoms are: of each, the row of the top is in ``ids_indices``.

    Each row counts ``weight_values`` times, 1 by default. The sums are divided, with ``combiner`` "mean" by the sum of the
    weights, with "sqrtn" by the root of that of their squares, with "sum" not. There is a row up to the last of ``ids_indices``.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.embedding_lookup_sparse_param
        self.segments, columns = list(param.ids_indices[::2]), param.ids_indices[1::2]
        count, weights = len(param.ids_values), list(param.weight_values) or [1.0] * len(param.ids_values)
        if not count or len(param.ids_indices) != 2 * count or len(weights) != count:
            raise spec.refuse(f"has {count} `ids_values`, {len(param.ids_indices)} `ids_indices` and {len(param.weight_values)} "
                              "`weight_values`; it wants two indices and one weight, or none, for each value", SPARSE)
        if len(param.ids_shape) < 2 or min(param.ids_indices) < 0 or max(self.segments) >= param.ids_shape[0] \
                or max(columns) >= param.ids_shape[1]:
            raise spec.refuse(f"has `ids_indices` outside `ids_shape` {list(param.ids_shape)}, of rows and columns", SPARSE,
                              "ids_indices")
        if sorted(self.segments) != self.segments:
            raise spec.refuse("has rows in `ids_indices` that fall", SPARSE, "ids_indices")
        self.read(spec, shapes, param, SPARSE, param.ids_values, "ids_values")
        combiner = "sqrtn" if param.combiner == "None" else param.combiner
        if combiner not in ("sum", "mean", "sqrtn"):
            raise spec.refuse(f"has `combiner` \"{combiner}\"; it is \"sum\", \"mean\" or \"sqrtn\"", SPARSE, "combiner")
        power = 2 if combiner == "sqrtn" else 1
        sums = [sum(w**power for w, segment in zip(weights, self.segments) if segment == mine) for mine in self.segments]
        if combiner != "sum" and 0 in sums:
            raise spec.refuse("has a row of the top whose weights add up to 0, by which it is divided", SPARSE, "weight_values")
        by = {"sum": [1.0] * count, "mean": sums, "sqrtn": [math.sqrt(value) for value in sums if value >= 0]}[combiner]
        self.shares = [weight / whole for weight, whole in zip(weights, by)]

    def forward(self, *tables: Tensor) -> Tensor:
        return sums_of_rows(self.rows(tables), self.segments, self.shares)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"sums_of_rows({self.code_of_rows(bottoms)}, {self.segments}, {self.shares})"
        return TorchCode(call, functions=(rows_of_tables, sums_of_rows))


def rows_of_tables(tables: list, places: list, longest: float | None) -> Tensor:
    """Rows of tables one behind the other, those longer than ``longest`` made as short."""
    table = torch.cat(tables) if len(tables) > 1 else tables[0]
    rows = table.index_select(0, torch.tensor(places, device=table.device))
    if longest is None:
        return rows
    length = rows.reshape(len(places), -1).norm(dim=1).reshape(-1, *[1] * (rows.ndim - 1))
    return rows * (longest / length.clamp(min=longest))


def sums_of_rows(rows: Tensor, segments: list, shares: list) -> Tensor:
    """Rows times their shares, added up in those of the same segment."""
    weighted = rows * torch.tensor(shares, dtype=rows.dtype, device=rows.device).reshape(-1, *[1] * (rows.ndim - 1))
    sums = rows.new_zeros(max(segments) + 1, *rows.shape[1:])
    return sums.index_add(0, torch.tensor(segments, device=rows.device), weighted)
