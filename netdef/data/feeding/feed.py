"""The base class of data layers: an endless sequence of batches with random access.

A data layer implements one method, `Feed.batch`: batch number n, a pure function of n and of what `Feed.configure` was
given. All else follows from it: drawing, seeking, preparing batches ahead of their use, and resuming a run at the very
item where it stopped (the original starts again at the first).
"""

from __future__ import annotations

import math
import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from netdef.data.feeding.prefetch import PrefetchThread
from netdef.data.feeding.workers import WorkerPool
from netdef.layers.core.base import Entry
from netdef.layers.core.shapes import MOST_ELEMENTS

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


class Feed(Entry, ABC):
    """A data layer. ``next(feed)`` is its next batch: float32 CPU tensors by top, of the shapes in ``shapes``.

    Of ``world`` training processes, rank r draws batches r, r + world, r + 2 * world, ... of the sequence. In one
    step all ranks together use the items that one process uses with ``iter_size: world``, in the same batches. (The original
    deals the same items out one by one; which rank has which item changes no sum over ranks.)
    """

    makes_data = True
    shuffle: bool = False
    rand_skip: int = 0

    def __init__(self, spec: LayerDefinition, batch_size: int):
        """Refuse a batch_size below 1. Subclasses open their source, check it, and call `set_shapes`.

        Those with a source of a known number of items set ``shuffle`` and ``rand_skip``, and call `indices`.
        """
        super().__init__(spec)
        if batch_size < 1:
            raise spec.refuse(f"needs a batch_size of at least 1, not {batch_size}")
        self.batch_size = batch_size
        self.position = 0
        self._seed, self._rank, self._world = 0, 0, 1
        self._order: tuple[int, int, np.ndarray] | None = None
        self._depth, self._workers, self._pinned = 0, 0, False
        self._ahead: PrefetchThread | None = None
        self._pool: WorkerPool | None = None

    def set_shapes(self, spec: LayerDefinition, *items: Sequence[int]) -> None:
        """Set ``shapes`` by the shapes of an item of each top. Refuses a batch beyond Caffe's largest blob."""
        for top, item in zip(self.tops, items):
            shape = self.batch_size, *item
            if math.prod(shape) > MOST_ELEMENTS:
                raise spec.refuse(f"would make top `{top}` of shape {shape}: more than {MOST_ELEMENTS} values")
            self.shapes[top] = shape

    def configure(self, seed: int, rank: int = 0, world: int = 1) -> None:
        """Set the seed of all randomness, and which share of the batches this process draws. Keeps the position."""
        if not 0 <= rank < world:
            raise ValueError(f"rank {rank} is not one of {world}")
        self.forget()
        self._seed, self._rank, self._world = seed % 2**64, rank, world

    def seek(self, position: int) -> None:
        """Make batch ``position`` of this rank, counted from 0, the next one."""
        if position < 0:
            raise ValueError(f"position {position} of a feed is negative")
        self.position = position

    @abstractmethod
    def batch(self, number: int) -> dict[str, np.ndarray]:
        """Batch ``number`` of this rank: float32 arrays by top. It depends on the number and `configure` alone."""

    def epoch_size(self) -> int | None:
        """The number of items after which the sequence repeats; None, the default, if it never does."""
        return None

    def __iter__(self) -> Feed:
        return self

    def __next__(self) -> dict[str, Tensor]:
        if self._pool:
            self._pool.start()
        tensors = self._ahead.get(self.position) if self._ahead else self._tensors(self.position)
        self.position += 1
        return tensors

    def _tensors(self, number: int) -> dict[str, Tensor]:
        arrays = self._pool.get(number) if self._pool else self.batch(number)
        return {top: torch.from_numpy(array) for top, array in arrays.items()}

    def _tensors_ahead(self, number: int) -> dict[str, Tensor]:
        tensors = self._tensors(number)
        return {top: tensor.pin_memory() for top, tensor in tensors.items()} if self._pinned else tensors

    def work_ahead(self, depth: int) -> None:
        """Prepare ``depth`` batches in the background. For the constructors of layers whose batches take long to make."""
        self._depth = depth
        self._set_ahead()

    def use_workers(self, count: int) -> None:
        """Make the batches that are made ahead in ``count`` processes; with 0, the default, in a thread of this process."""
        self._workers = count
        self._set_ahead()

    def pin(self) -> None:
        """Put batches that are made ahead into page-locked memory, from which a GPU copies while the CPU goes on."""
        self._pinned = True
        self._set_ahead()

    def _set_ahead(self) -> None:
        self._close_background()
        self._pool = WorkerPool(self.batch, self._workers) if self._depth and self._workers else None
        self._ahead = None
        if self._pool and self._pinned:  # the processes work ahead; the thread only copies into page-locked memory
            self._ahead = PrefetchThread(self._tensors_ahead, 1)
        elif self._depth and not self._pool:
            self._ahead = PrefetchThread(self._tensors_ahead, self._depth)

    def _close_background(self) -> None:
        for background in (self._ahead, self._pool):
            if background:
                background.close()

    def close(self) -> None:
        """End threads and processes, and close files. The next draw opens them again."""
        self._close_background()

    def forget(self) -> None:
        """Drop the batches prepared so far, and in subclasses all that depends on `configure`."""
        self._order = None
        for background in (self._ahead, self._pool):
            if background:
                background.forget()

    def first_item(self, number: int) -> int:
        """The number of the first item of this rank's batch ``number`` in the endless sequence of items."""
        return (number * self._world + self._rank) * self.batch_size

    def indices(self, number: int, count: int) -> list[int]:
        """The indices, among the ``count`` items of a source, of the items of this rank's batch ``number``.

        With ``shuffle`` each epoch has an order of its own.
        """
        first = self.first_item(number) + self.skipped_items()
        items = range(first, first + self.batch_size)
        return [self.shuffled(item, count) if self.shuffle else item % count for item in items]

    def skipped_items(self) -> int:
        """The number of items that ``rand_skip`` skips: a random number below it that follows from the seed."""
        return int(self.generator("rand_skip").integers(self.rand_skip)) if self.rand_skip else 0

    def shuffled(self, item: int, count: int) -> int:
        """The index, among the ``count`` items of a source, of item ``item`` of the shuffled endless sequence.

        Each epoch has an order of its own, a permutation that follows from the seed and the epoch.
        """
        epoch, index = divmod(item, count)
        if self._order is None or self._order[:2] != (epoch, count):
            self._order = epoch, count, self.generator("order", epoch).permutation(count)
        return int(self._order[2][index])

    def generator(self, purpose: str, *numbers: int) -> np.random.Generator:
        """Random numbers that depend on the seed, the layer's name, the purpose and the numbers alone.

        Two data layers of one net draw differently, as in Caffe; so do two seeds, and two ranks if the rank is given.
        """
        words = (self.name, purpose)
        return np.random.default_rng([self._seed, *(zlib.crc32(word.encode()) for word in words), *numbers])


class Feeds:
    """All data layers of a net as one iterator: ``next(feeds)`` merges a batch of each into one dictionary.

    ``len(feeds)`` is the number of data layers; a net without any has an empty, false `Feeds`.
    """

    def __init__(self, feeds: Sequence[Feed] = ()):
        self._feeds = tuple(feeds)

    def __len__(self) -> int:
        return len(self._feeds)

    def __getitem__(self, index: int) -> Feed:
        return self._feeds[index]

    def __iter__(self) -> Feeds:
        """Iterate over batches, without end. The data layers one by one are ``feeds[i]``."""
        return self

    def __next__(self) -> dict[str, Tensor]:
        return {top: tensor for feed in self._feeds for top, tensor in next(feed).items()}

    def configure(self, seed: int, rank: int = 0, world: int = 1) -> None:
        """`Feed.configure` for every data layer."""
        for feed in self._feeds:
            feed.configure(seed, rank, world)

    @property
    def positions(self) -> list[int]:
        """The number of batches that each data layer has given, in the order of the net."""
        return [feed.position for feed in self._feeds]

    def seek(self, positions: Sequence[int]) -> None:
        """`Feed.seek` for every data layer; ``positions`` as `Feeds.positions` gave them."""
        if len(positions) != len(self._feeds):
            raise ValueError(f"{len(positions)} positions for {len(self._feeds)} data layers")
        for feed, position in zip(self._feeds, positions):
            feed.seek(position)

    def use_workers(self, count: int) -> None:
        """`Feed.use_workers` for every data layer."""
        for feed in self._feeds:
            feed.use_workers(count)

    def pin(self) -> None:
        """`Feed.pin` for every data layer."""
        for feed in self._feeds:
            feed.pin()

    def close(self) -> None:
        """`Feed.close` for every data layer."""
        for feed in self._feeds:
            feed.close()
