"""The batches of a test: a given number, or those in which each item of the data comes once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from netdef.data.feeding.feed import Feed
from netdef.graph.net import Net

ENDLESS_BATCHES = 50  # of data without an end, as `caffe test` takes


@dataclass(frozen=True)
class Batches:
    """The batches of a test.

    Attributes:
        count: how many there are.
        size: items of a batch; those of the net's data layer with the most batches, if there are several.
        last: items of the last batch that count; less than ``size`` where the data end within it.
        items: how many items the data have; None if they have no end.
    """

    count: int
    size: int
    last: int
    items: int | None

    def share(self, batch: int) -> float:
        """The share of a batch that counts: 1, and less for a last batch that is not full."""
        return self.last / self.size if batch == self.count - 1 else 1.0

    def cut(self, batch: int, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The tensors of a batch without the items that do not count."""
        return inputs if self.share(batch) == 1 else {top: tensor[: self.last] for top, tensor in inputs.items()}

    def __str__(self) -> str:
        seen = (self.count - 1) * self.size + self.last
        text = f"{self.count:,} batch{'es' * (self.count > 1)} of {self.size:,}: "
        if self.items is None:
            return f"{text}{seen:,} items of data without an end"
        if seen == self.items:
            return f"{text}all {self.items:,} items, each once"
        if seen < self.items:
            return f"{text}{seen:,} of {self.items:,} items"
        return f"{text}{seen:,} items, of {self.items:,} some more than once"


def batches_of(net: Net, count: int | None = None) -> Batches:
    """``count`` batches of a net's data or, without a count, as many as contain each item once.

    The last batch is cut to the items that are left. If it cannot be cut, because inputs or outputs are not one row an item
    or data layers have data of different lengths, it is a whole batch, and its last items come twice. Data without an end
    take 50 batches, as ``caffe test``.
    """
    feeds = [net.feeds[i] for i in range(len(net.feeds))]
    lengths = [(feed.batch_size, feed.epoch_size()) for feed in feeds]
    size, items = max(lengths, key=lambda pair: (pair[1] or 0) / pair[0], default=(1, None))
    if count is not None or items is None:
        return Batches(count or ENDLESS_BATCHES, size, size, items)
    count = math.ceil(items / size)
    last = items - (count - 1) * size
    whole = len(set(lengths)) > 1 or not _has_a_row_an_item(net, feeds, size)
    return Batches(count, size, size if whole else last, items)


def _has_a_row_an_item(net: Net, feeds: Sequence[Feed], size: int) -> bool:
    """Whether all inputs have a row for each item, and no output has: then a batch may have fewer items than others."""
    inputs = [shape for feed in feeds for shape in feed.shapes.values()]
    outputs = [net.shapes[name] for name in net.outputs]
    return all(shape[:1] == (size,) for shape in inputs) and not any(shape[:1] == (size,) for shape in outputs)
