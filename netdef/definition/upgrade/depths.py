"""Write the sizes of height, width and depth of Xiaomi2008's fork as those of three axes of Convolution and Pooling."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import Problems, SpecError
from netdef.schema.messages import ConvolutionParameter, LayerParameter, PoolingParameter
from netdef.schema.where import Where

_PARAMS = {"Convolution": "convolution_param", "Deconvolution": "convolution_param", "Pooling": "pooling_param"}
_NAMES = {"kernel_size": "kernel", "stride": "stride", "pad": "pad", "dilation": "kstride"}  # with `_h`, `_w` and `_d`
_OF_POOLING = {"kernel_size": "kernel_sizes", "stride": "strides", "pad": "pads"}
_DEPTHS = ("kernel_d", "stride_d", "pad_d", "kstride_d", "kstride_h", "kstride_w")


def upgrade_depths(net: NetDefinition) -> NetDefinition:
    """The net with sizes such as `kernel_h`, `kernel_w` and `kernel_d`, which are of three axes in this order, as `kernel_size`.

    Raises `SpecError` with a place for a size of depth without those of height and width.
    """
    found = [layer for layer in net.layers if _has_depths(layer)]
    if not found:
        return net
    problems, layers = Problems(), []
    for layer in net.layers:
        try:
            layers.append(_with_lists(layer) if layer in found else (layer.message, layer.where))
        except SpecError as error:
            problems.extend(error.problems)
    problems.raise_any()
    return net.with_layers(layers)


def _has_depths(layer: LayerDefinition) -> bool:
    name = _PARAMS.get(layer.type)
    return name is not None and any(getattr(layer.message, name).HasField(field) for field in _DEPTHS)


def _with_lists(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    name = _PARAMS[layer.type]
    message, source = deepcopy(layer.message), getattr(layer.message, name)
    target, inside, places = getattr(message, name), layer.where.child(name), {}
    axes = "hwd" if any(source.HasField(field) for field in _DEPTHS if field.endswith("d")) else "hw"
    for field, short in _NAMES.items():
        each = [f"{short}_{axis}" for axis in axes]
        sizes = _sizes(layer, source, name, field, each)
        for old in (field, *each):
            if old in target.DESCRIPTOR.fields_by_name:
                target.ClearField(old)
        new = _OF_POOLING.get(field, field) if layer.type == "Pooling" else field
        getattr(target, new).extend(sizes)
        given = next((old for old in (*each, field) if inside.fields.get(old)), None)
        places[new] = [inside.child(given)] * len(sizes) if given else []
    return message, layer.where.replace(**{name: [inside.replace(**places)]})


def _sizes(
    layer: LayerDefinition, param: ConvolutionParameter | PoolingParameter, name: str, field: str, each: list[str]
) -> list[int]:
    """A size of each axis, by the names ``each``, or what ``field`` gives for all."""
    given = [old for old in each if param.HasField(old)]
    if not given:
        value = getattr(param, field)
        if isinstance(value, int):
            return [value] * len(each) if param.HasField(field) else []
        return list(value)
    if field == "kernel_size" and len(given) < len(each):
        missing = next(old for old in each if old not in given)
        raise layer.refuse(f"gives `{given[0]}`, and no `{missing}`; sizes of volumes are of height, width and depth",
                           name, given[0])
    default = 0 if field == "pad" else 1
    return [getattr(param, old) if param.HasField(old) else default for old in each]
