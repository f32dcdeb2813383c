"""The labels and colours that ``caffe.draw`` gives to layers; scripts that draw nets themselves call these functions."""

from __future__ import annotations

from netdef.schema.messages import LayerParameter, PoolingParameter

_LEARNING = ("Convolution", "Deconvolution", "InnerProduct")
_COLOURS = {"Convolution": "#FF5050", "Deconvolution": "#FF5050", "Pooling": "#FF9900", "InnerProduct": "#CC33FF"}


def _style(shape: str, colour: str) -> dict[str, str]:
    return {"shape": shape, "fillcolor": colour, "style": "filled"}


LAYER_STYLE_DEFAULT = _style("record", "#6495ED")
NEURON_LAYER_STYLE = _style("record", "#90EE90")
BLOB_STYLE = _style("octagon", "#E0E0E0")


def get_pooling_types_dict() -> dict[int, str]:
    """The names of pooling methods by number."""
    return {number: name for name, number in PoolingParameter.PoolMethod.items()}


def get_edge_label(layer: LayerParameter) -> str:
    """The label of the edge to a layer's top: its batch size, or its number of outputs; ``""`` in quotes if it has none."""
    if layer.type == "Data":
        return f"Batch {layer.data_param.batch_size}"
    if layer.type in ("Convolution", "Deconvolution"):
        return str(layer.convolution_param.num_output)
    return str(layer.inner_product_param.num_output) if layer.type == "InnerProduct" else '""'


def get_layer_lr_mult(layer: LayerParameter) -> tuple[float, float]:
    """``lr_mult`` of a layer's weights and biases. Raises ValueError for a layer of a type that has not these two."""
    if layer.type not in _LEARNING:
        raise ValueError(f"the learning rates of {', '.join(_LEARNING)} are known; layer `{layer.name}` is of type {layer.type}")
    rates = [param.lr_mult for param in layer.param]
    if len(rates) > 2:
        raise ValueError(f"layer `{layer.name}` has {len(rates)} `param`; two are known, of weights and biases")
    weights, biases = (*rates, 1.0, 1.0)[:2]
    return weights, biases


def get_layer_label(layer: LayerParameter, rankdir: str, display_lrm: bool = False) -> str:
    r"""Name, type and window of a layer, in double quotes: in one line for TB and BT, else in lines that a written ``\n`` ends.

    ``display_lrm`` adds the two ``lr_mult`` of layers that learn, unless both are 0.
    """
    separator = " " if rankdir in ("TB", "BT") else r"\n"
    method = f" {get_pooling_types_dict()[layer.pooling_param.pool]}" if layer.type == "Pooling" else ""
    lines = [layer.name, f"({layer.type}{method})", *_window(layer)]
    if display_lrm and layer.type in _LEARNING and any(rates := get_layer_lr_mult(layer)):
        lines.append("lr mult: {:.1f}, {:.1f}".format(*rates))
    return f'"{separator.join(lines)}"'


def choose_color_by_layertype(layertype: str) -> str:
    """The fill colour of a layer type."""
    return _COLOURS.get(layertype, LAYER_STYLE_DEFAULT["fillcolor"])


def _window(layer: LayerParameter) -> list[str]:
    """The first size of a layer's kernel, stride and padding, if its type has them."""
    if layer.type == "Pooling":
        pooling = layer.pooling_param
        sizes = pooling.kernel_size, pooling.stride, pooling.pad
    elif layer.type in ("Convolution", "Deconvolution"):
        window = layer.convolution_param
        sizes = (*window.kernel_size, 1)[0], (*window.stride, 1)[0], (*window.pad, 0)[0]
    else:
        return []
    return [f"{name}: {size}" for name, size in zip(("kernel size", "stride", "pad"), sizes)]
