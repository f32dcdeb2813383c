"""`VideoData`: frames of videos, each a folder of images. Of yjxiong's fork (TSN, Wang et al. 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.layers.video_frames import PARAM, Video, VideoFrames
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.schema.messages import VideoDataParameter

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


@register("VideoData")
class VideoData(VideoFrames):
    """`VideoFrames` with ``data`` (batch, channels, height, width).

    ``source`` lists a folder, its number of frames and a label a line. A video is cut into ``num_segments`` equal parts. Each
    gives ``new_length`` consecutive frames, from a random place of the part in TRAIN and from its middle in TEST, or from
    the first frame of the video if a part is shorter. Frames are numbered from 1, by ``name_pattern``. Channels are in the
    order (part, frame, colour): B, G, R for RGB, the grey images x, y for FLOW; with ``length_first``, of the fork's branch
    for 3D, in the order (part, colour, frame).
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.video_data_param
        super().__init__(spec)
        self.parts = param.num_segments
        check_positive(spec, self.parts, PARAM, "num_segments")
        self.is_flow = param.modality == VideoDataParameter.FLOW
        self.color, self.length_first = not (param.grayscale or self.is_flow), param.length_first
        self.pattern = param.name_pattern or ("flow_%c_%04d.jpg" if self.is_flow else "image_%04d.jpg")
        try:
            self.names(1)
        except (TypeError, ValueError):
            wanted = "%c and a number such as %04d" if self.is_flow else "a number such as %04d"
            modality = "FLOW" if self.is_flow else "RGB"
            raise spec.refuse(f"has a `name_pattern` `{self.pattern}`; {modality} wants {wanted} in it",
                              PARAM, "name_pattern") from None
        self.set_up(spec)

    def frames(self, video: Video, random: np.random.Generator) -> np.ndarray:
        names = [name for start in self.starts(video.frames, random)
                 for frame in range(start + 1, start + 1 + self.length) for name in self.names(frame)]
        images = self.read(video.folder, names)
        planes = images.reshape(self.parts, self.length, -1, *images.shape[2:])
        return (planes.swapaxes(1, 2) if self.length_first else planes).reshape(-1, *images.shape[2:])

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
