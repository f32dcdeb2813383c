"""Compute the offsets of the Crop layers of 2014, which had no message, and write SimpleCrop as Crop."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.coordinate_maps import CoordMapError, Maker, offsets, relate
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import Problems, SpecError
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where

TYPE = "CROP"
"""The type of a V1 ``CROP`` until its offset is known."""
_Value = tuple[str, int]  # a blob, and how many layers have made one of that name


def upgrade_crops(net: NetDefinition) -> NetDefinition:
    """The net with a Crop for each V1 ``CROP`` (longjon's fork, FCN, CRF-RNN): the region over the second bottom.

    And for each SimpleCrop of ctensmeyer, which cuts rows and columns at the end, so that a second bottom's are left, or
    those of the blob that ``blob_name`` names. Raises `SpecError` with a place if the layers between the two bottoms do not
    determine that region.
    """
    if any(layer.type == "SimpleCrop" for layer in net.layers):
        net = net.with_layers(_of_simple(layer) if layer.type == "SimpleCrop" else (layer.message, layer.where)
                              for layer in net.layers)
    if not any(layer.type == TYPE for layer in net.layers):
        return net
    problems = Problems()
    versions: dict[str, int] = {}
    made: dict[_Value, Maker[_Value]] = {}

    def value(blob: str) -> _Value:
        return blob, versions.get(blob, 0)

    upgraded = []
    for layer in net.layers:
        message, bottoms = layer.message, [value(blob) for blob in layer.bottoms]
        if layer.type == TYPE:
            try:
                message = _crop(layer, bottoms, made)
            except SpecError as error:
                problems.extend(error.problems)
        upgraded.append((message, layer.where))
        for top in layer.tops:
            versions[top] = versions.get(top, 0) + 1
            made[value(top)] = _maker(message, bottoms)
    problems.raise_any()
    return net.with_layers(upgraded)


def _maker(message: LayerParameter, bottoms: list[_Value]) -> Maker[_Value]:
    """The layer of a blob; one that joins or parts channels has the places of its first bottom, as in longjon's fork."""
    axes = {"Concat": (message.concat_param.axis, message.concat_param.concat_dim),
            "Slice": (message.slice_param.axis, message.slice_param.slice_dim)}
    if axes.get(message.type) == (1, 1):
        return "Split", message, bottoms[:1]
    return message.type, message, bottoms


def _crop(layer: LayerDefinition, bottoms: list[_Value], made: dict[_Value, Maker[_Value]]) -> LayerParameter:
    if len(bottoms) != 2:
        raise layer.refuse(f"has {len(bottoms)} bottoms; it wants two", "bottom")
    try:
        begins = offsets(relate(bottoms[0], bottoms[1], lambda blob: made.get(blob, ("", LayerParameter(), ()))))
    except CoordMapError as error:
        raise layer.refuse(
            f"does not say where to cut `{layer.bottoms[0]}`, and the layers above do not, either: {error}; write it as "
            "`layer` with `crop_param { axis: 2 offset: ... }`", "type") from error
    message = deepcopy(layer.message)
    message.type = "Crop"
    message.crop_param.axis = 2
    message.crop_param.offset.extend(begins)
    return message


def _of_simple(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    message, where = deepcopy(layer.message), layer.where
    param = message.crop_param
    if param.HasField("blob_name") == (len(layer.bottoms) == 2):
        raise layer.refuse("wants a `blob_name` or a second bottom, whose height and width are left", "crop_param")
    if param.HasField("blob_name"):
        message.bottom.append(param.blob_name)
        where = where.replace(bottom=[*where.fields.get("bottom", ()), where.child("crop_param").child("blob_name")])
    message.type = "Crop"
    message.ClearField("crop_param")
    return message, where.replace(crop_param=[])
