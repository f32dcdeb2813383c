"""`Data` with ``get_mirror_crop``: images, and how each was cropped. JAA-Net (Shao et al. 2018, ZhiwenShao)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.datum import datum_array
from netdef.data.layers.data import Data
from netdef.layers.core.arity import between
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


@register("Data", when=lambda spec: spec.message.data_param.get_mirror_crop)
class CroppedData(Data):
    """`Data` whose second top (batch, 4, 1, 1) has four numbers in place of labels, for AlignDataTransform.

    They are 1 for a mirrored image, else 0; the ``crop_size``; and the first row and column of the crop.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition):
        super().__init__(spec)
        if self.transform.changes or self.transform.choice:
            raise spec.refuse("has `get_mirror_crop`, which cannot tell how images of changed sizes are cropped", "data_param",
                              "get_mirror_crop")
        self.side: int = spec.message.transform_param.crop_size
        self.set_shapes(spec, self.shapes[self.tops[0]][1:], (4, 1, 1))

    def batch(self, number: int) -> dict[str, np.ndarray]:
        made = super().batch(number)
        if len(self.tops) == 1:
            return made
        facts = []
        draws = self._draws(self.first_item(number)).tolist()
        for item, (mirror, *corner) in zip(self.items(number), draws):
            datum = self.parse(item)
            size = (datum.height, datum.width) if not datum.encoded else datum_array(datum, self.color).shape[1:]
            _, rows, columns = self.transform.window(size, corner)
            facts.append((float(self.transform.mirror and mirror < 0.5), self.side, rows.start, columns.start))
        return {**made, self.tops[1]: np.array(facts, np.float32)[..., None, None]}
