"""`FloatReader`, `ImgReader` and `DisparityData`: numbers of files, of FlowNet 2 (Ilg et al. 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.images.float_files import read_float3, read_pfm
from netdef.data.images.image_file import read_image
from netdef.data.images.list_file import read_list, search_folders
from netdef.data.images.transform import Transform
from netdef.data.text_lines import locate
from netdef.errors import FileError, warn_at
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_READER, _IMAGES = "reader_param", "image_data_param"


class _OneFile(Feed):
    """The base of layers whose every batch is one ``file``, ``num`` times."""

    n_tops = exactly(1)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.reader_param
        super().__init__(spec, param.num)
        self.path = spec.resolve(param.file, _READER, "file")
        self.values: np.ndarray | None = None
        self.set_shapes(spec, self.size(spec))

    def size(self, spec: LayerDefinition) -> tuple[int, ...]:
        """The shape of an item."""
        return self.read().shape

    def read(self) -> np.ndarray:
        """The numbers (C, H, W) of the file."""
        raise NotImplementedError

    def epoch_size(self) -> int:
        """One file."""
        return 1

    def batch(self, number: int) -> dict[str, np.ndarray]:
        if self.values is None:
            self.values = self.read()
        return {self.tops[0]: np.repeat(self.values[None], self.batch_size, 0)}

    def forget(self) -> None:
        super().forget()
        self.values = None


@register("FloatReader")
class FloatReader(_OneFile):
    """The floats of a .float3 file, as FloatWriter writes it, ``num`` times."""

    def read(self) -> np.ndarray:
        return read_float3(self.path)


@register("ImgReader")
class ImgReader(_OneFile):
    """An image in colour, ``num`` times, after the changes of ``transform_param``, which are drawn once."""

    def size(self, spec: LayerDefinition) -> tuple[int, ...]:
        self.transform = Transform(spec)
        return self.transform.check(spec, self._image().shape)

    def _image(self) -> np.ndarray:
        return self.transform.changed(read_image(self.path), self.generator("size"))

    def read(self) -> np.ndarray:
        image = self._image()
        out = np.empty((1, *self.transform.shape(image.shape)), np.float32)
        self.transform.into(out, image[None], self.transform.draws(self.generator("transform"), 1))
        return out[0]


@register("DisparityData")
class DisparityData(Feed):
    """Tops with the maps (batch, channels, height, width) of .pfm files, their signs changed, and labels (batch,).

    The list is that of ImageData, with ``shuffle`` and ``rand_skip``. Maps are ``new_height`` x ``new_width`` large, and of three
    channels with ``is_color``, the default, else of one. In the fork, as here, ``transform_param`` changes nothing.
    """

    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_data_param
        super().__init__(spec, param.batch_size)
        if spec.message.HasField("transform_param"):
            warn_at(spec.span("transform_param"), f"layer `{self.name}`: transform_param does nothing in DisparityData")
        self.shape = 3 if param.is_color else 1, param.new_height, param.new_width
        self.shuffle, self.rand_skip, self.root = param.shuffle, param.rand_skip, param.root_folder
        self.source = spec.resolve(param.source, _IMAGES, "source")
        self.entries, self.folders = read_list(self.source), search_folders(spec, self.source)
        self.read(self.entries[0][0])
        self.set_shapes(spec, self.shape, ())
        self.work_ahead(1)

    def epoch_size(self) -> int:
        """The number of lines of the list."""
        return len(self.entries)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        entries = [self.entries[index] for index in self.indices(number, len(self.entries))]
        labels = np.array([label for _, label in entries], np.float32)
        return dict(zip(self.tops, (np.stack([self.read(name) for name, _ in entries]), labels)))

    def read(self, name: str) -> np.ndarray:
        """The map of a line. Raises `FileError` for one of another shape."""
        path = locate(self.root + name, self.folders, self.source)
        values = read_pfm(path)
        if values.shape != self.shape:
            raise FileError(f"{path}: has shape {values.shape}, and layer `{self.name}` (DisparityData) wants {self.shape}, of "
                            "`is_color`, `new_height` and `new_width`")
        return -values
