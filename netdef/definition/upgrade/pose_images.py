"""Give layers that draw maps at joints the images, whose size the maps have."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import LayerParameter

_TYPES = {"HeatMapsFromCoordsOrigin", "CoordsToBboxesMasks", "TorsoMaskFromCoords"}


def add_pose_images(net: NetDefinition) -> NetDefinition:
    """The net with a third bottom of these layers of zimenglan's fork: the first top of what makes their second bottom.

    That fork computes the maps' size from numbers in the second bottom, where it is not known before a pass; the data layer
    computes the images' size from the same numbers. In a deploy net the first input is the images.
    """
    found = [layer for layer in net.layers if layer.type in _TYPES and len(layer.bottoms) == 2]
    if not found:
        return net
    images: dict[str, str] = {}
    for layer in reversed(net.layers):
        if layer.tops and not layer.bottoms:
            images.update(dict.fromkeys(layer.tops, layer.tops[0]))

    def add(message: LayerParameter) -> None:
        message.bottom.append(images[message.bottom[1]])

    return net.with_changed([layer for layer in found if layer.bottoms[1] in images], add)
