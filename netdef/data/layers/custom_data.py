"""`CustomData`: images and optical flow of one record in several tops. FlowNet 2 (Ilg et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.databases.records import Item
from netdef.data.images.datum import parse_datum
from netdef.data.images.mean_file import read_mean
from netdef.data.layers.database_feed import DatabaseFeed
from netdef.data.text_lines import read_text
from netdef.errors import NetdefError
from netdef.layers.core.arity import at_least
from netdef.layers.core.glibc_rand import glibc_rand
from netdef.layers.core.registry import register
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "data_param"
_NOT_KNOWN = 32767  # of a flow


@register("CustomData")
class CustomData(DatabaseFeed):
    """Tops with the channels of a datum up to each ``slice_point``, and one more with its label (batch, 1, 1, 1), if asked for.

    The bytes of a datum are those of one top after another, by ``encoding``: UINT8; UINT16FLOW, two bytes with sign, 32nds of a
    pixel, of which 32767 is NaN; BOOL1, bits of one channel, the lowest of a byte first. A datum without encodings may be of
    floats. ``subtract`` is subtracted from each of the first channels, or a ``mean_file``, then ``scale`` multiplied.

    Records are those of an LMDB in key order, of which ``preselection_file`` may have a number each, and ``preselection_label``
    says which are read; of these ``range_start`` to ``range_end``. ``rand_permute`` changes their order before the range is
    taken or, with FIRST_RANGE_THEN_PERMUTE, after: it is that of the fork's program on Linux, which follows from
    ``rand_permute_seed``. Each ``permute_every_iter`` batches have another one, which follows from the seed of the run. With
    ``block_size`` so many records stay together, and the last of them in its place.
    """

    n_tops = at_least(1)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.data_param
        super().__init__(spec, param.batch_size)
        if param.backend != messages.DataParameter.LMDB:
            raise spec.refuse("reads an LMDB only; write `backend: LMDB`", _PARAM, "backend")
        for field in ("crop_size", "mirror", "rand_skip"):
            if getattr(param, field):
                raise spec.refuse(f"has `{field}`, which the fork refuses in this layer, too", _PARAM, field)
        first = self.open_database(spec)
        self.shuffle = False
        self.encodings = [messages.FlowRecords.CHANNELENCODING.Name(value) for value in param.encoding]
        with self.naming(first):
            datum = parse_datum(first[1])
        self.channels, self.plane = datum.channels, (datum.height, datum.width)
        self.points = [0, *param.slice_point, self.channels]
        self.parts = len(self.points) - 1
        if sorted(set(self.points)) != self.points:
            raise spec.refuse(f"cuts {self.channels} channels at `slice_point` {list(param.slice_point)}; they must rise", _PARAM,
                              "slice_point")
        if len(spec.tops) not in (self.parts, self.parts + 1):
            raise spec.refuse(f"has {len(spec.tops)} tops for {self.parts} parts of its datums, and a label", "top")
        for part, encoding in enumerate(self.encodings[: self.parts]):
            if encoding == "BOOL1" and self.points[part + 1] - self.points[part] != 1:
                raise spec.refuse(f"has bits for {self.points[part + 1] - self.points[part]} channels; it reads them for one",
                                  _PARAM, "encoding", part)
        self.scale, self.mean = np.float32(param.scale), self._mean(spec)
        self.places, self.block = self._places(spec), param.block_size
        self.every: int = param.permute_every_iter if param.rand_permute else 0
        self._turn: tuple[int, list[int]] = 0, self.places
        with self.naming(first):
            self.values(first)
        sizes = [(end - start, *self.plane) for start, end in zip(self.points, self.points[1:])]
        self.set_shapes(spec, *sizes, (1, 1, 1))
        self.work_ahead(max(param.prefetch, 1))

    def epoch_size(self) -> int:
        """The number of records that are read."""
        return len(self.places)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        items = self.records.pick([self._place(item) for item in range(self.first_item(number),
                                                                         self.first_item(number) + self.batch_size)])
        data, labels = [], []
        for item in items:
            with self.naming(item):
                data.append((self.values(item) - self.mean) * self.scale)
                labels.append(parse_datum(item[1]).label)
        values = np.stack(data)
        tops = [np.ascontiguousarray(values[:, start:end]) for start, end in zip(self.points, self.points[1:])]
        return dict(zip(self.tops, (*tops, np.array(labels, np.float32)[:, None, None, None])))

    def values(self, item: Item) -> np.ndarray:
        """The numbers (C, H, W) of a record. Raises `NetdefError` for a datum of another shape or size."""
        datum = parse_datum(item[1])
        shape = (datum.channels, datum.height, datum.width)
        if shape != (self.channels, *self.plane):
            raise NetdefError(f"has shape {shape}, and the first record {(self.channels, *self.plane)}")
        pixels = self.plane[0] * self.plane[1]
        if datum.float_data:
            if self.encodings or len(datum.float_data) != self.channels * pixels:
                raise NetdefError(f"holds {len(datum.float_data)} floats; it wants {self.channels * pixels}, without `encoding`")
            return np.array(datum.float_data, np.float32).reshape(shape)
        kinds = [*self.encodings, *["UINT8"] * self.parts][: self.parts]
        counts = [end - start for start, end in zip(self.points, self.points[1:])]
        sizes = [{"UINT8": count * pixels, "UINT16FLOW": 2 * count * pixels, "BOOL1": (pixels + 7) // 8}[kind]
                 for kind, count in zip(kinds, counts)]
        if len(datum.data) != sum(sizes):
            raise NetdefError(f"holds {len(datum.data)} bytes; it wants {sum(sizes)}")
        found, start = [], 0
        for kind, size in zip(kinds, sizes):
            found.append(_decoded(kind, datum.data[start : start + size], pixels))
            start += size
        return np.concatenate(found).reshape(shape)

    def _place(self, item: int) -> int:
        """The place in the database of an item of the endless sequence."""
        turn = item // self.batch_size // self.every if self.every else 0
        if turn != self._turn[0]:
            order = self.generator("order", turn)
            self._turn = turn, [place for block in _blocks(self.places, self.block)
                                for place in (*(block[i] for i in order.permutation(_moving(block, self.block))),
                                              *block[_moving(block, self.block) :])]
        return self._turn[1][item % len(self.places)]

    def forget(self) -> None:
        super().forget()
        self._turn = 0, self.places

    def _places(self, spec: LayerDefinition) -> list[int]:
        """The places of the records that are read, in the order of the text."""
        param = spec.message.data_param
        count = self.records.size() or self.records.count()
        places = list(range(count))
        if param.preselection_file:
            path = spec.resolve(param.preselection_file, _PARAM, "preselection_file")
            labels = read_text(path).split()
            if not param.HasField("preselection_label"):
                raise spec.refuse("has a `preselection_file` and no `preselection_label`", _PARAM, "preselection_file")
            if len(labels) != count:
                raise spec.refuse(f"reads {len(labels)} numbers in `{path}`, and {count} records", _PARAM, "preselection_file")
            places = [place for place, label in enumerate(labels) if label == str(param.preselection_label)]
        last = len(places) - 1
        start = min(max(param.range_start, 0), last)
        end = param.range_end if 0 <= param.range_end <= last else last
        if not places or end < start:
            raise spec.refuse(f"reads no records: {len(places)} are chosen, of which it takes {start} to {end}", _PARAM)
        after = param.rand_permute_order == messages.FlowRecords.FIRST_RANGE_THEN_PERMUTE
        if after:
            places = places[start : end + 1]
        if param.rand_permute:
            places = _as_in_the_fork(places, param.rand_permute_seed or 1, param.block_size)
        return places if after else places[start : end + 1]

    def _mean(self, spec: LayerDefinition) -> np.ndarray:
        param = spec.message.data_param
        if param.mean_file:
            mean = read_mean(spec, param.mean_file, _PARAM)
            if mean.shape != (self.channels, *self.plane):
                raise spec.refuse(f"has a mean of shape {mean.shape} for datums of {(self.channels, *self.plane)}", _PARAM,
                                  "mean_file")
            return mean
        subtracted: Sequence[float] = param.subtract
        if len(subtracted) > self.channels:
            raise spec.refuse(f"has {len(subtracted)} `subtract` for {self.channels} channels", _PARAM, "subtract")
        means = np.zeros(self.channels, np.float32)
        means[: len(subtracted)] = subtracted
        return means[:, None, None]


def _decoded(kind: str, data: bytes, pixels: int) -> np.ndarray:
    """The numbers of one part of a datum."""
    if kind == "UINT16FLOW":
        flow = np.frombuffer(data, "<i2")
        return np.where(flow == _NOT_KNOWN, np.nan, flow / np.float32(32)).astype(np.float32)
    if kind == "BOOL1":
        return np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[:pixels].astype(np.float32)
    return np.frombuffer(data, np.uint8).astype(np.float32)


def _blocks(places: list[int], size: int) -> list[list[int]]:
    """Parts of a list, of this size; 0 is all of it."""
    size = size or len(places)
    return [places[start : start + size] for start in range(0, len(places), size)]


def _moving(block: list[int], size: int) -> int:
    """The number of records that are shuffled in a block: all, but for the last one where there is a ``block_size``."""
    return len(block) - 1 if size else len(block)


def _as_in_the_fork(places: list[int], seed: int, size: int) -> list[int]:
    """A list in the order of GCC's ``random_shuffle`` after ``srand(seed)``, block by block."""
    draws, found = glibc_rand(seed), []
    for block in _blocks(places, size):
        for i in range(1, _moving(block, size)):
            j = next(draws) % (i + 1)
            block[i], block[j] = block[j], block[i]
        found += block
    return found
