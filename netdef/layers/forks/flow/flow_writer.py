"""FLOWriter: write optical flow to files, of FlowNet (Dosovitskiy et al. 2015)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_MAGIC = 202021.25  # the first number of a .flo file


@register("FLOWriter")
class FLOWriter(Layer):
    """Write each flow of the bottom (N, 2, H, W), x and y in pixels, as a .flo file of the Middlebury benchmark.

    It writes to ``file`` or, if that is not given, to ``<prefix><pass, 7 digits><suffix>.flo`` in ``folder``, which is made; if
    N > 1, ``(<item, 3 digits>)`` follows the pass. The count of passes begins at 0 with the net. As with HDF5Output, paths are
    relative to the working directory, and finding the shapes of a net writes nothing. Raises `FileError` for a file
    that cannot be written.
    """

    n_tops = exactly(0)
    writes_files = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.writer_param
        if len(shapes[0]) != 4 or shapes[0][1] != 2:
            raise spec.refuse(f"writes flow of shape (N, 2, H, W); `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.file, self.folder = param.file, Path(param.folder)
        self.prefix, self.suffix = param.prefix, param.suffix
        self.written = 0

    def forward(self, flow: Tensor) -> tuple[()]:
        if not flow.is_meta:
            torch.compiler.disable(self._write)(flow)
        return ()

    def _write(self, flow: Tensor) -> None:
        for item, planes in enumerate(flow.detach().float().cpu().numpy()):
            path = Path(self.file) if self.file else self.folder / self._name(item, len(flow))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with open(path, "wb") as file:
                    file.write(np.float32(_MAGIC).tobytes() + np.array(planes.shape[:0:-1], np.int32).tobytes())
                    file.write(np.ascontiguousarray(planes.transpose(1, 2, 0)).tobytes())
            except OSError as error:
                raise FileError(f"{path}: layer `{self.name}` cannot write it: {error.strerror or error}") from error
        self.written += 1

    def _name(self, item: int, items: int) -> str:
        return f"{self.prefix}{self.written:07}{f'({item:03})' if items > 1 else ''}{self.suffix}.flo"
