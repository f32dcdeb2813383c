"""`DataHeatmap`: images with maps of their joints, from a list. Of tpfister's fork, Pfister et al. 2015."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.list_file import read_paths
from netdef.data.layers.image_pairs import ImagePairFeed
from netdef.data.poses.joint_changes import FACE, Jointed, cropped, joint_maps, mirrored, resized, turned
from netdef.errors import FileError, NetdefError, printable
from netdef.layers.core.checks import check_at_least, check_positive
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "heatmap_data_param"


@register("DataHeatmap")
class DataHeatmap(ImagePairFeed):
    """Tops ``data`` (batch, 3, outsize, outsize), red first, and ``label`` (batch, joints, label_height, label_width).

    A line of ``source`` has an image's path, behind ``root_img_dir``, the numbers x, y of each joint in pixels over
    ``multfact``, a crop, which is not used, and the number of its cluster; numbers have commas between them. ``labelinds``
    chooses numbers. With ``sample_per_cluster`` each cluster gives an image in turn, the first of each at random.

    A square of ``cropsize`` is cut from the middle, or with ``random_crop`` from a random place, of images mirrored with
    probability 1/2, and turned by up to ``angle_max`` degrees, in both phases. It is resized to ``outsize`` and multiplied by
    ``scale``. When mirrored, joints change places with ``flip_joint_labels``: each with the next, from the second on with
    ``dont_flip_first``. Faces of 68 points are those of HongwenZhang's fork, which mirrors with ``flip_joint_labels`` only.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.heatmap_data_param
        for field in ("segmentation", "meanfile"):
            if getattr(param, field):
                raise spec.refuse(f"has `{field}`, which is not implemented", _PARAM, field)
        source = spec.resolve(param.source, _PARAM, "source")
        super().__init__(spec, param.batchsize, shuffle=False, rand_skip=0, source=source)
        for field in ("cropsize", "outsize", "label_height", "label_width", "multfact"):
            check_positive(spec, getattr(param, field), _PARAM, field)
        check_at_least(spec, param.angle_max, 0, _PARAM, "angle_max")
        self.crop, self.size, self.scale, self.factor = param.cropsize, param.outsize, param.scale, param.multfact
        self.maps, self.angle = (param.label_height, param.label_width), param.angle_max
        self.at_random, self.swap, self.first = param.random_crop, param.flip_joint_labels, int(param.dont_flip_first)
        self.root = param.root_img_dir
        try:
            self.chosen = [int(word) - 1 for word in param.labelinds.split(",") if word.strip()]
        except ValueError:
            raise spec.refuse(f"has `labelinds` `{param.labelinds}`; it wants whole numbers with commas between them",
                              _PARAM, "labelinds") from None
        self.entries = read_paths(source, 4)
        self.clusters = self._clusters() if param.sample_per_cluster else []
        self.set_shapes_by_first(spec)

    def _clusters(self) -> list[list[int]]:
        """The indices of the entries of each cluster."""
        clusters: dict[str, list[int]] = {}
        for index, (*_, cluster) in enumerate(self.entries):
            clusters.setdefault(cluster, []).append(index)
        try:
            return [clusters[cluster] for cluster in sorted(clusters, key=int)]
        except ValueError:
            raise FileError(f"{self.source}: a cluster is a whole number, the last word of a line") from None

    def indices(self, number: int, count: int) -> list[int]:
        """The entries of batch ``number``; see the class for clusters."""
        if not self.clusters:
            return super().indices(number, count)
        starts = [int(self.generator("cluster", i).integers(len(cluster))) for i, cluster in enumerate(self.clusters)]
        first, found = self.first_item(number), []
        for item in range(first, first + self.batch_size):
            turn, which = divmod(item, len(self.clusters))
            cluster = self.clusters[which]
            found.append(cluster[(starts[which] + turn) % len(cluster)])
        return found

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        image = self.read(self.root + entry[0], True)[::-1].astype(np.float32)
        spare = self.crop - image.shape[2]
        if spare > 0:
            image = np.pad(image, ((0, 0), (0, 0), (0, spare)))
        room = [side - self.crop for side in image.shape[1:]]
        if min(room) < 0:
            raise NetdefError(f"has {image.shape[1]} rows; `cropsize` is {self.crop}")
        this = Jointed(image, self._joints(entry[1]))
        if self.at_random:
            mirror, *place, angle = random.random(4)
            if mirror < 0.5 and (self.swap or len(this.joints) != FACE):
                this = mirrored(this, self.first, self.swap)
            this = cropped(this, [int(part * (spare + 1)) for part, spare in zip(place, room)], self.crop)
            if self.angle:
                this = turned(this, self.angle * (2 * angle - 1))
        else:
            this = cropped(this, [spare // 2 for spare in room], self.crop)
        data, joints = resized(this, self.size)
        return data * np.float32(self.scale), joint_maps(joints * (self.maps[0] / self.size), *self.maps)

    def _joints(self, text: str) -> np.ndarray:
        """The joints of a line in pixels, (joints, 2)."""
        try:
            numbers = [float(word) for word in text.split(",") if word]
        except ValueError:
            raise NetdefError(f"has joints `{printable(text)}`; it wants numbers with commas between them") from None
        if self.chosen and not all(0 <= index < len(numbers) for index in self.chosen):
            raise NetdefError(f"has {len(numbers)} numbers; `labelinds` goes to {max(self.chosen) + 1}")
        numbers = [numbers[index] for index in sorted(self.chosen)] if self.chosen else numbers
        if not numbers or len(numbers) % 2:
            raise NetdefError(f"has {len(numbers)} numbers of joints; it wants x and y of each")
        return np.array(numbers).reshape(-1, 2) * self.factor
