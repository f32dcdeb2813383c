"""Find the shapes of the inputs that replace data layers, from their data, or from text and weights."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence

from netdef.convert.edits.deploy import data_tops, deployed, is_feed
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import NetdefError, among
from netdef.graph.build import build_net
from netdef.layers.core.shapes import Shape
from netdef.weights.formats import read_layers
from netdef.weights.stored_layers import StoredBlob, StoredLayer

_Stored = Mapping[str, Mapping[int, StoredBlob]]

_LARGEST = 2048  # the side of an image that is tried at most
_USUAL = (227, 224, 299, 300, 321, 28, 32, 416, 320, 512)  # sides that published nets have


def input_shapes(
    net: NetDefinition, given: Mapping[str, Shape], weights: Sequence[str | os.PathLike[str]]
) -> dict[str, Shape]:
    """The shapes of the inputs of a filtered net in use: those given, else those of the data if these can be read.

    Raises `NetdefError` for an input that is left, with shapes that fit the net and the weight files, and for a shape of
    what no data layer makes.
    """
    made = [top for layer in net.layers if is_feed(layer) for top in layer.tops]
    for top in given:
        if top not in made:
            inputs = [top for layer in net.layers if layer.type == "Input" for top in layer.tops]
            why = ("is an input already, and has its shape in the text" if top in inputs
                   else f"comes from no data layer{among(top, made, 'they make')}")
            raise NetdefError(f"--input-shape {top}: `{top}` {why}")
    shapes = dict(given)
    wanted = data_tops(net)
    for layer in dict.fromkeys(wanted.values()):
        if any(top not in shapes for top in layer.tops if top in wanted):
            shapes = {**_shapes_of_data(net, layer), **shapes}
    for top, layer in wanted.items():
        if top not in shapes:
            why = "has no shape" if layer.type == "Input" else "is a data layer, and its data are not at hand"
            raise NetdefError(
                f"layer `{layer.name}` ({layer.type}) {why}: give the shape of `{top}`: {shape_flags(net, weights)}")
    return shapes


def way_out(net: NetDefinition, weights: Sequence[str | os.PathLike[str]]) -> str:
    """The sentence that says which flags bring a net in use, of one whose data are not at hand."""
    flags = shape_flags(net, weights)
    if all(layer.type == "Input" for layer in data_tops(net).values()):
        return f"The shapes of its inputs may be given: {flags}"
    return f"For the net in use, without its data layers: --deploy {flags}"


def shape_flags(net: NetDefinition, weights: Sequence[str | os.PathLike[str]]) -> str:
    """The flags ``--input-shape`` that fit a filtered net and its weights; in letters where none were found."""
    found = suggested_shapes(net, weights)
    if found is None:
        return " ".join(f"--input-shape {top}=N,C,H,W" for top in data_tops(net))
    return " ".join(f"--input-shape {top}={','.join(map(str, shape))}" for top, shape in found.items())


def suggested_shapes(net: NetDefinition, weights: Sequence[str | os.PathLike[str]]) -> dict[str, Shape] | None:
    """Shapes of one item, with which the net can be built and its weights have the shapes in the files; None for none.

    Channels are those of the first convolution, or of the data layer's means; the size is the data layer's crop, or
    what the first InnerProduct needs.
    """
    try:
        stored = {layer.name: layer.blobs for path in weights for layer in _stored_layers(path)}
        return next(_fitting(net, stored), None)
    except NetdefError:
        return None


def _stored_layers(path: str | os.PathLike[str]) -> Iterator[StoredLayer]:
    with read_layers(path) as layers:
        yield from layers


def _shapes_of_data(net: NetDefinition, layer: LayerDefinition) -> dict[str, Shape]:
    """The shapes of a data layer's tops, from its first record; none if that cannot be read."""
    try:
        return dict(build_net(net.with_layers([(layer.message, layer.where)]), "meta").shapes)
    except NetdefError:
        return {}


def _fitting(net: NetDefinition, stored: _Stored) -> Iterator[dict[str, Shape]]:
    """Fitting shapes, likely ones first."""
    tops = data_tops(net)
    layers = list(tops.values())
    for channels in _channels(net, layers, stored):
        given = [_size(layer) for layer in layers]
        if all(given):
            sizes = [size for size in given if size]
        else:
            side = _side(net, list(tops), channels, stored)
            sizes = [size or (side, side) for size in given]
        shapes: dict[str, Shape] = {top: (1, channels, *size) for top, size in zip(tops, sizes)}
        if _misfit(net, shapes, stored) == 0:
            yield shapes
    for width in _widths(net, tops, stored):
        shapes = dict.fromkeys(tops, (1, width))
        if _misfit(net, shapes, stored) == 0:
            yield shapes


def _channels(net: NetDefinition, layers: Sequence[LayerDefinition], stored: _Stored) -> list[int]:
    """Numbers of channels to try."""
    found = []
    first = next((layer for layer in net.layers if layer.type == "Convolution"), None)
    if first is not None and 0 in stored.get(first.name, {}):
        read = stored[first.name][0].shape[1] * first.message.convolution_param.group
        parts = [len(layer.tops) for layer in net.layers if layer.type == "Slice"] or [2]
        found += [read, *(count * read for count in dict.fromkeys(parts))]  # several images in one blob, to be sliced
    means = [len(layer.message.transform_param.mean_value) for layer in layers]
    return list(dict.fromkeys([*found, *(count for count in means if count > 1), 3, 1]))


def _size(layer: LayerDefinition) -> tuple[int, int] | None:
    """Height and width that a data layer's text states: of its crop, or of the images that it resizes."""
    transform, image = layer.message.transform_param, layer.message.image_data_param
    if transform.crop_size:
        return transform.crop_size, transform.crop_size
    for height, width in ((transform.crop_h, transform.crop_w), (image.new_height, image.new_width)):
        if height and width:
            return height, width
    return None


def _side(net: NetDefinition, tops: Sequence[str], channels: int, stored: _Stored) -> int:
    """The side of the images for which the weights fit, or with which the net can be built."""

    def misfit(side: int) -> int:
        return _misfit(net, dict.fromkeys(tops, (1, channels, side, side)), stored)

    usual = next((side for side in _USUAL if misfit(side) == 0), None)
    if usual is not None or not stored:
        return usual or _USUAL[0]
    first = _first(lambda side: misfit(side) >= 0, 1)
    fitting = range(first, _first(lambda side: misfit(side) > 0, first))
    return max(fitting, key=lambda side: side & -side, default=_USUAL[0])


def _first(holds: Callable[[int], bool], least: int) -> int:
    """The smallest side, ``least`` or greater, for which a condition holds that, once true, holds for many greater sides."""
    low, high = least, least
    while high < _LARGEST and not holds(high):
        low, high = high + 1, 2 * high
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _widths(net: NetDefinition, tops: Mapping[str, LayerDefinition], stored: _Stored) -> Iterator[int]:
    """The widths of vectors that layers which read the data take."""
    for layer in net.layers:
        if layer.type == "InnerProduct" and layer.bottoms[:1] and layer.bottoms[0] in tops and 0 in stored.get(layer.name, {}):
            shape = stored[layer.name][0].shape
            yield shape[-2] if layer.message.inner_product_param.transpose else shape[-1]


def _misfit(net: NetDefinition, shapes: Mapping[str, Shape], stored: _Stored) -> int:
    """0 if the net can be built with these inputs and has as many weights as the files.

    -1 if it has fewer, or if a layer has nothing left of its bottom; 1 if it has more.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they come when the net is built
        try:
            params = build_net(deployed(net, shapes), "meta").params
        except NetdefError:
            return -1
    for name, blobs in params.items():
        for index, blob in enumerate(blobs):
            source = stored.get(name, {}).get(index)
            if source is not None and not source.fits_reshaped(tuple(blob.shape)):
                return -1 if blob.numel() < math.prod(source.shape) else 1
    return 0
