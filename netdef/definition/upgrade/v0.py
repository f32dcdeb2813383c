"""Upgrade nets of 2013, `layers { layer { type: "conv" ... } bottom ... }`, to V1.

A V0 layer has the parameters of all types in one message. Each moves to the parameter message of its type, most under
the same name; those on images move to ``transform_param``. Padding is a layer of its own in V0.
"""

from __future__ import annotations

from copy import deepcopy

from netdef.errors import Note, Problems, did_you_mean, warn_at
from netdef.schema.descriptors import descriptor_of, message_type, set_field
from netdef.schema.messages import NetParameter, V1LayerParameter
from netdef.schema.where import Where

# V0 type -> V1 type, and the message that takes its parameters.
_TYPES: dict[str, tuple[str, str | None]] = {
    "accuracy": ("ACCURACY", None),
    "bnll": ("BNLL", None),
    "concat": ("CONCAT", "concat_param"),
    "conv": ("CONVOLUTION", "convolution_param"),
    "data": ("DATA", "data_param"),
    "dropout": ("DROPOUT", "dropout_param"),
    "euclidean_loss": ("EUCLIDEAN_LOSS", None),
    "flatten": ("FLATTEN", None),
    "hdf5_data": ("HDF5_DATA", "hdf5_data_param"),
    "hdf5_output": ("HDF5_OUTPUT", "hdf5_output_param"),
    "im2col": ("IM2COL", None),
    "images": ("IMAGE_DATA", "image_data_param"),
    "input": ("IMAGE_DATA", "image_data_param"),  # for a day of 2014-02, before it was `images`
    "infogain_loss": ("INFOGAIN_LOSS", "infogain_loss_param"),
    "locally_connected": ("LOCAL", "local_param"),
    "memory_data": ("MEMORY_DATA", "memory_data_param"),  # of a pull request of 2014-03
    "innerproduct": ("INNER_PRODUCT", "inner_product_param"),
    "lrn": ("LRN", "lrn_param"),
    "multinomial_logistic_loss": ("MULTINOMIAL_LOGISTIC_LOSS", None),
    "pool": ("POOLING", "pooling_param"),
    "relu": ("RELU", None),
    "sigmoid": ("SIGMOID", None),
    "softmax": ("SOFTMAX", None),
    "softmax_loss": ("SOFTMAX_LOSS", None),
    "split": ("SPLIT", None),
    "tanh": ("TANH", None),
    "window_data": ("WINDOW_DATA", "window_data_param"),
}
_SAME = ("name", "blobs", "blobs_lr", "weight_decay")  # also fields of the V1 layer itself
_TRANSFORM = {"scale": "scale", "meanfile": "mean_file", "cropsize": "crop_size", "mirror": "mirror",
              "mean_value": "mean_value"}
_RENAMED = {
    "biasterm": "bias_term", "kernelsize": "kernel_size", "batchsize": "batch_size", "shuffle_images": "shuffle",
    "det_fg_threshold": "fg_threshold", "det_bg_threshold": "bg_threshold", "det_fg_fraction": "fg_fraction",
    "det_context_pad": "context_pad", "det_crop_mode": "crop_mode",
}  # fmt: skip


def upgrade_v0(net: NetParameter, where: Where, problems: Problems) -> tuple[NetParameter, Where]:
    """The net with V1 layers in place of V0 ones. Fields that a layer's type does not use are left out with a warning."""
    if not any(layer.HasField("layer") for layer in net.layers):
        return net, where
    upgraded = deepcopy(net)
    where = _fold_padding(upgraded, where, problems)
    places = []
    for i, layer in enumerate(upgraded.layers):
        place = where.child("layers", i)
        places.append(_upgrade(layer, place, problems) if layer.HasField("layer") else place)
    return upgraded, where.replace(layers=places)


def _upgrade(connection: V1LayerParameter, where: Where, problems: Problems) -> Where:
    """Replace a V1 layer that holds a V0 layer by the V1 layer it means, in place; return its places."""
    old, inside = connection.layer, where.child("layer")
    layer = V1LayerParameter(bottom=connection.bottom, top=connection.top)
    fields: dict[str, list[Where]] = {name: list(where.fields[name]) for name in ("bottom", "top") if where.has(name)}
    type_name, own = _TYPES.get(old.type, (None, None))
    if old.HasField("type"):
        fields["type"] = [inside.child("type")]
        if type_name is None:
            problems.add(f"no layer of 2013 has type `{old.type}`{did_you_mean(old.type, _TYPES)}", inside.at("type"))
            return where
        layer.type = V1LayerParameter.LayerType.Value(type_name)
    for field, value in old.ListFields():
        name, place = field.name, inside.child(field.name)
        if name == "type":
            continue
        if name in _SAME:
            set_field(layer, name, value)
            fields[name] = list(inside.fields.get(name, ()))
            continue
        if name == "hdf5_output_param" and own == name:
            layer.hdf5_output_param.CopyFrom(value)
            fields[name] = [place]
            continue
        target, new_name = ("transform_param", _TRANSFORM[name]) if name in _TRANSFORM else (own, _RENAMED.get(name, name))
        if target is not None and _has_field(layer, target, new_name):
            set_field(getattr(layer, target), new_name, value)
            parts = fields.setdefault(target, [Where(inside.span, inside.name)])
            parts[0] = parts[0].replace(**{new_name: [place]})
        else:
            warn_at(inside.at(name), f"layer `{old.name}` of type `{old.type}` ignores `{name}`")
    connection.CopyFrom(layer)
    return Where(where.span, where.name, fields, where.unread)


def _has_field(layer: V1LayerParameter, param: str, name: str) -> bool:
    """Whether the parameter message ``param`` of a layer has the field ``name``."""
    return name in message_type(descriptor_of(layer).fields_by_name[param]).fields_by_name


def _fold_padding(net: NetParameter, where: Where, problems: Problems) -> Where:
    """Remove `padding` layers, in place; what they pad becomes `pad` of the conv or pool layer that reads them."""
    makers: dict[str, int] = {}
    places = [where.child("layers", i) for i in range(len(net.layers))]
    for i, layer in enumerate(net.layers):
        for j, blob in enumerate(layer.bottom):
            maker = makers.get(blob)
            if maker is None or net.layers[maker].layer.type != "padding":
                continue
            padding = net.layers[maker]
            if layer.layer.type not in ("conv", "pool") or len(layer.bottom) != 1 or len(padding.bottom) != 1:
                note = Note(f"`{blob}` is padded here", places[maker].at())
                problems.add("only a conv or pool layer with one bottom can read a padding layer",
                             places[i].at("bottom", j), note)
                continue
            layer.layer.pad = padding.layer.pad
            layer.bottom[j] = padding.bottom[0]
            inside = places[i].child("layer").replace(pad=[places[maker].child("layer", "pad")])
            places[i] = places[i].replace(layer=[inside])
        makers.update((top, i) for top in layer.top)
    kept = [i for i, layer in enumerate(net.layers) if layer.layer.type != "padding"]
    layers = [V1LayerParameter.FromString(net.layers[i].SerializeToString()) for i in kept]
    del net.layers[:]
    net.layers.extend(layers)
    return where.replace(layers=[places[i] for i in kept])
