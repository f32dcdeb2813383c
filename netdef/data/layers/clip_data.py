"""VideoData of C3D 1.1 (Tran et al. 2015): clips of videos, each a folder of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.layers.video_frames import PARAM, Video, VideoFrames
from netdef.errors import NetdefError
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELDS = ("use_image", "use_temporal_jitter", "sampling_rate", "max_sampling_rate", "use_sampling_rate_jitter", "root_folder")


@register("VideoData", when=lambda spec: any(spec.message.video_data_param.HasField(field) for field in _FIELDS))
class ClipData(VideoFrames):
    """`VideoFrames` with ``data`` (batch, 3, ``new_length``, height, width), blue first.

    ``source`` lists a folder, with ``root_folder`` before it, the number of a frame and a label a line. A clip is that frame and
    every ``sampling_rate``-th one after it: the images ``000001.jpg`` and so on. With ``use_temporal_jitter`` the number is
    that of the frames, and the first one is drawn in TRAIN and 1 in TEST. With ``use_sampling_rate_jitter`` the rate is drawn
    from 1 to ``max_sampling_rate`` each time. Video files, without ``use_image``, are refused: no library here decodes them.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.video_data_param
        if not param.use_image:
            raise spec.refuse("reads a video file or a camera without `use_image: true`; write the frames to image files",
                              PARAM)
        super().__init__(spec)
        self.root, self.counts_frames = param.root_folder, param.use_temporal_jitter
        self.rate: int = param.sampling_rate
        self.rates: int = param.max_sampling_rate if param.use_sampling_rate_jitter else 0
        for field in ("sampling_rate", "max_sampling_rate"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.set_up(spec)

    def arranged(self, data: np.ndarray) -> np.ndarray:
        planes = data.reshape(len(data), self.length, -1, *data.shape[2:])
        return np.ascontiguousarray(planes.swapaxes(1, 2))

    def frames(self, video: Video, random: np.random.Generator) -> np.ndarray:
        rate = int(random.integers(self.rates)) + 1 if self.rates else self.rate
        first = self.first(video, rate, random)
        names = [f"{frame:06d}.jpg" for frame in range(first, first + self.length * rate, rate)]
        return np.concatenate(self.read(self.root + video.folder, names))

    def first(self, video: Video, rate: int, random: np.random.Generator) -> int:
        """The number of the first frame of a clip."""
        if not self.counts_frames:
            return video.frames
        room = video.frames - self.length * rate + 1
        if room < 1:
            raise NetdefError(f"has {video.frames} frames; a clip of {self.length}, each {rate} after the last, wants "
                              f"{self.length * rate}")
        return int(random.integers(room)) + 1 if self.at_random else 1
