"""The net as a ``torch.nn.Module``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from netdef.data.feeding.feed import Feed, Feeds
from netdef.definition.definitions import NetDefinition
from netdef.graph.graph import Graph, Node
from netdef.graph.sharing import Learnable
from netdef.layers.core.base import Entry, Layer
from netdef.layers.core.shapes import Shape
from netdef.layers.mask import Mask


class Step(NamedTuple):
    """One layer's turn: which slots it reads and writes, which it is the last to read, which bottoms get no gradient."""

    layer: Layer
    bottoms: tuple[int, ...]
    tops: tuple[int, ...]
    done: tuple[int, ...]
    detached: tuple[int, ...]


class LayerRow(NamedTuple):
    """A layer as a table shows it."""

    name: str
    type: str
    bottoms: tuple[str, ...]
    masks: tuple[str, ...]
    tops: tuple[tuple[str, Shape], ...]
    parameters: int
    multiply_adds: int

    @classmethod
    def of(cls, node: Node, shapes: Sequence[Shape], parameters: int, multiply_adds: int) -> LayerRow:
        tops = tuple((value.blob, shape) for value, shape in zip(node.tops, shapes))
        bottoms, masks = (tuple(v.blob for v in values) for values in (node.bottoms, node.masks))
        return cls(node.key, node.spec.type, bottoms, masks, tops, parameters, multiply_adds)


class Net(nn.Module):
    """A compiled net: ``net(data=x)`` gives ``{output blob: tensor}``.

    Children are the layers under their prototxt names (a name that a module cannot have gets ``_`` for each dot or at
    its end); ``layers`` maps the names themselves. Make one with `netdef.load`.

    Attributes:
        name, phase: as in the text; phase is ``"TRAIN"`` or ``"TEST"``.
        graph: who reads what. ``rows``: the layers as a table.
        layers: {layer name: module}, data and input layers left out.
        inputs: tops of the Input layers, in order. outputs: the blobs nobody reads, sorted by name as in Caffe.
        shapes: {blob: shape} of every blob, as the net was built.
        feeds: the data layers' batches: ``net(**next(net.feeds))``. Empty, and false, for a net without data layers.
        learnable: the entries of the solver, in Caffe's order, shared blobs once.
        masked: {Mask layer: [(layer, blob attribute)]}.
    """

    def __init__(
        self,
        graph: Graph,
        layers: dict[str, Layer],
        entries: dict[str, Entry],
        steps: list[Step],
        rows: list[LayerRow],
        learnable: list[Learnable],
        masked: dict[str, list[tuple[str, str]]],
        shapes: dict[str, Shape],
    ):
        super().__init__()
        self.graph, self.name, self.phase = graph, graph.spec.name, graph.spec.phase
        self.rows, self.learnable, self.masked, self.shapes = rows, learnable, masked, shapes
        self._child_names = {key: self._adopt(key, layer) for key, layer in layers.items()}
        self.feeds = Feeds([entry for entry in entries.values() if isinstance(entry, Feed)])
        self.inputs = [top for entry in entries.values() if not isinstance(entry, Feed) for top in entry.tops]
        self.outputs = [value.blob for value in graph.outputs]
        slots = {value: i for i, value in enumerate(v for node in graph.nodes for v in node.tops)}
        self._steps, self._n_slots = steps, len(slots)
        self._output_slots = [(value.blob, slots[value]) for value in graph.outputs]
        self._entry_slots = {v.blob: slots[v] for node in graph.nodes if node.key in entries for v in node.tops}
        self._last_slots = {blob: slots[value] for blob, value in graph.last_versions.items()}
        self._losses = [
            (value.blob, weight) for node in graph.nodes for value, weight in zip(node.tops, node.loss_weights) if weight
        ]

    def _adopt(self, key: str, layer: Layer) -> str:
        name = key.replace(".", "_") or "_"
        while hasattr(self, name) or name in _OWN_NAMES:
            name += "_"
        self.add_module(name, layer)
        return name

    @property
    def spec(self) -> NetDefinition:
        """The text that the net was compiled from, filtered, with the masks that were attached."""
        return self.graph.spec

    @property
    def layers(self) -> dict[str, Layer]:
        """{layer name: module}, in the order of the text."""
        return {key: self._modules[name] for key, name in self._child_names.items()}

    @property
    def params(self) -> dict[str, list[Tensor]]:
        """{layer name: its blobs}: Caffe's order and shapes; layers without blobs are left out."""
        return {key: layer.blobs for key, layer in self.layers.items() if layer.blob_names}

    @property
    def masks(self) -> dict[str, Mask]:
        """{Mask layer: module}."""
        return {key: layer for key, layer in self.layers.items() if isinstance(layer, Mask)}

    @property
    def loss_weights(self) -> dict[str, float]:
        """{blob: weight} of the tops that `loss` adds up."""
        return dict(self._losses)

    def forward(self, *args: Tensor, **inputs: Tensor) -> dict[str, Tensor]:
        """One pass. Positional tensors follow ``inputs``; keywords name any top of an Input or data layer.

        A pure function of its inputs and the parameters. Blobs are let go as soon as nobody needs them.
        """
        slots = self._enter(args, inputs)
        for layer, bottoms, tops, done, detached in self._steps:
            self._turn(slots, layer, bottoms, tops, detached)
            for slot in done:
                slots[slot] = None
        return {blob: slots[slot] for blob, slot in self._output_slots}

    def activations(self, *args: Tensor, **inputs: Tensor) -> dict[str, Tensor]:
        """One pass that keeps every blob, masks included: {blob: its last version}."""
        slots = self._enter(args, inputs)
        for layer, bottoms, tops, _, detached in self._steps:
            self._turn(slots, layer, bottoms, tops, detached)
        for node in self.graph.nodes:
            if node.spec.type == "Mask":
                reader, blob = self.masked[node.key][0]
                weight = getattr(self.layers[reader], blob)
                slots[self._last_slots[node.tops[0].blob]] = self.layers[node.key](weight)
        return {blob: slots[slot] for blob, slot in self._last_slots.items()}

    def loss(self, outputs: dict[str, Tensor]) -> Tensor:
        """The weighted sum of the loss tops of ``outputs``: a scalar tensor, 0 for a net without losses."""
        total = None
        for blob, weight in self._losses:
            value = outputs[blob]
            value = value if value.ndim == 0 else value.sum()
            value = value if weight == 1 else value * weight
            total = value if total is None else total + value
        if total is None:
            return torch.zeros((), device=next(self.parameters(), torch.empty(0)).device)
        return total

    @torch.no_grad()
    def fill(self, keys: Iterable[str] | None = None) -> None:
        """Draw the layers' blobs from their fillers (all layers, or those named), from torch's default generator.

        Constants are drawn with them. A blob that is another layer's, or another net's, is not drawn again.
        """
        for layer in self.layers.values() if keys is None else [self.layers[key] for key in keys]:
            for name, fill in layer.fills.items():
                _fill(getattr(layer, name), fill)

    def reset_state(self) -> None:
        """Forget the state that recurrent layers carry from batch to batch: the next sequences begin from zeros."""
        for layer in self.layers.values():
            layer.reset_state()

    def _turn(self, slots: list, layer: Layer, bottoms: tuple, tops: tuple, detached: tuple) -> None:
        inputs = [slots[i] for i in bottoms]
        for i in detached:
            inputs[i] = inputs[i].detach()
        outputs = layer(*inputs)
        if isinstance(outputs, Tensor):
            slots[tops[0]] = outputs
        else:
            for i, output in zip(tops, outputs):
                slots[i] = output

    def _enter(self, args: tuple[Tensor, ...], inputs: dict[str, Tensor]) -> list:
        if len(args) > len(self.inputs):
            raise TypeError(f"net `{self.name}` has {len(self.inputs)} inputs ({', '.join(self.inputs)}), got {len(args)}")
        given = dict(zip(self.inputs, args))
        if twice := given.keys() & inputs.keys():
            raise TypeError(f"input `{min(twice)}` is given twice")
        given |= inputs
        if given.keys() != self._entry_slots.keys():
            missing = [name for name in self._entry_slots if name not in given]
            unknown = [name for name in given if name not in self._entry_slots]
            said = [f"{what} {', '.join(names)}" for what, names in (("missing", missing), ("unknown", unknown)) if names]
            hint = "; data layers' batches come from net.feeds" if missing and self.feeds else ""
            raise TypeError(f"net `{self.name}` takes {', '.join(self._entry_slots) or 'no inputs'}: {', '.join(said)}{hint}")
        slots: list = [None] * self._n_slots
        for name, value in given.items():
            slots[self._entry_slots[name]] = value
        return slots


# Attributes that the constructor sets after the children are adopted.
_OWN_NAMES = {"feeds", "inputs", "outputs"}


def _fill(tensor: Tensor, fill) -> None:
    """Fill on the CPU, as Caffe does, and in logical order: a seed gives the same weights on any device, in any layout."""
    if tensor.device.type == "cpu" and tensor.is_contiguous():
        fill(tensor)
    else:
        drawn = torch.empty(tensor.shape, dtype=tensor.dtype)
        fill(drawn)
        tensor.copy_(drawn)
