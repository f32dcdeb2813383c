"""MatWrite: write blobs to MATLAB files, of DeepLab (Chen et al. 2015)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "mat_write_param"
# Of the MAT-file format, level 5: types of data elements, and the class of an array of float32.
_INT8, _INT32, _UINT32, _SINGLE, _MATRIX = 1, 5, 6, 7, 14
_SINGLE_CLASS = 7


@register("MatWrite")
class MatWrite(Layer):
    """Write bottom i of every ``period``-th pass to ``<prefix><name>_blob_<i>.mat``, as the variable ``data``.

    The name is ``iter_<pass>``, counted from 0, or the first word of the pass' line in the list ``source``, without
    ``strip`` letters at its end. As in the fork the array has 4 axes in the order W, H, C, N. Paths are relative to the
    working directory, and their folders must be there; finding the shapes of a net writes nothing. Raises `FileError` for
    a file that cannot be written, and for more passes than the list has lines.
    """

    n_bottoms = at_least(1)
    n_tops = exactly(0)
    writes_files = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.mat_write_param
        check_positive(spec, param.period, PARAM, "period")
        check_at_least(spec, param.strip, 0, PARAM, "strip")
        self.prefix, self.period = param.prefix, param.period
        self.names = _names(spec) if param.source else None
        self.passes = 0

    def forward(self, *bottoms: Tensor) -> tuple[()]:
        if not bottoms[0].is_meta:
            torch.compiler.disable(self._write)(bottoms)
        return ()

    def _write(self, bottoms: Sequence[Tensor]) -> None:
        number, self.passes = self.passes, self.passes + 1
        if number % self.period:
            return
        if self.names is not None and number >= len(self.names):
            raise FileError(f"layer `{self.name}` has written a file for each of the {len(self.names)} lines of its list")
        name = f"iter_{number}" if self.names is None else self.names[number]
        for i, bottom in enumerate(bottoms):
            path = Path(f"{self.prefix}{name}_blob_{i}.mat")
            try:
                path.write_bytes(mat_file(bottom.detach().float().cpu().numpy()))
            except OSError as error:
                raise FileError(f"{path}: layer `{self.name}` cannot write it: {error.strerror or error}") from error


def _names(spec: LayerDefinition) -> list[str]:
    """The first word of each line of the list, without the letters to strip."""
    param = spec.message.mat_write_param
    file = spec.resolve(param.source, PARAM, "source")
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise spec.refuse(f"cannot read its list {file}: {error}", PARAM, "source") from error
    words = [line.split()[0] for line in lines if line.strip()]
    return [word[: len(word) - param.strip] for word in words]


def mat_file(array: np.ndarray) -> bytes:
    """A MAT-file of level 5 with one variable, ``data``: float32 of 4 axes, the last axis of ``array`` first."""
    sizes = (1,) * (4 - array.ndim) + array.shape
    matrix = b"".join([
        _element(_UINT32, struct.pack("<2I", _SINGLE_CLASS, 0)),
        _element(_INT32, struct.pack("<4i", *sizes[::-1])),  # MATLAB's first axis is the one that runs fastest
        _element(_INT8, b"data"),
        _element(_SINGLE, np.ascontiguousarray(array, "<f4").tobytes()),
    ])
    head = b"MATLAB 5.0 MAT-file, written by netdef".ljust(124) + struct.pack("<H2s", 0x0100, b"IM")
    return head + _element(_MATRIX, matrix)


def _element(kind: int, data: bytes) -> bytes:
    """A data element: its type, its size, and its bytes, filled up to a multiple of 8."""
    return struct.pack("<2I", kind, len(data)) + data + bytes(-len(data) % 8)
