"""HDF5Output: write blobs to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_DATA_SETS = ("data", "label")


@register("HDF5Output")
class HDF5Output(Layer):
    """Write the bottoms to the data sets ``data`` and ``label`` of ``file_name``, which HDF5Data reads.

    The first pass makes the file anew, every further one adds its batch along the first axis; finding the shapes of a
    net writes nothing. The path is relative to the working directory, as in Caffe. Caffe stops at the second pass, and
    writes 4 axes whatever the bottoms have; here they keep theirs. Raises FileError when the file cannot be written, or a
    batch does not fit the ones before.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(0)
    writes_files = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name = spec.message.hdf5_output_param.file_name
        if not name:
            raise spec.refuse("needs a `file_name` to write to", "hdf5_output_param")
        for index in range(len(shapes)):
            check_least_axes(spec, shapes, 1, index)
        self.path = Path(name)
        self.begun = False

    def forward(self, *bottoms: Tensor) -> tuple[()]:
        if not bottoms[0].is_meta:
            # Not as a decorator, which would load torch's compiler with every net.
            torch.compiler.disable(self._write)(bottoms)
        return ()

    def _write(self, bottoms: Sequence[Tensor]) -> None:
        import h5py

        try:
            with h5py.File(self.path, "a" if self.begun else "w") as file:
                for name, bottom in zip(_DATA_SETS, bottoms):
                    batch = bottom.detach().float().cpu().numpy()
                    if not self.begun:
                        file.create_dataset(name, data=batch, maxshape=(None, *batch.shape[1:]), chunks=True)
                        continue
                    data_set = file[name]
                    if data_set.shape[1:] != batch.shape[1:]:
                        raise FileError(f"{self.path}: data set `{name}` has items of shape {data_set.shape[1:]}; the "
                                        f"next batch has {batch.shape[1:]}")
                    start = len(data_set)
                    data_set.resize(start + len(batch), axis=0)
                    data_set[start:] = batch
        except OSError as error:
            raise FileError(f"{self.path}: layer `{self.name}` cannot write it: {error.strerror or error}") from error
        self.begun = True
