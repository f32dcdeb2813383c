"""Number a net's layers and blobs as Caffe does, with a Split layer after every blob that several layers read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from netdef.graph.graph import Node, Value
from netdef.graph.net import Net
from netdef.layers.core.base import Layer


@dataclass
class WiredLayer:
    """One layer and the numbers of the blobs that it reads and makes.

    ``layer`` is the module, None for a Split, an Input and a data layer; ``key`` its name in the net, nothing for a Split;
    ``values`` are the tops as the net's graph has them. ``places`` are the bottoms that the module takes: those that are
    no masks; ``detached`` are those of them, by index, that the text keeps gradients from. ``needs_backward`` and
    ``propagate_down`` say whether a backward pass runs the layer and which bottoms get gradients: see
    `netdef.pycaffe.need_backward`.
    """

    name: str
    type: str
    key: str
    layer: Layer | None
    bottoms: tuple[int, ...]
    tops: tuple[int, ...]
    values: tuple[Value, ...]
    loss_weights: tuple[float, ...]
    places: tuple[int, ...] = ()
    detached: tuple[int, ...] = ()
    needs_backward: bool = False
    propagate_down: list[bool] = field(default_factory=list)

    @property
    def is_split(self) -> bool:
        """Whether the net's text has no such layer."""
        return not self.key


@dataclass(frozen=True)
class Wiring:
    """All layers in order and the names of all blobs.

    ``data_of[i]`` is the blob whose numbers blob i has: itself, but for the tops of a Split. ``inputs`` are the blobs of
    Input layers, ``outputs`` those that no layer reads, sorted by name.
    """

    layers: tuple[WiredLayer, ...]
    blob_names: tuple[str, ...]
    data_of: tuple[int, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    @property
    def loss_weights(self) -> list[float]:
        """The loss weight of every blob."""
        weights = [0.0] * len(self.blob_names)
        for wired in self.layers:
            for top, weight in zip(wired.tops, wired.loss_weights):
                weights[top] = weight
        return weights


def wire(net: Net) -> Wiring:
    """The wiring of a net."""
    wirer = _Wirer(net)
    for node in net.graph.nodes:
        wirer.add(node)
    inputs = (top for wired in wirer.layers if wired.type == "Input" for top in wired.tops)
    unread = sorted(wirer.unread)
    return Wiring(tuple(wirer.layers), tuple(wirer.names), tuple(wirer.data_of), tuple(inputs),
                  tuple(wirer.numbers[name] for name in unread))


class _Wirer:
    def __init__(self, net: Net):
        self.readers, self.modules = net.graph.readers, net.layers
        self.layers: list[WiredLayer] = []
        self.names: list[str] = []
        self.numbers: dict[str, int] = {}  # by name
        self.data_of: list[int] = []
        self.unread: set[str] = set()
        self.to_read: dict[Value, list[int]] = defaultdict(list)  # what the readers of a value get, one after the other

    def add(self, node: Node) -> None:
        values = {**dict(zip(node.places, node.bottoms)), **dict(zip(node.mask_places, node.masks))}
        bottoms = [self.read(values[place]) for place in sorted(values)]
        explicit = list(node.spec.message.loss_weight)
        tops = [self.make(value.blob) if node.spec.tops else self.new("(automatic)") for value in node.tops]
        wired = WiredLayer(
            node.spec.name, node.spec.type, node.key, self.modules.get(node.key), tuple(bottoms), tuple(tops), node.tops,
            node.loss_weights, node.places, _detached(node))
        self.layers.append(wired)
        for value, top in zip(node.tops, tops):
            is_loss = value.top < len(explicit) and explicit[value.top] != 0
            count = len(self.readers.get(value, ())) + is_loss
            if count > 1:
                self.split(wired, value, top, count, is_loss)
            else:
                self.to_read[value] = [top]

    def split(self, wired: WiredLayer, value: Value, blob: int, count: int, is_loss: bool) -> None:
        """A Split whose tops are the blob's readers' and, where the text gives it a loss weight, the loss's own."""
        name = f"{value.blob}_{wired.name}_{value.top}_split"
        self.unread.discard(value.blob)
        tops = [self.make(f"{name}_{i}", self.data_of[blob]) for i in range(count)]
        weights = [0.0] * count
        if is_loss:
            weights[0] = wired.loss_weights[value.top]
            wired.loss_weights = tuple(0.0 if i == value.top else w for i, w in enumerate(wired.loss_weights))
        self.layers.append(WiredLayer(name, "Split", "", None, (blob,), tuple(tops), (), tuple(weights)))
        self.to_read[value] = tops[is_loss:]

    def read(self, value: Value) -> int:
        left = self.to_read[value]
        blob = left.pop(0) if len(left) > 1 else left[0]
        self.unread.discard(self.names[blob])
        return blob

    def make(self, name: str, data_of: int | None = None) -> int:
        """The number of a top's blob: a layer in place makes the same blob again."""
        self.unread.add(name)
        if name not in self.numbers:
            self.numbers[name] = self.new(name, data_of)
        return self.numbers[name]

    def new(self, name: str, data_of: int | None = None) -> int:
        number = len(self.names)
        self.names.append(name)
        self.data_of.append(number if data_of is None else data_of)
        return number


def _detached(node: Node) -> tuple[int, ...]:
    stated = node.spec.message.propagate_down
    return tuple(i for i, place in enumerate(node.places) if place < len(stated) and not stated[place])
