"""``caffe.Net``: a net whose blobs, weights and passes scripts control."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from netdef.api import load
from netdef.data.layers.memory_data import MemoryData
from netdef.graph.net import Net as Module
from netdef.pycaffe import mode
from netdef.pycaffe.core import NetCore
from netdef.pycaffe.errors import own_exceptions
from netdef.pycaffe.infer_shapes import reshape
from netdef.pycaffe.layer_memory import gradient_of
from netdef.pycaffe.names_of_2014 import NetOf2014
from netdef.weights.load import load_weights
from netdef.weights.save import save_weights


class Net(NetOf2014):
    """A net of a file, for a phase (``caffe.TRAIN`` or ``caffe.TEST``): ``Net(file, phase, level, stages, weights)``.

    Older scripts write ``Net(file, weights, phase)``. Raises RuntimeError for a file that is not there, `SpecError` for
    what is wrong in the text, `FileError` for weights that do not fit. What a net has is said in `NetCore`.
    """

    def __init__(
        self, network_file: str | os.PathLike[str], *more: object, phase: int | None = None, level: int = 0,
        stages: Sequence[str] | None = None, weights: str | os.PathLike[str] | None = None,
    ):
        chosen = _arguments(more, phase=phase, level=level, stages=stages, weights=weights)
        for path in filter(None, (network_file, chosen["weights"])):
            _must_exist(path)
        with own_exceptions():
            super().__init__(load(
                Path(network_file), "TEST" if chosen["phase"] else "TRAIN", chosen["weights"], mode.device(),
                chosen["level"], chosen["stages"] or (), mode.choices.lenient, mode.choices.allow_python))

    @classmethod
    def of(cls, module: Module) -> Net:
        """Wrap a compiled net."""
        net = cls.__new__(cls)
        NetCore.__init__(net, module)
        return net

    def reshape(self) -> None:
        """Reshape every blob for the shapes of the inputs, without computing values."""
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
        self.refresh_arrays()

    def load_hdf5(self, path: str | os.PathLike[str]) -> None:
        """`copy_from`."""
        self.copy_from(path)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a ``.caffemodel``, whatever the path's ending."""
        self.passes.upload()
        save_weights(self.module, path, ".caffemodel")

    def save_hdf5(self, path: str | os.PathLike[str]) -> None:
        """Write an HDF5 file of weights, whatever the path's ending."""
        self.passes.upload()
        save_weights(self.module, path, ".h5")

    def share_with(self, other: Net) -> None:
        """Share the weights of another net's layers of the same names.

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
        """Set the arrays from which the net's first layer, a MemoryData layer, takes its batches.

        ``data`` is (N, channels, height, width), ``labels`` (N,) or (N, 1, 1, 1); N is a multiple of the batch size.
        Float32 arrays are not copied: later writes to them count.
        """
        feed = self.module.feeds[0] if self.module.feeds else None
        if not isinstance(feed, MemoryData) or feed.name != self._layer_names[0]:
            raise RuntimeError("set_input_arrays is for nets whose first layer is of type MemoryData; "
                               f"this one's is {self._wiring.layers[0].type}")
        feed.set_arrays(data, labels, copy=False)

    _set_input_arrays = set_input_arrays


def _arguments(more: Sequence[object], **named: object) -> dict[str, Any]:
    """The arguments of `Net` by name, from any of the three orders that scripts have used."""
    order = ["phase", "level", "stages", "weights"]
    if more and isinstance(more[0], (str, os.PathLike)):
        order = ["weights", "phase"]
        if len(more) > 1:
            warnings.warn('Net(file, weights, phase) is the old form; write Net(file, phase, weights="...")',
                          DeprecationWarning, stacklevel=3)
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
