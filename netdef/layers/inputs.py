"""Input: blobs that the caller gives to the net."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition
from netdef.errors import Absent
from netdef.layers.core.base import Entry
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, read_shape


@register("Input")
class Input(Entry):
    """Tops of the shapes that ``input_param`` names: one shape for all tops, or one each.

    Refused: any other number of shapes, and none at all. Caffe takes an Input without a shape and leaves its blobs
    empty; here every layer behind it needs one to be built. A net without shapes can be read, drawn and converted as a text.
    """

    def __init__(self, spec: LayerDefinition):
        super().__init__(spec)
        shapes: list[Shape] = [
            read_shape(spec, shape, "input_param", "shape", i) for i, shape in enumerate(spec.message.input_param.shape)
        ]
        if not shapes:
            names = ", ".join(f"`{top}`" for top in self.tops)
            raise spec.refuse(f"has no shape for {names}; give each one: `input_shape {{ dim: ... }}` behind lines of `input`, "
                              "`shape { dim: ... }` in the `input_param` of an Input layer", "input_param", kind=Absent)
        if len(shapes) not in (1, len(self.tops)):
            raise spec.refuse(
                f"has {len(self.tops)} tops and {len(shapes)} shapes; it wants one shape for all tops, or one each",
                "input_param", "shape")
        self.shapes = dict(zip(self.tops, shapes * len(self.tops) if len(shapes) == 1 else shapes))
