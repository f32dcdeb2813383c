"""Make the blobs and layers of a net that scripts see."""

from __future__ import annotations

from netdef.data.feeding.feed import Feed
from netdef.data.layers.python_data import PythonData
from netdef.graph.net import Net
from netdef.layers.dummy_data import DummyData
from netdef.layers.python.caffe_layer import Python
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe.blob import Blob, BlobVec, ParameterBlob
from netdef.pycaffe.layer_memory import LayerMemory
from netdef.pycaffe.memory import BlobMemory, Memory
from netdef.pycaffe.wiring import WiredLayer, Wiring


class BuiltInLayer(UserLayer):
    """A layer other than a Python layer: its type and its blobs."""

    blobs: BlobVec  # type: ignore[assignment]  # a user's layer has blobs of its own kind

    def __init__(self, type_name: str, blobs: BlobVec):
        self.type, self.blobs = type_name, blobs


def make_blobs(net: Net, wiring: Wiring) -> list[Blob]:
    """All blobs, by number."""
    shapes = {top: net.shapes[value.blob] for wired in wiring.layers for top, value in zip(wired.tops, wired.values)}
    constants = _constants(wiring)
    memories: list[Memory] = []
    for number, source in enumerate(wiring.data_of):
        if source != number:
            memories.append(memories[source])
        else:
            memories.append(constants.get(number) or BlobMemory(shapes[number]))
    return [Blob(memory, BlobMemory(memory.shape, weight)) for memory, weight in zip(memories, wiring.loss_weights)]


def _constants(wiring: Wiring) -> dict[int, LayerMemory]:
    """The tops of DummyData layers that are filled once: values written by a script stay, as in Caffe."""
    found = {}
    for wired in wiring.layers:
        if isinstance(wired.layer, DummyData):
            for index, (top, refill) in enumerate(zip(wired.tops, wired.layer.refills)):
                if refill is None and sum(top in other.tops for other in wiring.layers) == 1:
                    found[top] = LayerMemory(wired.layer, f"top{index}")
    return found


def make_params(wiring: Wiring) -> list[BlobVec]:
    """The blobs of each layer, in the order of weight files."""
    return [
        BlobVec([ParameterBlob(LayerMemory(wired.layer, name)) for name in wired.layer.blob_names] if wired.layer else [])
        for wired in wiring.layers]


def view_layers(net: Net, wiring: Wiring, params: list[BlobVec]) -> list[UserLayer]:
    """The objects that scripts see as layers: for a Python layer that of the user's class."""
    feeds = {net.feeds[i].name: net.feeds[i] for i in range(len(net.feeds))}
    return [_view(wired, blobs, feeds.get(wired.name)) for wired, blobs in zip(wiring.layers, params)]


def _view(wired: WiredLayer, blobs: BlobVec, feed: Feed | None) -> UserLayer:
    if isinstance(wired.layer, Python):
        for own, blob in zip(wired.layer.user.blobs, blobs):
            own.share(blob.data)
        return wired.layer.user.object
    if isinstance(feed, PythonData):
        return feed.object
    return BuiltInLayer(wired.type, blobs)
