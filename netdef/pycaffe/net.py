"""``caffe.Net``: a net whose blobs, weights and passes are in a script's hands."""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from netdef.api import load
from netdef.data.layers.memory_data import MemoryData
from netdef.graph.net import Net as Module
from netdef.layers.python.pycaffe import Layer as CaffeLayer
from netdef.pycaffe import mode
from netdef.pycaffe.batches import BatchMethods
from netdef.pycaffe.blob import Blob, BlobVec
from netdef.pycaffe.construct import make_blobs, make_params, view_layers
from netdef.pycaffe.errors import own_exceptions
from netdef.pycaffe.names_of_2014 import MethodsOf2014
from netdef.pycaffe.need_backward import mark_backward
from netdef.pycaffe.parameters import gradient_of
from netdef.pycaffe.passes import Hook, Passes
from netdef.pycaffe.reshaping import reshape
from netdef.pycaffe.wiring import wire
from netdef.weights.load import load_weights
from netdef.weights.save import save_weights

Arrays = Mapping[str, np.ndarray]
_PHASES = ("TRAIN", "TEST")


class Net(BatchMethods, MethodsOf2014):
    """A net of a file, for a phase (``caffe.TRAIN`` or ``caffe.TEST``): ``Net(file, phase, level, stages, weights)``.

    Older scripts write ``Net(file, weights, phase)``. Raises RuntimeError for a file that is not there, `SpecError` for
    what is wrong in the text, `FileError` for weights that do not fit.

    Attributes:
        blobs: {name: `Blob`} of all blobs between layers, from input to output.
        params: {layer: its blobs}, of layers that have any. layer_dict: {layer: `caffe.Layer`}. layers: the same as a list.
        inputs, outputs: names of the blobs of Input layers, and of those that no layer reads.
        top_names, bottom_names: {layer: names of blobs}.
        blob_loss_weights: {blob: weight in the loss}.
        module: the `netdef.Net` that computes.
    """

    def __init__(
        self, network_file: str | os.PathLike[str], *more: object, phase: int | None = None, level: int = 0,
        stages: Sequence[str] | None = None, weights: str | os.PathLike[str] | None = None,
    ):
        chosen = _arguments(more, phase=phase, level=level, stages=stages, weights=weights)
        for path in filter(None, (network_file, chosen["weights"])):
            _must_exist(path)
        with own_exceptions():
            self._wrap(load(
                network_file, _PHASES[chosen["phase"]], chosen["weights"], mode.device(), chosen["level"],
                chosen["stages"] or (), lenient=mode.choices.lenient, allow_python=mode.choices.allow_python))

    @classmethod
    def of(cls, module: Module) -> Net:
        """The net around one that is compiled already."""
        net = cls.__new__(cls)
        net._wrap(module)
        return net

    def _wrap(self, module: Module) -> None:
        self.module = module
        wiring = wire(module)
        mark_backward(module, wiring)
        self._wiring = wiring
        self._blobs: list[Blob] = make_blobs(module, wiring)
        self._params: list[BlobVec] = make_params(module, wiring)
        self.layers: list[CaffeLayer] = view_layers(module, wiring, self._params)
        self._layer_names = [turn.name for turn in wiring.turns]
        self._blob_names = list(wiring.blob_names)
        self._blob_loss_weights = wiring.loss_weights
        self._inputs, self._outputs = list(wiring.inputs), list(wiring.outputs)
        self.blobs = OrderedDict(zip(self._blob_names, self._blobs))
        self.blob_loss_weights = OrderedDict(zip(self._blob_names, self._blob_loss_weights))
        self.layer_dict = OrderedDict(zip(self._layer_names, self.layers))
        self.params = OrderedDict((name, blobs) for name, blobs in zip(self._layer_names, self._params) if blobs)
        self.inputs = [self._blob_names[blob] for blob in self._inputs]
        self.outputs = [self._blob_names[blob] for blob in self._outputs]
        self.top_names = OrderedDict((name, self._named(self._top_ids(i))) for i, name in enumerate(self._layer_names))
        self.bottom_names = OrderedDict((name, self._named(self._bottom_ids(i))) for i, name in enumerate(self._layer_names))
        self.passes = Passes(module, wiring, self._blobs, self._params)

    def _top_ids(self, layer: int) -> list[int]:
        return list(self._wiring.turns[layer].tops)

    def _bottom_ids(self, layer: int) -> list[int]:
        return list(self._wiring.turns[layer].bottoms)

    def _named(self, blobs: Iterable[int]) -> list[str]:
        return [self._blob_names[blob] for blob in blobs]

    # Passes

    def forward(
        self, blobs: Sequence[str] | None = None, start: str | None = None, end: str | None = None, **inputs: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Run the layers from ``start`` to ``end``, both included; without them all.

        ``inputs`` are arrays for all of the net's inputs, of its batch size. Returns {blob: array} of the net's outputs,
        or of the tops of ``end``, and of ``blobs``.
        """
        self._fill(inputs, self.inputs, "inputs", "data")
        first, last = self._range(start, end)
        self.follow_mode()
        with own_exceptions():
            self.passes.forward(first, last)
        wanted = [*(self.outputs if end is None else self.top_names[end]), *(blobs or ())]
        return {name: self.blobs[name].data for name in wanted}

    def backward(
        self, diffs: Sequence[str] | None = None, start: str | None = None, end: str | None = None, **outputs: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Run the layers from ``start`` back to ``end``, both included; without them all, from the last to the first.

        ``outputs`` are gradients for all of the net's outputs. Without them each blob's ``diff`` counts, which is its
        weight for a loss. Gradients of parameters add up until `clear_param_diffs`. Returns {blob: gradient} of the net's
        inputs, or of the bottoms of ``end``, and of ``diffs``.
        """
        self._fill(outputs, self.outputs, "outputs", "diff")
        last, first = self._range(end, start)
        self.follow_mode()
        with own_exceptions():
            self.passes.backward(first, last)
        wanted = [*(self.inputs if end is None else self.bottom_names[end]), *(diffs or ())]
        return {name: self.blobs[name].diff for name in wanted}

    def _forward(self, start: int, end: int) -> float:
        """Run the layers from number ``start`` to number ``end``; the sum of their losses."""
        self.follow_mode()
        with own_exceptions():
            self.passes.forward(start, end)
        return sum(
            weight * float(self._blobs[top].data.sum())
            for turn in self._wiring.turns[start : end + 1] for top, weight in zip(turn.tops, turn.loss_weights) if weight)

    def _backward(self, start: int, end: int) -> None:
        """Run the layers from number ``start`` back to number ``end``."""
        self.follow_mode()
        with own_exceptions():
            self.passes.backward(start, end)

    def _range(self, first: str | None, last: str | None) -> tuple[int, int]:
        return (0 if first is None else self._layer_names.index(first),
                len(self.layers) - 1 if last is None else self._layer_names.index(last))

    def _fill(self, given: Arrays, names: Sequence[str], what: str, side: str) -> None:
        if not given:
            return
        if set(given) != set(names):
            raise ValueError(f"the net's {what} are {', '.join(names) or 'none'}; given are {', '.join(given)}")
        for name, array in given.items():
            place = getattr(self.blobs[name], side)
            if np.shape(array)[:1] != place.shape[:1]:
                raise ValueError(f"`{name}` holds a batch of {place.shape[:1]}; what is given has shape {np.shape(array)}")
            place[...] = array

    def follow_mode(self) -> None:
        """Move the net to the device that ``set_mode_gpu`` or ``set_mode_cpu`` has chosen since."""
        if self.passes.device != mode.device() and any(True for _ in self.module.parameters()):
            self.passes.upload()
            self.module.to(mode.device())
            self.passes.forget()
            self.look_again()

    def look_again(self) -> None:
        """Bring all arrays up to date after something else has written to weights, gradients or blobs."""
        for blob in (blob for blobs in self._params for blob in blobs):
            blob.data_memory.changed()
        for blob in self._blobs:
            blob.data_memory.refresh()
        self.passes.refresh_gradients()

    # Hooks

    def before_forward(self, hook: Hook) -> None:
        """Call ``hook(number of the layer)`` before each layer's forward pass, from now on."""
        self.passes.before_forward.append(hook)

    def after_forward(self, hook: Hook) -> None:
        """Call ``hook(number of the layer)`` after each layer's forward pass, from now on."""
        self.passes.after_forward.append(hook)

    def before_backward(self, hook: Hook) -> None:
        """Call ``hook(number of the layer)`` before each layer's backward pass, from now on."""
        self.passes.before_backward.append(hook)

    def after_backward(self, hook: Hook) -> None:
        """Call ``hook(number of the layer)`` after each layer's backward pass, from now on."""
        self.passes.after_backward.append(hook)

    # Shapes and weights

    def reshape(self) -> None:
        """Give every blob the shape that follows from those of the inputs. Nothing is computed."""
        with own_exceptions():
            reshape(self.passes)

    def clear_param_diffs(self) -> None:
        """Set the gradients of all parameters to zeros."""
        for parameter in self.module.parameters():
            gradient_of(parameter).clear()

    def copy_from(self, path: str | os.PathLike[str]) -> None:
        """Copy the weights of a file, of any format, into the layers of the same names."""
        _must_exist(path)
        load_weights(self.module, path)
        self.look_again()

    def load_hdf5(self, path: str | os.PathLike[str]) -> None:
        """`copy_from`."""
        self.copy_from(path)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a ``.caffemodel``, whatever the path is called."""
        self.passes.upload()
        save_weights(self.module, path, ".caffemodel")

    def save_hdf5(self, path: str | os.PathLike[str]) -> None:
        """Write an HDF5 file of weights, whatever the path is called."""
        self.passes.upload()
        save_weights(self.module, path, ".h5")

    def share_with(self, other: Net) -> None:
        """Compute with the weights of another net's layers of the same names from now on.

        Raises ValueError for layers whose blobs differ in number or shape.
        """
        for name, blobs in self.params.items():
            theirs = other.params.get(name)
            if theirs is None:
                continue
            shapes, others = ([blob.shape for blob in each] for each in (blobs, theirs))
            if shapes != others:
                raise ValueError(f"layer `{name}` has blobs of shapes {shapes}; the other net's have {others}")
            blobs[:] = theirs

    def set_input_arrays(self, data: np.ndarray, labels: np.ndarray) -> None:
        """Let the MemoryData layer that the net begins with give these, batch after batch.

        ``data`` is (N, channels, height, width), ``labels`` (N,) or (N, 1, 1, 1); N is a multiple of the batch size.
        """
        feed = self.module.feeds[0] if self.module.feeds else None
        if not isinstance(feed, MemoryData) or feed.name != self._layer_names[0]:
            raise RuntimeError("set_input_arrays is for nets whose first layer is of type MemoryData; "
                               f"this one's is {self._wiring.turns[0].type}")
        feed.set_arrays(data, labels)

    _set_input_arrays = set_input_arrays


def _arguments(more: Sequence[object], **named: object) -> dict[str, Any]:
    """What `Net` is given, by name, in any of the three orders that scripts have used."""
    if more and isinstance(more[0], (str, os.PathLike)):
        order = ("weights", "phase")
        warnings.warn('Net(file, weights, phase) is the old form; write Net(file, phase, weights="...")',
                      DeprecationWarning, stacklevel=3)
    else:
        order = ("phase", "level", "stages", "weights")
    if len(more) > len(order):
        raise TypeError(f"Net takes at most {len(order) + 1} arguments by position, {len(more) + 1} are given")
    given = {**named, **dict(zip(order, more))}
    if given["phase"] is None:
        warnings.warn("Net without a phase is for testing, as in 2014; write caffe.TEST", DeprecationWarning, stacklevel=3)
        given["phase"] = 1
    return given


def _must_exist(path: str | os.PathLike[str]) -> None:
    if not os.path.isfile(path):
        raise RuntimeError(f"Could not open file {os.fspath(path)}")
