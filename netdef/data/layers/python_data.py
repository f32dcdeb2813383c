"""Python: a data layer that the net's author wrote as a class for the original Caffe's Python interface."""

from __future__ import annotations

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.registry import register
from netdef.layers.python.caffe_layer import CaffeObject, maker
from netdef.layers.python.stand_in import UserLayer
from netdef.layers.python.user_code import find_class


def makes_data(spec: LayerDefinition) -> bool:
    """Whether a Python layer is a ``caffe.Layer`` without bottoms."""
    return not spec.bottoms and issubclass(find_class(spec), UserLayer)


@register("Python", when=makes_data)
class PythonData(Feed):
    """A ``caffe.Layer`` without bottoms: batch n is its n-th ``forward`` since ``setup``.

    Numpy's global generator and `random` are seeded for each call from the seed, the layer and n. Batches that are not
    wanted (before the start of a resumed run, or of other ranks) are made and dropped, so that a class that counts
    through its data by itself stays in step. Going back, or a new seed, makes a new object and calls its ``setup``.
    """

    def __init__(self, spec: LayerDefinition):
        super().__init__(spec, 1)
        self._make = maker(spec)
        first = self._new()
        self._object: CaffeObject | None = first
        self._made = 0  # batches since setup
        if first.blobs:
            raise spec.refuse("has parameters but no bottoms, so it would be a data layer that learns; put them in a "
                              'layer of `type: "Parameter"`, or write it as a torch.nn.Module', "type")
        self.shapes = {top: blob.shape for top, blob in zip(self.tops, first.top)}
        self.batch_size = next((shape[0] for shape in self.shapes.values() if shape), 1)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        wanted = number * self._world + self._rank
        if self._made > wanted:
            self.forget()
        current = self._current()
        while self._made <= wanted:
            current.forward(self._seed_of("forward", self._made))
            self._made += 1
        return {top: blob.data.copy() for top, blob in zip(self.tops, current.top)}

    @property
    def object(self) -> UserLayer:
        """The object of the user's class that makes the next batches."""
        return self._current().object

    def _current(self) -> CaffeObject:
        if self._object is None:
            self._object = self._new()
        return self._object

    def forget(self) -> None:
        super().forget()
        if self._made or (self._object and self._object.random_setup):  # setup may be long: not again without need
            self._object, self._made = None, 0

    def _new(self) -> CaffeObject:
        return self._make((), self._seed_of("setup"))

    def _seed_of(self, purpose: str, *numbers: int) -> int:
        return int(self.generator(purpose, *numbers).integers(2**32))
