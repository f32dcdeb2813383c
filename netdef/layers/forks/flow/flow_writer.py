"""FLOWriter, FloatWriter, ImgWriter and PFMWriter: write blobs to files. FlowNet (Dosovitskiy et al. 2015, Ilg et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

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


class _Writer(Layer):
    """The base of layers that write each item of the bottom (N, C, H, W) to a file.

    It is ``file`` or, if that is not given, ``<prefix><pass, 7 digits><suffix>`` in ``folder``, which is made; if N > 1,
    ``(<item, 3 digits>)`` follows the pass. The count of passes begins at 0 with the net. As with HDF5Output, paths are
    relative to the working directory, and finding the shapes of a net writes nothing. Raises `FileError` for a file
    that cannot be written.
    """

    n_tops = exactly(0)
    writes_files = True
    what: ClassVar[str]
    """What an item is."""
    channels: ClassVar[Sequence[int]] = ()
    """How many channels it may have; any number if empty."""
    ending: str

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.writer_param
        if len(shapes[0]) != 4 or (self.channels and shapes[0][1] not in self.channels):
            wanted = " or ".join(map(str, self.channels)) or "C"
            raise spec.refuse(f"writes {self.what} of shape (N, {wanted}, H, W); `{spec.bottoms[0]}` has shape {shapes[0]}",
                              "bottom", 0)
        self.file, self.folder = param.file, Path(param.folder)
        self.prefix, self.suffix = param.prefix, param.suffix
        self.written = 0

    def forward(self, x: Tensor) -> tuple[()]:
        if not x.is_meta:
            torch.compiler.disable(self._write)(x)
        return ()

    def _write(self, x: Tensor) -> None:
        for item, planes in enumerate(x.detach().float().cpu().numpy()):
            path = Path(self.file) if self.file else self.folder / self._name(item, len(x))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.content(np.ascontiguousarray(planes)))
            except OSError as error:
                raise FileError(f"{path}: layer `{self.name}` cannot write it: {error.strerror or error}") from error
        self.written += 1

    def _name(self, item: int, items: int) -> str:
        number = f"({item:03})" if items > 1 else ""
        return f"{self.prefix}{self.written:07}{number}{self.suffix}{self.ending}"

    def content(self, planes: np.ndarray) -> bytes:
        """The file of an item (C, H, W), float32."""
        raise NotImplementedError


@register("FLOWriter")
class FLOWriter(_Writer):
    """Write each flow of the bottom (N, 2, H, W), x and y in pixels, as a .flo file of the Middlebury benchmark.

    Its name is that of `_Writer`: ``file``, or made of ``folder``, ``prefix``, the number of the pass, and ``suffix``.
    """

    what, channels, ending = "flow", (2,), ".flo"

    def content(self, planes: np.ndarray) -> bytes:
        size = np.array(planes.shape[:0:-1], np.int32)
        return np.float32(_MAGIC).tobytes() + size.tobytes() + planes.transpose(1, 2, 0).tobytes()


@register("FloatWriter")
class FloatWriter(_Writer):
    """Write each item as a .float3 file, which FloatReader reads: lines `float`, 3, width, height, channels, and the floats.

    Its name is that of `_Writer`, as FLOWriter's.
    """

    what, ending = "numbers", ".float3"

    def content(self, planes: np.ndarray) -> bytes:
        return f"float\n3\n{planes.shape[2]}\n{planes.shape[1]}\n{planes.shape[0]}\n".encode() + planes.tobytes()


@register("PFMWriter")
class PFMWriter(_Writer):
    """Write each item, of one or three channels, as a .pfm file, with its sign changed: disparities are negative in DispNet.

    Its name is that of `_Writer`, as FLOWriter's.
    """

    what, channels, ending = "maps", (1, 3), ".pfm"

    def content(self, planes: np.ndarray) -> bytes:
        kind = "Pf" if len(planes) == 1 else "PF"
        header = f"{kind}\n{planes.shape[2]} {planes.shape[1]}\n-1.0\n".encode()  # below 0: the low byte first
        return header + (-planes[:, ::-1]).transpose(1, 2, 0).astype("<f4").tobytes()


@register("ImgWriter")
class ImgWriter(_Writer):
    """Write each image, grey as a .pgm file or of three channels, blue first, as a .ppm file.

    Values are those of the bottom times ``scale``, or with ``normalize`` from 0 for the least to 255 for the greatest of the
    item, cut to whole numbers from 0 to 255. Its name is that of `_Writer`, as FLOWriter's.
    """

    what, channels = "images", (1, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.writer_param
        self.normalize, self.scale = param.normalize, param.scale
        self.ending = ".pgm" if shapes[0][1] == 1 else ".ppm"

    def content(self, planes: np.ndarray) -> bytes:
        if self.normalize:
            least, greatest = planes.min(), planes.max()
            planes = 255 * (planes - least) / max(greatest - least, np.finfo(np.float32).tiny)
        else:
            planes = planes * np.float32(self.scale)
        values = np.nan_to_num(planes).clip(0, 255).astype(np.uint8)
        kind = "P5" if len(values) == 1 else "P6"
        return f"{kind}\n{values.shape[2]} {values.shape[1]}\n255\n".encode() + values[::-1].transpose(1, 2, 0).tobytes()
