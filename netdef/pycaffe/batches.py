"""Run any number of items through a net, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

import numpy as np

from netdef.pycaffe.core import NetCore


class BatchNet(NetCore):
    """A net that takes arrays of any number of items."""

    def forward_all(self, blobs: Sequence[str] | None = None, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """`forward` of all items of the inputs' arrays; the last batch is filled up with zeros.

        Returns {blob: array of the results of all items} of the net's outputs and of ``blobs``.
        """
        found: dict[str, list[np.ndarray]] = {name: [] for name in [*self.outputs, *(blobs or ())]}
        for batch in self._batch(inputs):
            _collect(found, self.forward(blobs, None, None, **batch))
        return _joined(found, _count(inputs))

    def forward_backward_all(
        self, blobs: Sequence[str] | None = None, diffs: Sequence[str] | None = None, **arrays: np.ndarray
    ) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """`forward` and `backward` of all items. ``arrays`` are data of inputs and gradients of outputs.

        Returns {blob: data} of the net's outputs and of ``blobs``, and {blob: gradients} of its inputs and of ``diffs``.
        """
        found: dict[str, list[np.ndarray]] = {name: [] for name in [*self.outputs, *(blobs or ())]}
        slopes: dict[str, list[np.ndarray]] = {name: [] for name in [*self.inputs, *(diffs or ())]}
        forward, backward = (
            self._batch({name: arrays[name] for name in names if name in arrays}) for names in (self.inputs, self.outputs))
        nothing: dict[str, np.ndarray] = {}
        for inputs, outputs in zip_longest(forward, backward, fillvalue=nothing):
            _collect(found, self.forward(blobs, None, None, **inputs))
            _collect(slopes, self.backward(diffs, None, None, **outputs))
        return _joined(found, _count(arrays)), _joined(slopes, _count(arrays))

    def _batch(self, arrays: Mapping[str, np.ndarray]) -> Iterator[dict[str, np.ndarray]]:
        """The arrays cut into batches of the first blob's size; the last one is filled up with zeros."""
        size = next(iter(self.blobs.values())).shape[0]
        for start in range(0, _count(arrays), size):
            yield {name: _filled_up(np.asarray(array[start : start + size]), size) for name, array in arrays.items()}


def _count(arrays: Mapping[str, np.ndarray]) -> int:
    return len(next(iter(arrays.values()))) if arrays else 0


def _filled_up(batch: np.ndarray, size: int) -> np.ndarray:
    missing = np.zeros((size - len(batch), *batch.shape[1:]), batch.dtype)
    return np.concatenate([batch, missing]) if len(missing) else batch


def _collect(found: dict[str, list[np.ndarray]], batch: Mapping[str, np.ndarray]) -> None:
    for name, array in batch.items():
        found[name].extend(array.copy())


def _joined(found: Mapping[str, list[np.ndarray]], count: int) -> dict[str, np.ndarray]:
    return {name: np.asarray(items)[:count] for name, items in found.items()}
