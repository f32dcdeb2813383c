"""The base of data layers of frames of videos, each frame an image file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.image_file import read_image
from netdef.data.images.list_file import search_folders
from netdef.data.images.resize import read_new_size
from netdef.data.images.transform import Transform
from netdef.data.text_lines import locate, read_lines
from netdef.errors import FileError, NetdefError, printable
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_positive

if TYPE_CHECKING:
    from pathlib import Path

    from netdef.definition.definitions import LayerDefinition

PARAM = "video_data_param"


class Video(NamedTuple):
    """A line of the list: a folder, how many frames it has or which is the first, and a label."""

    folder: str
    frames: int
    label: int


class VideoFrames(Feed):
    """Tops ``data`` and, if asked for, ``label`` (batch,), of the videos of a list; a class says which frames are taken.

    All frames of a video get the same crop and mirroring; the ``mean_value`` of one image are repeated for all. Each epoch has
    an order of its own with ``shuffle``. A frame that cannot be read ends the run; the forks train on another video.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.video_data_param
        for field in ("video_type", "device_id", "video_file", "skip_frames"):
            if param.HasField(field):
                raise spec.refuse("reads a video file or a camera, as in SSD's fork, which is not implemented; write the "
                                  "frames to image files and list them in an ImageData layer", PARAM, field)
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        self.size = read_new_size(spec, param, PARAM)
        self.length = param.new_length
        check_positive(spec, self.length, PARAM, "new_length")
        self.color, self.shuffle = True, param.shuffle
        self.at_random = spec.phase == "TRAIN"
        self.source = spec.resolve(param.source, PARAM, "source")
        self.videos = read_videos(self.source)
        self.folders = search_folders(spec, self.source)

    def set_up(self, spec: LayerDefinition) -> None:
        """Read the frames of the first video, and set the shapes of the tops by them; the last step of a constructor."""
        first = self.frames(self.videos[0], np.random.default_rng(0))
        self.transform.repeat_means(len(first))
        self.planes = self.transform.check(spec, first.shape)
        self.set_shapes(spec, self.arranged(np.empty((1, *self.planes))).shape[1:], ())
        self.work_ahead(spec.message.data_param.prefetch)

    @abstractmethod
    def frames(self, video: Video, random: np.random.Generator) -> np.ndarray:
        """The drawn frames of a video, uint8 (channels of all frames, rows, columns)."""

    def arranged(self, data: np.ndarray) -> np.ndarray:
        """The top of transformed frames (batch, channels of all frames, rows, columns): these, unless a class says otherwise."""
        return data

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        videos = [self.videos[index] for index in self.indices(number, len(self.videos))]
        draws = self.transform.draws(self.generator("transform", first // self.batch_size), len(videos))
        out = np.empty((len(videos), *self.planes), np.float32)

        def fill(index: int) -> None:
            one = slice(index, index + 1)
            try:
                frames = self.frames(videos[index], self.generator("frames", first + index))
                self.transform.into(out[one], frames[None], draws[one])
            except FileError:
                raise
            except NetdefError as error:
                raise FileError(f"{self.source}: video `{printable(videos[index].folder)}` {error}") from error

        decode_each(fill, range(len(videos)))
        return dict(zip(self.tops, (self.arranged(out), np.array([video.label for video in videos], np.float32))))

    def epoch_size(self) -> int:
        """The number of videos of the list."""
        return len(self.videos)

    def read(self, folder: str, names: Sequence[str]) -> np.ndarray:
        """Images of a folder, all of one size, (images, channels, rows, columns)."""
        paths = (locate(f"{folder}/{name}", self.folders, self.source) for name in names)
        images = [read_image(path, self.color, *self.size) for path in paths]
        for name, image in zip(names, images):
            if image.shape != images[0].shape:
                raise NetdefError(f"has frames of several sizes: `{names[0]}` is of shape {images[0].shape}, `{name}` of "
                                  f"{image.shape}; give `new_height` and `new_width`")
        return np.stack(images)


def read_videos(path: Path) -> list[Video]:
    """Read the lines ``folder frames label`` of a list. Raises `FileError` for others, and for a list without any."""
    videos = []
    for line in read_lines(path):
        try:
            folder, frames, label = line.text.split()
            videos.append(Video(folder, int(frames), int(label)))
        except ValueError:
            raise FileError(f"{path}:{line.number}: `{printable(line.text)}` is no folder with two whole numbers behind it: how "
                            "many frames it has, or which is the first, and a label") from None
    if not videos:
        raise FileError(f"{path}: lists no videos")
    return videos
