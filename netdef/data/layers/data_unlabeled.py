"""DataUnlabeled: each image several times in a batch. Of Sajjadi et al. 2016 (m-sajjadi's fork)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netdef.data.databases.records import Item, Records
from netdef.data.layers.data import Data
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


@register("DataUnlabeled")
class DataUnlabeled(Data):
    """`Data` in which each item is there ``nt`` times, one after the other, and is cropped and mirrored anew each time.

    A batch has ``batch_size / nt`` items. A top for labels may be left out.
    """

    def __init__(self, spec: LayerDefinition):
        self.times: int = spec.message.nt
        if self.times < 2 or spec.message.data_param.batch_size % self.times:
            raise spec.refuse(f"wants `nt`, how often an image is in a batch, from 2 up, and a divisor of its `batch_size` of "
                              f"{spec.message.data_param.batch_size}; it is {self.times}", "nt")
        super().__init__(spec)

    def indices(self, number: int, count: int) -> list[int]:
        first = self.first_item(number) // self.times + self.skipped_items()
        items = range(first, first + self.batch_size // self.times)
        found = [self.shuffled(item, count) if self.shuffle else item % count for item in items]
        return [index for index in found for _ in range(self.times)]

    def items(self, number: int, records: Records | None = None) -> list[Item]:
        if self.selection or self.shuffle:
            return super().items(number, records)
        first = self.first_item(number) // self.times + self.skipped_items()
        found = (records or self.records).read(first, self.batch_size // self.times)
        return [item for item in found for _ in range(self.times)]
