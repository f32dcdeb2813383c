"""Write a net as a readable PyTorch module: one class that needs only torch, and a file of its weights.

`Layer.torch_code` gives the source of each layer.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor

from netdef.convert.torch_source.names import Names, class_name
from netdef.convert.torch_source.text import ModuleText, wrapped
from netdef.errors import NetdefError, Problem, SpecError
from netdef.graph.build import build_net
from netdef.graph.graph import Node, Value
from netdef.graph.net import Net
from netdef.layers.batch_norm import BatchNorm
from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.mask import Mask
from netdef.layers.scale import Scale
from netdef.weights.stored_layers import memory_of


@dataclass(frozen=True)
class Module:
    """The text of a module, and the state dict of its class, float32 on the CPU."""

    name: str
    text: str
    state: dict[str, Tensor]


@torch.no_grad()
def write_module(net: Net, source: str, every_blob: bool = False) -> Module:
    """The module of a net in TEST. ``source`` says in its docstring where it comes from.

    The class is named after the net, its attributes after the layers, the variables of ``forward`` after the blobs, with
    ``_`` for what a name in Python cannot have. ``forward`` takes the net's inputs and returns its output, or a tuple
    of them in the order of ``net.outputs``; with ``every_blob`` a dictionary of all blobs. Masks are applied to the weights.
    Raises `SpecError` with every layer that cannot be written.
    """
    return _Writer(net, source, every_blob).module()


class _Writer:
    """The text and the state dict of a module, layer by layer."""

    def __init__(self, net: Net, source: str, every_blob: bool):
        graph = net.graph
        self.net = net
        self.shapes: dict[Value, Shape] = {
            value: shape for node, row in zip(graph.nodes, net.rows) for value, (_, shape) in zip(node.tops, row.tops)
        }
        attributes, variables = Names.of_attributes(), Names.of_variables()
        self.attributes = {node.key: attributes.new(node.key) for node in graph.nodes}
        self.variables = {blob: variables.new(blob) for blob in graph.last_versions}
        self.state: dict[str, Tensor] = {}
        self.owners: dict[int, str] = {}  # attribute path by memory
        self.text = ModuleText(
            class_name(net.name), f"{net.name or 'A net'}, from {source}.", self._summary(),
            [self.variables[name] for name in net.inputs], self._returns(every_blob))

    def module(self) -> Module:
        problems = []
        scales = self._scales_of_batch_norms()
        for node in self.net.graph.nodes:
            layer = self.net.layers.get(node.key)
            if layer is None or isinstance(layer, Mask) or node in scales.values():
                continue
            try:
                self._add(node, layer, scales.get(node))
            except NotWritable as why:
                problems.append(Problem(f"layer `{node.spec.name}` ({node.spec.type}) {why}", node.spec.span()))
        if problems:
            raise SpecError(problems)
        return Module(self.text.name, str(self.text), self.state)

    def _add(self, node: Node, layer: Layer, scale: Node | None) -> None:
        """Add a layer, with the Scale behind it if it is a BatchNorm."""
        name = self.attributes[node.key]
        bottoms = [Variable(self.variables[v.blob], self.shapes[v]) for v in node.bottoms]
        if scale is not None and isinstance(layer, BatchNorm):
            code = layer.torch_code_with(self.net.layers[scale.key].to_torch(), f"self.{name}", bottoms)
        else:
            code = layer.torch_code(f"self.{name}", bottoms)
        if not code.call:
            return
        self.text.members += [f"self.{name}{suffix} = {made}" for suffix, made in code.members.items()]
        for function in code.functions:
            self._copy(function)
        self._keep(name, code)
        tops = (scale or node).tops
        shape = self.shapes[tops[0]]
        changed = not bottoms or shape[1:] != bottoms[0].shape[1:]
        lines = wrapped(f"{', '.join(self.variables[top.blob] for top in tops)} = {code.call}")
        if len(lines) == len(tops) == 1 and changed and len(shape) > 1:
            lines[0] += f"  # {' x '.join(map(str, shape[1:]))}"
        self.text.statements += lines

    def _copy(self, function: Callable[..., object]) -> None:
        """Copy the source of a function or class that a layer's code calls."""
        name = function.__name__
        try:
            source = textwrap.dedent(inspect.getsource(function))
        except (OSError, TypeError):
            raise NotWritable(f"calls `{name}`, whose source cannot be found") from None
        if self.text.functions.setdefault(name, source) != source:
            raise NotWritable(f"calls a `{name}` that is not the one that another layer calls")

    def _keep(self, name: str, code: TorchCode) -> None:
        """Put the tensors into the state dict; a blob that two layers share is one parameter of the module, too."""
        for suffix, tensors in code.state.items():
            for part, tensor in tensors.items():
                key = ".".join(filter(None, (name + suffix, part)))
                owner = self.owners.setdefault(memory_of(tensor), key)
                if owner != key and self.state[owner].shape == tensor.shape:
                    self.text.ties.append(f"self.{key} = self.{owner}")
                self.state[key] = tensor.detach().to("cpu", torch.float32).contiguous()

    def _scales_of_batch_norms(self) -> dict[Node, Node]:
        """The Scale behind each BatchNorm whose only reader it is, if it learns a factor for each channel."""
        graph, found = self.net.graph, {}
        for node in graph.nodes:
            layer = self.net.layers.get(node.key)
            readers = graph.readers.get(node.tops[0], ()) if node.tops else ()
            if not isinstance(layer, BatchNorm) or layer.affine or layer.single_axis or len(readers) != 1:
                continue
            reader = graph.nodes[readers[0]]
            scale = self.net.layers[reader.key]
            if isinstance(scale, Scale) and scale.channel_affine() is not None:
                found[node] = reader
        return found

    def _returns(self, every_blob: bool) -> tuple[str, str]:
        """The type and the value that ``forward`` returns."""
        if every_blob:
            graph = self.net.graph
            known = {v.blob for v in self.shapes if graph.nodes[v.producer].spec.type != "Mask"}
            items = (f"{blob!r}: {name}" for blob, name in self.variables.items() if blob in known)
            return "dict[str, Tensor]", f"{{{', '.join(items)}}}"
        outputs = [self.variables[blob] for blob in self.net.outputs]
        kind = "Tensor" if len(outputs) == 1 else f"tuple[{', '.join(['Tensor'] * len(outputs)) or '()'}]"
        return kind, ", ".join(outputs) or "()"

    def _summary(self) -> str:
        """The shapes of inputs and outputs, in a sentence."""
        free = _works_for_any_batch(self.net)

        def shown(blobs: list[str]) -> str:
            shapes = ([*("N" if free else n for n in self.net.shapes[b][:1]), *self.net.shapes[b][1:]] for b in blobs)
            return ", ".join(f"{self.variables[b]} ({', '.join(map(str, shape))})" for b, shape in zip(blobs, shapes))

        return f"{shown(self.net.inputs)} to {shown(self.net.outputs)}{'; N is the number of items' if free else ''}."


def _works_for_any_batch(net: Net) -> bool:
    """Whether any batch size works: not so behind ``reshape_param { shape { dim: 1 ... } }``."""
    shapes = [net.shapes[blob] for blob in net.inputs]
    if not shapes or any(shape[:1] != shapes[0][:1] or not shape for shape in shapes):
        return False
    layers = []
    for node in net.graph.nodes:
        layer = deepcopy(node.spec.message)
        for shape in layer.input_param.shape if node.spec.type == "Input" else ():
            shape.dim[0] += 1
        layers.append((layer, node.spec.where))
    try:
        larger = build_net(net.spec.with_layers(layers), "meta")
    except NetdefError:
        return False
    same_blobs = all(a.shape == b.shape for key in net.params for a, b in zip(net.params[key], larger.params[key]))
    return same_blobs and all(
        larger.shapes[blob] == (shapes[0][0] + 1, *net.shapes[blob][1:]) for blob in net.outputs)
