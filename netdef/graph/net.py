"""The net as a ``torch.nn.Module``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.modules.module import _has_any_global_hook

from netdef.data.feeding.feed import Feed, Feeds
from netdef.definition.definitions import NetDefinition
from netdef.graph.folding import is_plain_pass, with_folds
from netdef.graph.fusion import NormAndScale, fused
from netdef.graph.graph import Graph
from netdef.graph.layer_errors import INSIDE, layer_error
from netdef.graph.layer_row import LayerRow
from netdef.graph.memory import fill_as_caffe
from netdef.graph.net_inputs import Input, dtype_and_device, input_tensor, positional_inputs, wrong_inputs
from netdef.graph.out_of_memory import out_of_memory
from netdef.graph.sharing import Learnable
from netdef.graph.steps import Slots, Step, slots_of, steps_of
from netdef.layers.core.base import Entry, Layer
from netdef.layers.core.shapes import Shape
from netdef.layers.mask import Mask

_OWN_NAMES = {"feeds", "inputs", "outputs"}  # attributes that the constructor sets after the children are adopted


class Net(nn.Module):
    """A compiled net: ``net(data=x)`` gives ``{output blob: tensor}``.

    Children are the layers under their prototxt names (a name that a module cannot have gets ``_`` for each dot or at
    its end); ``layers`` maps the names themselves. Make one with `netdef.load`.

    Attributes:
        name, phase: as in the text; phase is ``"TRAIN"`` or ``"TEST"``.
        graph: which layer makes and reads each value.
        rows: the layers as a table.
        layers: {layer name: module}, without data and Input layers.
        inputs: tops of the Input layers, in order.
        outputs: the blobs that no layer reads, sorted by name as in Caffe.
        shapes: {blob: shape} of every blob, as the net was built.
        feeds: the data layers' batches: ``net(**next(net.feeds))``. Empty, and false, for a net without data layers.
        learnable: the entries of the solver, in Caffe's order, shared blobs once.
        masked: {Mask layer: [(layer, blob attribute)]}.
    """

    def __init__(
        self, graph: Graph, layers: dict[str, Layer], entries: dict[str, Entry], rows: list[LayerRow],
        learnable: list[Learnable], masked: dict[str, list[tuple[str, str]]], shapes: dict[str, Shape],
    ):
        super().__init__()
        self.graph, self.name, self.phase = graph, graph.spec.name, graph.spec.phase
        self.rows, self.learnable, self.masked, self.shapes = rows, learnable, masked, shapes
        self._child_names = {key: self._adopt(key, layer) for key, layer in layers.items()}
        self.feeds = Feeds([entry for entry in entries.values() if isinstance(entry, Feed)])
        self.inputs = [top for entry in entries.values() if not isinstance(entry, Feed) for top in entry.tops]
        self.outputs = [value.blob for value in graph.outputs]
        slots = slots_of(graph)
        self._layer_steps, self._n_slots = list(steps_of(graph, layers)), len(slots)
        self._steps = list(fused(graph, self._layer_steps))
        self._hooks = [hooks for layer in layers.values() for hooks in (
            layer._forward_hooks, layer._forward_pre_hooks, layer._backward_hooks, layer._backward_pre_hooks)]
        self._learned = [layer._parameters for layer in layers.values() if layer._parameters]
        self._may_fold = False
        self._output_slots = [(value.blob, slots[value]) for value in graph.outputs]
        self._entry_slots = {v.blob: slots[v] for node in graph.nodes if node.key in entries for v in node.tops}
        self._last_slots = {blob: slots[value] for blob, value in graph.last_versions.items()}
        self._losses = [
            (value.blob, weight) for node in graph.nodes for value, weight in zip(node.tops, node.loss_weights) if weight]

    def _adopt(self, key: str, layer: Layer) -> str:
        name = key.replace(".", "_") or "_"
        while hasattr(self, name) or name in _OWN_NAMES:
            name += "_"
        self.add_module(name, layer)
        return name

    @property
    def spec(self) -> NetDefinition:
        """The definition that the net was built from: filtered, with the masks that were attached."""
        return self.graph.spec

    @property
    def layers(self) -> dict[str, Layer]:
        """{layer name: module}, in the order of the text."""
        return {key: cast(Layer, self._modules[name]) for key, name in self._child_names.items()}

    @property
    def params(self) -> dict[str, list[Tensor]]:
        """{layer name: its blobs}: Caffe's order and shapes; layers without blobs are left out."""
        return {key: layer.blobs for key, layer in self.layers.items() if layer.blob_names}

    @property
    def masks(self) -> dict[str, Mask]:
        """{Mask layer: module}."""
        return {key: layer for key, layer in self.layers.items() if isinstance(layer, Mask)}

    @property
    def fused(self) -> list[NormAndScale]:
        """The pairs of layers that `forward` runs as one."""
        return [step.run for step in self._steps if isinstance(step.run, NormAndScale)]

    @property
    def loss_weights(self) -> dict[str, float]:
        """{blob: weight} of the tops that `loss` sums."""
        return dict(self._losses)

    def forward(self, *args: Input, **inputs: Input) -> dict[str, Tensor]:
        """One pass. Positional tensors follow ``inputs``; keywords name any top of an Input or data layer.

        A numpy array is taken as a tensor of the net's type, on its device. The result depends only on the inputs and
        the parameters. Blobs are released as soon as no layer needs them. Several layers may run as one, unless layers have
        hooks. Raises TypeError for inputs that are missing, unknown or no tensors, `LayerError` for blobs that a layer cannot
        work on.
        """
        given = self._given(args, inputs)
        slots = self.run(given, *self._steps_for(given))
        return {blob: slots[slot] for blob, slot in self._output_slots}

    def activations(self, *args: Input, **inputs: Input) -> dict[str, Tensor]:
        """One pass that keeps every blob, masks included: {blob: its last version}.

        It runs layer by layer, where `forward` may run two as one: last bits can differ, gradients reach every blob.
        """
        slots = self.run(self._given(args, inputs), self._layer_steps, as_modules=True, keep=True)
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
        """Fill the blobs of all layers, or of those named, from torch's default generator; shared ones belong to others."""
        layers = self.layers
        for key in layers if keys is None else keys:
            for name, fill in layers[key].fills.items():
                fill_as_caffe(getattr(layers[key], name), fill)

    def reset_state(self) -> None:
        """Set the state of recurrent layers, which they carry from batch to batch, to zeros, as in a new net."""
        for layer in self.layers.values():
            layer.reset_state()

    @property
    def is_hooked(self) -> bool:
        """Whether a hook is registered for the passes of any layer, or of all modules."""
        return any(self._hooks) or _has_any_global_hook()

    def freeze(self) -> Net:
        """Set `requires_grad` of all parameters to False, and fold layers into the weights before them in TEST passes.

        A later change of a blob or a mask is noticed if torch counts it. It does not count writes through ``.data`` or a numpy
        array: call `torch.autograd.graph.increment_version` after such a write. Returns the net.
        """
        self._may_fold = True
        return self.requires_grad_(False)

    @property
    def _learns(self) -> bool:
        return any(p is not None and p.requires_grad for parameters in self._learned for p in parameters.values())

    def _steps_for(self, given: Mapping[str, Tensor]) -> tuple[list[Step], bool]:
        """The steps of a pass on these inputs, and whether to call their layers as modules, which runs hooks."""
        if self.is_hooked or torch.jit.is_tracing():
            return self._layer_steps, True
        if not self._may_fold or self.training or self._learns:
            return self._steps, False
        needs_gradient = torch.is_grad_enabled() and any(x.requires_grad for x in given.values())
        return self._steps if needs_gradient or not is_plain_pass() else self._folded_steps, False

    @cached_property
    def _folded_steps(self) -> list[Step]:
        return list(fused(self.graph, list(with_folds(self.graph, self.layers, self._layer_steps))))

    def run(
        self, given: Mapping[str, Tensor], steps: Iterable[Step], as_modules: bool = False, keep: bool = False
    ) -> Slots:
        """Run steps on a tensor for each top of the Input and data layers; returns the blobs, None for those released.

        ``as_modules`` calls the layers as modules, as hooks want; ``keep`` releases no blob. Raises `LayerError` as `forward`.
        """
        slots: Slots = [None] * self._n_slots
        for name, value in given.items():
            slots[self._entry_slots[name]] = value
        step = None
        try:
            for step in steps:
                run, bottoms, tops, done, detached, only = step
                forward = cast(Layer, run) if as_modules else run.forward
                if only is not None:
                    outputs = forward(slots[only])
                else:
                    inputs = [slots[i] for i in bottoms]
                    for i in detached:
                        inputs[i] = inputs[i].detach()
                    outputs = forward(*inputs)
                    del inputs
                if isinstance(outputs, Tensor):
                    slots[tops[0]] = outputs
                else:
                    for i, output in zip(tops, outputs):
                        slots[i] = output
                if not keep:
                    for i in done:
                        slots[i] = None
        except INSIDE as error:
            if step is None:
                raise
            explanation = self._explanation(error, step, slots, given)
            if explanation is None:
                raise
            raise explanation from error
        return slots

    def _explanation(self, error: Exception, step: Step, slots: Slots, given: Mapping[str, Tensor]) -> Exception | None:
        """The error to raise instead of one that a layer's step raised; None for one to raise as it is."""
        ends, inputs = (step.bottoms, step.tops), [slots[i] for i in step.bottoms]
        return layer_error(self.graph, self.shapes, dtype_and_device(self), ends, inputs, given, error) or out_of_memory(
            self.graph, self.shapes, list(self.parameters()), ends, given, error)

    def _given(self, args: tuple[Input, ...], inputs: Mapping[str, Input]) -> dict[str, Tensor]:
        """The inputs by name."""
        given = {**positional_inputs(self.name, self.inputs, args, inputs), **inputs} if args else inputs
        if given.keys() != self._entry_slots.keys():
            raise wrong_inputs(self.name, self._entry_slots, given, has_feeds=bool(self.feeds))
        for value in given.values():
            if not isinstance(value, Tensor):
                weights = dtype_and_device(self)
                return {name: input_tensor(name, value, weights) for name, value in given.items()}
        return cast("dict[str, Tensor]", given)
