"""The report of loading a weight file into a net."""

from __future__ import annotations

from dataclasses import dataclass

from netdef.layers.core.shapes import Shape


@dataclass(frozen=True)
class Reshaped:
    """A blob that the file has in another shape. ``old_style``: in four dimensions, as before 2014."""

    layer: str
    index: int
    in_file: Shape
    in_net: Shape
    old_style: bool = True


@dataclass(frozen=True)
class LoadReport:
    """The file's layers with weights or masks, by name, in order: used, ignored, missing.

    Attributes:
        path: the file.
        used: layers whose blobs were copied.
        only_in_file: layers of the file that the net does not have.
        only_in_net: layers of the net that the file does not have, left as they were.
        masks: Mask layers that took a mask of the file.
        reshaped: blobs that the file has in another shape of the same values.
        zeroed: layers without a Mask into whose weights a fork's mask was written as zeros.
        from_zeros: Mask layers whose masks were made of zeros in the weights.
        statistics: BatchNorm layers whose blobs were read as NVIDIA's fork has them.
    """

    path: str
    used: tuple[str, ...]
    only_in_file: tuple[str, ...]
    only_in_net: tuple[str, ...]
    masks: tuple[str, ...]
    reshaped: tuple[Reshaped, ...]
    zeroed: tuple[str, ...] = ()
    from_zeros: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.path}: weights of {len(self.used)} layer{'s' if len(self.used) != 1 else ''} used"]
        for kind, names in (
            ("only in the file, not used", self.only_in_file),
            ("only in the net, left as they were", self.only_in_net),
            ("masks", self.masks),
            ("masks made of zeros", self.from_zeros),
            ("masks of forks, written into the weights as zeros", self.zeroed),
            ("stored in four dimensions, as before 2014", self._reshaped(True)),
            ("stored with other axes of size 1, or flattened", self._reshaped(False)),
            ("BatchNorm as NVIDIA's fork stores it, mean and variance themselves", self.statistics),
        ):
            if names:
                lines.append(f"  {kind}: {', '.join(f'`{name}`' for name in names)}")
        return "\n".join(lines)

    def _reshaped(self, old_style: bool) -> tuple[str, ...]:
        return tuple(dict.fromkeys(blob.layer for blob in self.reshaped if blob.old_style == old_style))
