"""`SparseData`: vectors that are mostly zeros, from a database. Of pull requests to BVLC/caffe of 2014 and 2015."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from google.protobuf.message import DecodeError

from netdef.data.databases.records import Item
from netdef.data.layers.database_feed import DatabaseFeed, find_database
from netdef.errors import NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.registry import register
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "sparse_data_param"


@register("SparseData")
class SparseData(DatabaseFeed):
    """Tops ``data`` (batch, size), with the zeros written out, and, if asked for, ``label`` (batch,).

    Records are SparseDatums, all of the first one's size: indices from 0, and a value for each. Values of one index add up.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.sparse_data_param
        super().__init__(spec, param.batch_size)
        if spec.message.HasField("transform_param"):
            raise spec.refuse("does not transform data", "transform_param")
        self.records, self.rand_skip = find_database(spec, param.backend, _PARAM, "source"), param.rand_skip
        self.size = 0
        vector, _ = self.vector(self.records.read(0, 1)[0])
        self.size = len(vector)
        self.set_shapes(spec, (self.size,), ())

    def batch(self, number: int) -> dict[str, np.ndarray]:
        vectors, labels = zip(*map(self.vector, self.items(number)))
        return dict(zip(self.tops, (np.stack(vectors), np.array(labels, np.float32))))

    def vector(self, item: Item) -> tuple[np.ndarray, float]:
        """The vector of a record, and its label."""
        with self.naming(item):
            datum, label = _parse(item[1])
            indices = np.array(datum.indices, np.int64)
            if len(indices) != len(datum.data):
                raise NetdefError(f"has {len(indices)} indices for {len(datum.data)} values")
            if datum.size < 1 or datum.size != (self.size or datum.size):
                raise NetdefError(f"is of size {datum.size}; wanted is {self.size or 'at least 1'}")
            if len(indices) and not 0 <= indices.min() <= indices.max() < datum.size:
                raise NetdefError(f"has indices from {indices.min()} to {indices.max()}; its size is {datum.size}")
            vector = np.zeros(datum.size, np.float32)
            np.add.at(vector, indices, np.array(datum.data, np.float32))
            return vector, label


def _parse(value: bytes) -> tuple[messages.SparseDatum, float]:
    """A record and its label, which some forks write as a whole number and others as a float, in one field."""
    try:
        datum = messages.SparseDatum.FromString(bytes(value))
        label = datum.label if datum.HasField("label") else messages.SparseDatumOfFloat.FromString(bytes(value)).label
    except DecodeError as error:
        raise NetdefError(f"is not a SparseDatum ({len(value)} bytes)") from error
    return datum, label
