"""Attach Mask layers to the blobs that they cover."""

from __future__ import annotations

from collections.abc import Mapping

from netdef.graph.graph import Graph, Node
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask


class MaskReaders:
    """The layers that read Mask layers. ``masked`` is {Mask layer: [(layer, name of the covered blob)]}."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.masked: dict[str, list[tuple[str, str]]] = {}

    def attach(self, node: Node, layers: Mapping[str, Layer]) -> None:
        """Attach to a layer the masks that it reads. Raises `SpecError` for a mask that cannot cover its blob."""
        layer = layers[node.key]
        maskable = layer.maskable or ()
        for value, place in zip(node.masks, node.mask_places):
            maker = self.graph.nodes[value.producer]
            mask = layers.get(maker.key)
            if not isinstance(mask, Mask):  # there is an error about it
                continue
            names = layer.blob_names
            name = names[mask.blob_index] if 0 <= mask.blob_index < len(names) else None
            if name is None or name not in maskable:
                can = [str(i) for i, n in enumerate(names) if n in maskable]
                allowed = f"a mask can cover blob {' or '.join(can)}" if can else "it has none that a mask can cover"
                raise node.spec.refuse(
                    f"takes mask `{maker.spec.name}` for its blob {mask.blob_index}; {allowed}", "bottom", place)
            shape = tuple(getattr(layer, name).shape)
            if name in layer.masks:
                raise node.spec.refuse(f"takes a second mask for its blob {mask.blob_index}", "bottom", place)
            if mask.shape not in (None, shape):
                first = self.masked[maker.key][0][0]
                raise node.spec.refuse(
                    f"takes mask `{maker.spec.name}`, whose shape is {mask.shape} from layer `{first}`, "
                    f"for weights of shape {shape}", "bottom", place)
            mask.shape = shape
            layer.masks[name] = mask
            self.masked.setdefault(maker.key, []).append((node.key, name))
