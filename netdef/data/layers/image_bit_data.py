"""`ImageSegData` with ``label_type: PIXELML``: images with a file of bits each. CASENet, SEAL (Yu et al. 2017, 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.resize import resize
from netdef.data.layers.image_seg_data import ImageSegData
from netdef.data.text_lines import locate
from netdef.errors import NetdefError
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.schema.messages import ImageSegLabels

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "image_data_param"
_IGNORED = 1 << 31


def _has_bits(spec: LayerDefinition) -> bool:
    return spec.message.image_data_param.label_type == ImageSegLabels.PIXELML


@register("ImageSegData", when=_has_bits)
class ImageBitData(ImageSegData):
    """`ImageSegData` whose labels are ``num_label_chn`` numbers of 32 bits a pixel, for the losses of these nets.

    A line of ``source`` has an image and a file of the pixels' numbers, row after row, those of a pixel together. The file has
    them for the image in its new size. The bits are kept as they are, as float32. Below and to the right of an image that is
    smaller than the crop all are 0 but bit 31 of the last number, which marks what is to be ignored.
    """

    def __init__(self, spec: LayerDefinition):
        self.words: int = spec.message.image_data_param.num_label_chn
        check_positive(spec, self.words, _PARAM, "num_label_chn")
        super().__init__(spec)

    def read_pair(self, entry: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """The image in its new size, and its bits (num_label_chn, rows, columns)."""
        image = self.read(self.root + entry[0], self.color)
        if all(self.size):
            image = resize(image, *self.size)
        rows, columns = image.shape[1:]
        words = np.fromfile(locate(self.root + entry[1], self.folders, self.source), np.float32)
        if len(words) != self.words * rows * columns:
            raise NetdefError(f"has labels of {4 * len(words)} bytes in `{entry[1]}`; its {rows} x {columns} pixels want "
                              f"{4 * self.words} each")
        return image, words.reshape(rows, columns, self.words).transpose(2, 0, 1)

    def filled(self, image: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pad both to at least the size of the crop."""
        canvas, _ = super().filled(image, np.zeros((1, *image.shape[1:]), np.uint8))
        if canvas.shape == image.shape:
            return image, label
        labels = np.zeros((len(label), *canvas.shape[1:]), np.float32)
        labels[-1].view(np.uint32)[...] = _IGNORED
        labels[:, : label.shape[1], : label.shape[2]] = label
        return canvas, labels
