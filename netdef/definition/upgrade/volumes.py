"""Write the layers for volumes of C3D, P3D and video-caffe as Convolution, Deconvolution and Pooling."""

from __future__ import annotations

import re
from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import Problems, SpecError
from netdef.schema.messages import ConvolutionParameter, LayerParameter, PoolingParameter
from netdef.schema.where import Where

_KINDS = "convolution|deconvolution|pooling"
_TYPE = re.compile(rf"({_KINDS})3d|nd({_KINDS})|(pooling)nd", re.IGNORECASE)
_SOFTMAX = {"VOXEL_SOFTMAX": "Softmax", "VOXEL_SOFTMAX_LOSS": "SoftmaxWithLoss"}
_PARAMS = ("convolution_param", "pooling_param")
# A size of height and width -> the names of that of the axis before them, and what it is if none is given.
_DEPTHS: dict[str, tuple[tuple[str, ...], int]] = {
    "kernel_size": (("kernel_depth", "kernel_l"), 0),
    "stride": (("temporal_stride", "stride_l"), 1),
    "pad": (("temporal_pad", "pad_l"), 0),
}
_EACH_AXIS = {"kernel_size": "kernel_sizes", "stride": "strides", "pad": "pads"}  # of PoolingParameter
_ELSEWHERE = {"pad_l"}  # a usual layer has a field of this name


def upgrade_volumes(net: NetDefinition) -> NetDefinition:
    """The net with a usual layer for each Convolution3D, Deconvolution3D, Pooling3D, NdConvolution, NdPooling and PoolingND.

    PoolingND is of 3D U-Net's fork (Cicek et al. 2016), with a ``pooling_nd_param``. The layers have the sizes of C3D's and
    P3D's once for each axis. The types of C3D 1.0 are in capitals; its VOXEL_SOFTMAX and VOXEL_SOFTMAX_LOSS, over the channels
    of volumes, are Softmax and SoftmaxWithLoss with FULL normalization. Raises `SpecError` with a place for a missing size, and
    for a field of those layers in a usual one.
    """
    problems, layers = Problems(), []
    for layer in net.layers:
        try:
            found = _TYPE.fullmatch(layer.type)
            if layer.type in _SOFTMAX:
                layers.append((_softmax(layer.message), layer.where))
            elif found is None:
                _check_has_none(layer)
                layers.append((layer.message, layer.where))
            else:
                kind = (found[1] or found[2] or found[3]).capitalize()
                layers.append(_of_u_net(layer) if found[3] else _usual(layer, kind, three=bool(found[1])))
        except SpecError as error:
            problems.extend(error.problems)
    problems.raise_any()
    foreign = (layer.type for layer in net.layers if layer.type in _SOFTMAX or _TYPE.fullmatch(layer.type))
    return net.with_layers(layers) if any(foreign) else net


def _softmax(message: LayerParameter) -> LayerParameter:
    usual = deepcopy(message)
    usual.type = _SOFTMAX[message.type]
    if usual.type == "SoftmaxWithLoss":
        usual.loss_param.normalization = usual.loss_param.FULL
    return usual


def _of_u_net(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    message, places = deepcopy(layer.message), layer.where.fields.get("pooling_nd_param", ())
    message.type = "Pooling"
    message.ClearField("pooling_nd_param")
    message.pooling_param.CopyFrom(layer.message.pooling_nd_param)
    return message, layer.where.replace(pooling_nd_param=[], pooling_param=places)


def _usual(layer: LayerDefinition, kind: str, three: bool) -> tuple[LayerParameter, Where]:
    """The layer of type ``kind``, and its places. ``three``: its message has its own names for the first of three axes."""
    message = deepcopy(layer.message)
    message.type = kind
    if not three:
        return message, layer.where
    name = "pooling_param" if kind == "Pooling" else "convolution_param"
    new = name.replace("_param", "3d_param")
    given = new if message.HasField(new) else name
    message.ClearField(given)
    source, target = getattr(layer.message, given), getattr(message, name)
    target.CopyFrom(source)
    inside, places = layer.where.child(given), {}
    for field, (depths, _) in _DEPTHS.items():
        sizes = _of_three_axes(layer, source, given, field)
        for old in (field, *depths):
            if old in target.DESCRIPTOR.fields_by_name:
                target.ClearField(old)
        each = _EACH_AXIS[field] if kind == "Pooling" else field
        getattr(target, each).extend(sizes)
        places[each] = [inside.child(field)] * len(sizes)
    if kind == "Pooling" and any(target.pads):
        raise layer.refuse("pads what it pools, which is not implemented for this type", given, "pad")
    return message, layer.where.replace(**{given: [], name: [inside.replace(**places)]})


def _of_three_axes(
    layer: LayerDefinition, param: ConvolutionParameter | PoolingParameter, name: str, field: str
) -> list[int]:
    """A size of C3D's and P3D's layers: of height and width once, and of the axis before them."""
    depths, default = _DEPTHS[field]
    value = getattr(param, field)
    planes = [value] if isinstance(value, int) else list(value) or [default]
    if len(planes) > 1:
        raise layer.refuse(f"gives `{field}` {len(planes)} times; it is one number for height and width", name, field)
    depth = next((getattr(param, other) for other in depths if _has(param, other)), default)
    if field == "kernel_size" and not (depth and planes[0]):
        raise layer.refuse(f"needs a `{'kernel_size' if depth else 'kernel_depth'}`", name)
    return [depth, planes[0], planes[0]]


def _has(param: ConvolutionParameter | PoolingParameter, field: str) -> bool:
    return field in param.DESCRIPTOR.fields_by_name and param.HasField(field)


def _check_has_none(layer: LayerDefinition) -> None:
    """Refuse fields of layers for volumes in a layer of another type."""
    for name in _PARAMS:
        if layer.message.HasField(name):
            param = getattr(layer.message, name)
            for field in (depth for depths, _ in _DEPTHS.values() for depth in depths):
                if field not in _ELSEWHERE and _has(param, field):
                    raise layer.refuse(
                        f"gives `{field}`, which only Convolution3D and Pooling3D have; give `kernel_size`, "
                        "`stride` and `pad` once for each axis", name, field)
    for name in ("convolution3d_param", "pooling3d_param"):
        if layer.message.HasField(name):
            raise layer.refuse(f"has a `{name}`, which only Convolution3D and Pooling3D read", name)
