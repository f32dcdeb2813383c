"""What a script finds in a net: its blobs, its layers and their blobs."""

from __future__ import annotations

from netdef.data.layers.python_data import PythonData
from netdef.graph.net import Net
from netdef.layers.dummy_data import DummyData
from netdef.layers.python.caffe_layer import Python
from netdef.layers.python.pycaffe import Layer as CaffeLayer
from netdef.pycaffe.blob import Blob, BlobVec, ParameterBlob
from netdef.pycaffe.memory import BlobMemory, Memory
from netdef.pycaffe.parameters import LayerMemory
from netdef.pycaffe.wiring import Turn, Wiring


class BuiltInLayer(CaffeLayer):
    """A layer of a net that is no Python layer: its type and its blobs."""

    def __init__(self, type_name: str, blobs: BlobVec):
        self.type, self.blobs = type_name, blobs


def make_blobs(net: Net, wiring: Wiring) -> list[Blob]:
    """All blobs, by number."""
    shapes = {top: net.shapes[value.blob] for turn in wiring.turns if turn.node
              for top, value in zip(turn.tops, turn.node.tops)}
    constants = _constants(net, wiring)
    memories: list[Memory] = []
    for number, source in enumerate(wiring.data_of):
        if source != number:
            memories.append(memories[source])
        else:
            memories.append(constants.get(number) or BlobMemory(shapes[number]))
    return [Blob(memory, BlobMemory(memory.shape, weight)) for memory, weight in zip(memories, wiring.loss_weights)]


def _constants(net: Net, wiring: Wiring) -> dict[int, Memory]:
    """The tops of DummyData layers that are filled once: what a script writes there stays, as it does in Caffe."""
    layers, found = net.layers, {}
    for turn in wiring.turns:
        layer = layers.get(turn.node.key) if turn.node else None
        if isinstance(layer, DummyData):
            for index, (top, refill) in enumerate(zip(turn.tops, layer.refills)):
                if refill is None and sum(top in other.tops for other in wiring.turns) == 1:
                    found[top] = LayerMemory(layer, f"top{index}")
    return found


def make_params(net: Net, wiring: Wiring) -> list[BlobVec]:
    """The blobs of each layer, in the order of weight files."""
    layers, found = net.layers, []
    for turn in wiring.turns:
        layer = layers.get(turn.node.key) if turn.node else None
        names = layer.blob_names if layer is not None else []
        found.append(BlobVec(ParameterBlob(LayerMemory(layer, name)) for name in names))
    return found


def view_layers(net: Net, wiring: Wiring, params: list[BlobVec]) -> list[CaffeLayer]:
    """Each layer as a script gets it: for a Python layer the object of the user's class."""
    return [_view(net, turn, blobs) for turn, blobs in zip(wiring.turns, params)]


def _view(net: Net, turn: Turn, blobs: BlobVec) -> CaffeLayer:
    if turn.node is not None and turn.type == "Python":
        layer = net.layers.get(turn.node.key)
        if isinstance(layer, Python):
            for own, blob in zip(layer.user.blobs, blobs):
                own.share(blob.data)
            return layer.user.object
        for feed in (net.feeds[i] for i in range(len(net.feeds))):
            if isinstance(feed, PythonData) and feed.name == turn.name:
                return feed.object
    return BuiltInLayer(turn.type, blobs)
