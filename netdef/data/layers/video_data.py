"""`VideoData`: frames of videos, each a folder of images. Of yjxiong's fork (TSN, Wang et al. 2016)."""

from __future__ import annotations

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
from netdef.layers.core.registry import register
from netdef.schema.messages import VideoDataParameter

if TYPE_CHECKING:
    from pathlib import Path

    from netdef.definition.definitions import LayerDefinition

_PARAM = "video_data_param"


class Video(NamedTuple):
    """A line of the list: a folder, how many frames it has, and a label."""

    folder: str
    frames: int
    label: int


@register("VideoData")
class VideoData(Feed):
    """Tops ``data`` (batch, channels, height, width) and, if asked for, ``label`` (batch,).

    ``source`` lists a folder, its number of frames and a label a line. A video is cut into ``num_segments`` equal parts. Each
    gives ``new_length`` consecutive frames, from a random place of the part in TRAIN and from its middle in TEST, or from
    the first frame of the video if a part is shorter. Frames are numbered from 1, by ``name_pattern``. Channels are in the
    order (part, frame, colour): B, G, R for RGB, the grey images x, y for FLOW; with ``length_first``, of the fork's branch
    for 3D, in the order (part, colour, frame). All get the same crop and mirroring; the ``mean_value`` of one image are
    repeated for all.

    Each epoch has an order of its own with ``shuffle``. A frame that cannot be read ends the run; the fork trains on the
    video before it.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.video_data_param
        for field in ("video_type", "device_id", "video_file", "skip_frames"):
            if param.HasField(field):
                raise spec.refuse("reads a video file or a camera, as in SSD's fork, which is not implemented; write the "
                                  "frames to image files and list them in an ImageData layer", _PARAM, field)
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        self.size = read_new_size(spec, param, _PARAM)
        self.length, self.parts = param.new_length, param.num_segments
        check_positive(spec, self.length, _PARAM, "new_length")
        check_positive(spec, self.parts, _PARAM, "num_segments")
        self.is_flow = param.modality == VideoDataParameter.FLOW
        self.color, self.length_first, self.shuffle = not param.grayscale, param.length_first, param.shuffle
        self.pattern = param.name_pattern or ("flow_%c_%04d.jpg" if self.is_flow else "image_%04d.jpg")
        self.at_random = spec.phase == "TRAIN"
        self.source = spec.resolve(param.source, _PARAM, "source")
        self.videos = read_videos(self.source)
        self.folders = search_folders(spec, self.source)
        try:
            self.names(1)
        except (TypeError, ValueError):
            wanted = "%c and a number such as %04d" if self.is_flow else "a number such as %04d"
            raise spec.refuse(f"has a `name_pattern` `{self.pattern}`; {self._modality} wants {wanted} in it",
                              _PARAM, "name_pattern") from None
        first = self.frames(self.videos[0], np.random.default_rng(0))
        self.transform.repeat_means(len(first))
        self.set_shapes(spec, self.transform.check(spec, first.shape), ())
        self.work_ahead(spec.message.data_param.prefetch)

    @property
    def _modality(self) -> str:
        return "FLOW" if self.is_flow else "RGB"

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        videos = [self.videos[index] for index in self.indices(number, len(self.videos))]
        draws = self.transform.draws(self.generator("transform", first // self.batch_size), len(videos))
        out = np.empty((len(videos), *self.shapes[self.tops[0]][1:]), np.float32)

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
        return dict(zip(self.tops, (out, np.array([video.label for video in videos], np.float32))))

    def epoch_size(self) -> int:
        """The number of videos of the list."""
        return len(self.videos)

    def frames(self, video: Video, random: np.random.Generator) -> np.ndarray:
        """The drawn frames of a video, uint8 (channels, rows, columns)."""
        names = [name for start in self.starts(video.frames, random)
                 for frame in range(start + 1, start + 1 + self.length) for name in self.names(frame)]
        images = [self._read(f"{video.folder}/{name}") for name in names]
        for name, image in zip(names, images):
            if image.shape != images[0].shape:
                raise NetdefError(f"has frames of several sizes: `{names[0]}` is of shape {images[0].shape}, `{name}` of "
                                  f"{image.shape}; give `new_height` and `new_width`")
        planes = np.concatenate(images).reshape(self.parts, self.length, -1, *images[0].shape[1:])
        return (planes.swapaxes(1, 2) if self.length_first else planes).reshape(-1, *images[0].shape[1:])

    def starts(self, frames: int, random: np.random.Generator) -> list[int]:
        """The number of frames before the first one taken of each part of a video."""
        part = frames // self.parts
        room = part - self.length + 1
        if room < 1:
            return [0] * self.parts
        offsets = random.integers(room, size=self.parts) if self.at_random else [room // 2] * self.parts
        return [int(offset) + i * part for i, offset in enumerate(offsets)]

    def names(self, frame: int) -> list[str]:
        """The names of the images of a frame."""
        return [self.pattern % (axis, frame) for axis in "xy"] if self.is_flow else [self.pattern % frame]

    def _read(self, path: str) -> np.ndarray:
        color = self.color and not self.is_flow
        return read_image(locate(path, self.folders, self.source), color, *self.size)


def read_videos(path: Path) -> list[Video]:
    """Read the lines ``folder frames label`` of a list. Raises `FileError` for others, and for a list without any."""
    videos = []
    for line in read_lines(path):
        try:
            folder, frames, label = line.text.split()
            videos.append(Video(folder, int(frames), int(label)))
        except ValueError:
            raise FileError(f"{path}:{line.number}: `{printable(line.text)}` is no folder with two whole numbers behind it: how "
                            "many frames it has, and a label") from None
    if not videos:
        raise FileError(f"{path}: lists no videos")
    return videos
