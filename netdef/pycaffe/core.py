"""The base of `Net`: names, blobs, layers, and passes by hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch

from netdef.graph.net import Net as Module
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe import mode
from netdef.pycaffe.blob import Blob, BlobVec
from netdef.pycaffe.construct import make_blobs, make_params, view_layers
from netdef.pycaffe.errors import own_exceptions
from netdef.pycaffe.layer_memory import gradient_of
from netdef.pycaffe.need_backward import mark_backward
from netdef.pycaffe.passes import Hook, Passes
from netdef.pycaffe.wiring import wire


class NetCore:
    """A net's names, blobs and layers, and its passes.

    Attributes:
        blobs: {name: `Blob`} of all blobs between layers, from input to output.
        params: {layer: its blobs}, of layers that have any.
        layer_dict: {layer: `caffe.Layer`}; ``layers`` is the same as a list.
        inputs, outputs: names of the blobs of Input layers, and of those that no layer reads.
        top_names, bottom_names: {layer: names of blobs}.
        blob_loss_weights: {blob: weight in the loss}.
        module: the `netdef.Net` that computes.
    """

    def __init__(self, module: Module):
        self.module = module
        wiring = wire(module)
        mark_backward(module, wiring)
        self._wiring = wiring
        self._blobs: list[Blob] = make_blobs(module, wiring)
        self._params: list[BlobVec] = make_params(wiring)
        self.layers: list[UserLayer] = view_layers(module, wiring, self._params)
        self._layer_names = [wired.name for wired in wiring.layers]
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
        self._device = self.passes.device  # that all tensors are on; another net may have moved those that are shared

    def _top_ids(self, layer: int) -> list[int]:
        return list(self._wiring.layers[layer].tops)

    def _bottom_ids(self, layer: int) -> list[int]:
        return list(self._wiring.layers[layer].bottoms)

    def _named(self, blobs: Iterable[int]) -> list[str]:
        return [self._blob_names[blob] for blob in blobs]

    # Passes

    def forward(
        self, blobs: Sequence[str] | None = None, start: str | None = None, end: str | None = None, **inputs: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Run the layers from ``start`` to ``end``, both included; by default all.

        ``inputs`` are arrays for all of the net's inputs, of its batch size. Returns {blob: array} of the net's outputs,
        or of the tops of ``end``, and of ``blobs``.
        """
        if inputs:
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
        """Run the layers from ``start`` back to ``end``, both included; by default all, from the last to the first.

        ``outputs`` are gradients for all of the net's outputs. Without them each blob's ``diff`` counts, which is its
        weight for a loss. Gradients of parameters add up until `clear_param_diffs`. Returns {blob: gradient} of the net's
        inputs, or of the bottoms of ``end``, and of ``diffs``.
        """
        if outputs:
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
            for wired in self._wiring.layers[start : end + 1] for top, weight in zip(wired.tops, wired.loss_weights) if weight)

    def _backward(self, start: int, end: int) -> None:
        """Run the layers from number ``start`` back to number ``end``."""
        self.follow_mode()
        with own_exceptions():
            self.passes.backward(start, end)

    def _range(self, first: str | None, last: str | None) -> tuple[int, int]:
        return (0 if first is None else self._layer_names.index(first),
                len(self.layers) - 1 if last is None else self._layer_names.index(last))

    def _fill(self, given: Mapping[str, np.ndarray], names: Sequence[str], what: str, side: str) -> None:
        if set(given) != set(names):
            raise ValueError(f"the net's {what} are {', '.join(names) or 'none'}; given are {', '.join(given)}")
        for name, array in given.items():
            place = getattr(self.blobs[name], side)
            if np.shape(array)[:1] != place.shape[:1]:
                raise ValueError(f"`{name}` holds a batch of {place.shape[:1]}; what is given has shape {np.shape(array)}")
            place[...] = array

    def follow_mode(self) -> None:
        """Move the net to the device that ``set_mode_gpu`` or ``set_mode_cpu`` has chosen."""
        if self._device != mode.device():
            self.move(mode.device())

    def move(self, device: torch.device) -> None:
        """Move the net to a device, with what scripts have written. Its tensors stay the same objects: nets share them."""
        self.passes.upload()
        parameters, buffers = list(self.module.parameters()), list(self.module.buffers())
        gradients = [gradient_of(parameter).get() for parameter in parameters]
        for tensor in (*parameters, *buffers):
            tensor.data = tensor.data.to(device, copy=True)
            torch.autograd.graph.increment_version(tensor)  # layers keep what they derive from statistics
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = None if gradient is None else gradient.to(device, copy=True)
        self._device = device
        self.passes.forget()
        self.refresh_arrays()

    def refresh_arrays(self) -> None:
        """Update all arrays after other code has written to weights, gradients or blobs."""
        self.refresh_weights()
        self.passes.refresh()
        self.passes.refresh_gradients()

    def refresh_weights(self) -> None:
        """Update the arrays of weights after other code has written to the weights."""
        for blob in (blob for blobs in self._params for blob in blobs):
            blob.data_memory.changed()

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
