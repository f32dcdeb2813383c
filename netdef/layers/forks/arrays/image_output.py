"""ImageOutput: write images and their labels to texts. Of On-accelerator-training (ICT-CHASE)."""

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
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_FOLDER = Path("image_out")


@register("ImageOutput")
class ImageOutput(Layer):
    """Write each image (C, H, W) of bottom 0, a line a row, to ``image_out/iter_<pass>_idx_<item>_image.txt``.

    The numbers of bottom 1, one a line, go to ``image_out/iter_<pass>_label.txt``. Passes are counted from 0, in 6 digits,
    items in 3. The folder is that of the working directory, and must be there. Raises `FileError` for a file that cannot be
    written, of which the fork says nothing.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(0)
    writes_files = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.passes = 0

    def forward(self, images: Tensor, labels: Tensor) -> tuple[()]:
        if not images.is_meta:
            torch.compiler.disable(self._write)(images, labels)
        return ()

    def _write(self, images: Tensor, labels: Tensor) -> None:
        name = f"iter_{self.passes:06d}"
        self.passes += 1
        for item, image in enumerate(images.detach().float().cpu().numpy()):
            self._save(f"{name}_idx_{item:03d}_image.txt", image.reshape(-1, image.shape[2]), "%.8g")
        self._save(f"{name}_label.txt", labels.detach().float().cpu().numpy().reshape(-1, 1), "%g")

    def _save(self, name: str, rows: np.ndarray, form: str) -> None:
        try:
            np.savetxt(_FOLDER / name, rows, form)
        except OSError as error:
            raise FileError(f"{_FOLDER / name}: layer `{self.name}` cannot write it: {error.strerror or error}") from error
