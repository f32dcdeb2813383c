"""A net as a PyTorch module that a person could have written: one class, torch alone, and a file of its weights."""

from __future__ import annotations

import ast
import builtins
import inspect
import keyword
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from netdef.convert.torch_source import (
    emit_arranging,  # noqa: F401  (words for their types)
    emit_elementwise,  # noqa: F401  (words for their types)
)
from netdef.convert.torch_source.code import Variable, Wording, Wordless, wording
from netdef.convert.torch_source.emit_weighted import batch_norm
from netdef.errors import NetdefError, Problem, SpecError
from netdef.graph.build import build_net
from netdef.graph.graph import Node, Value
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape
from netdef.layers.mask import Mask
from netdef.weights.stored import memory_of

_SUFFIXES = ("", "_scale", "_bias", *(f"_{i}" for i in range(9)))  # of what a layer with several members calls them
_WIDTH = 112  # of a statement, which stands eight columns in
_TAKEN = {*keyword.kwlist, *dir(builtins), "self", "torch", "nn", "F", "Tensor", "Path", "load", "load_file"}


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
    of them in the order of ``net.outputs``; with ``every_blob`` a dictionary of all blobs. Masks are in the weights.
    Raises `SpecError` with every layer that torch has no words for.
    """
    return _Writer(net, source, every_blob).module()


@dataclass
class _Writer:
    net: Net
    source: str
    every_blob: bool
    members: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    state: dict[str, Tensor] = field(default_factory=dict)
    ties: list[str] = field(default_factory=list)
    pieces: dict[str, Callable] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # of attributes, by layer
    variables: dict[str, str] = field(default_factory=dict)  # by blob
    owners: dict[int, str] = field(default_factory=dict)  # attribute path by memory

    def module(self) -> Module:
        graph = self.net.graph
        self.shapes: dict[Value, Shape] = {
            value: shape for node, row in zip(graph.nodes, self.net.rows) for value, (_, shape) in zip(node.tops, row.tops)
        }
        attributes = _Names({*_TAKEN, *dir(nn.Module())})
        blobs = _Names(_TAKEN)
        self.names = {node.key: attributes.of(node.key, _SUFFIXES) for node in graph.nodes}
        self.variables = {blob: blobs.of(blob) for blob in graph.last_versions}
        scales = self._scales_of_batch_norms()
        for node in graph.nodes:
            layer = self.net.layers.get(node.key)
            if layer is None or isinstance(layer, Mask) or layer.type_name == "Silence" or node in scales.values():
                continue
            try:
                self._add(node, layer, scales.get(node))
            except Wordless as why:
                self.problems.append(Problem(f"layer `{node.spec.name}` ({node.spec.type}) {why}", node.spec.span()))
        if self.problems:
            raise SpecError(self.problems)
        return Module(_class_name(self.net.name), "\n".join(self._lines()), self.state)

    def _add(self, node: Node, layer: Layer, scale: Node | None) -> None:
        name, bottoms = self.names[node.key], [Variable(self.variables[v.blob], self.shapes[v]) for v in node.bottoms]
        if scale is None:
            words = wording(layer, f"self.{name}", bottoms)
        else:
            words = batch_norm(layer, f"self.{name}", bottoms, self.net.layers[scale.key])
        for suffix, made in words.members.items():
            self.members.append(f"self.{name}{suffix} = {made}")
        self._keep(name, words)
        self.pieces |= {piece.__name__: piece for piece in words.pieces}
        tops = (scale or node).tops
        statement = f"{', '.join(self.variables[top.blob] for top in tops)} = {words.call}"
        shape = self.shapes[tops[0]]
        changed = not bottoms or shape[1:] != bottoms[0].shape[1:]
        lines = _wrapped(statement)
        if len(lines) == len(tops) == 1 and changed and len(shape) > 1:
            lines[0] += f"  # {' x '.join(map(str, shape[1:]))}"
        self.statements += lines

    def _keep(self, name: str, words: Wording) -> None:
        """The tensors into the state dict; a blob that two layers share is one in the module, too."""
        for suffix, tensors in words.state.items():
            for part, tensor in tensors.items():
                key = ".".join(filter(None, (name + suffix, part)))
                owner = self.owners.setdefault(memory_of(tensor), key)
                if owner != key and self.state[owner].shape == tensor.shape:
                    self.ties.append(f"self.{key} = self.{owner}")
                self.state[key] = tensor.detach().to("cpu", torch.float32).contiguous()

    def _scales_of_batch_norms(self) -> dict[Node, Node]:
        """The Scale behind a BatchNorm, where it is the only reader and learns a factor for each channel."""
        graph, found = self.net.graph, {}
        for node in graph.nodes:
            layer = self.net.layers.get(node.key)
            readers = graph.readers.get(node.tops[0], ()) if node.spec.type == "BatchNorm" else ()
            if len(readers) != 1 or layer.affine or layer.single_axis:
                continue
            reader = graph.nodes[readers[0]]
            scale = self.net.layers.get(reader.key)
            if reader.spec.type == "Scale" and "scale" in scale.blob_names and scale.per_channel:
                found[node] = reader
        return found

    def _lines(self) -> Iterator[str]:
        net, inputs = self.net, [self.variables[name] for name in self.net.inputs]
        kind = _class_name(net.name)
        text = "\n".join([*self.members, *self.statements, *map(inspect.getsource, self.pieces.values())])
        title = _told(f"{net.name or 'A net'}, from {self.source}.")
        yield f'"""{title}"""'
        yield ""
        yield "from pathlib import Path"
        yield ""
        if "torch." in text:
            yield "import torch"
        if "F." in text:
            yield "import torch.nn.functional as F"
        yield "from safetensors.torch import load_file"
        yield "from torch import Tensor, nn"
        for piece in self.pieces.values():
            yield f"\n\n{inspect.getsource(piece).rstrip()}"
        yield f"\n\nclass {kind}(nn.Module):"
        yield f'    """{self._promise()}"""'
        yield ""
        yield "    def __init__(self):"
        yield "        super().__init__()"
        yield from (f"        {line}" for line in self.members)
        yield from (f"        {line}  # one parameter" for line in self.ties)
        yield ""
        outputs = [self.variables[blob] for blob in net.outputs]
        returns = "Tensor" if len(outputs) == 1 else f"tuple[{', '.join(['Tensor'] * len(outputs)) or '()'}]"
        value = ", ".join(outputs) or "()"
        if self.every_blob:
            returns = "dict[str, Tensor]"
            known = {v.blob for v in self.shapes if self.net.graph.nodes[v.producer].spec.type != "Mask"}
            value = "{" + ", ".join(f"{blob!r}: {self.variables[blob]}" for blob in self.variables if blob in known) + "}"
        yield f"    def forward(self, {', '.join(f'{name}: Tensor' for name in inputs)}) -> {returns}:"
        yield from (f"        {line}" for line in self.statements)
        yield f"        return {value}"
        yield "\n"
        yield f"def load(path: str | Path = Path(__file__).with_suffix(\".safetensors\")) -> {kind}:"
        yield '    """The net with the weights of a file, by default the one beside this module; for inference."""'
        yield f"    net = {kind}()"
        yield "    net.load_state_dict(load_file(path))"
        yield "    return net.eval()"
        yield ""

    def _promise(self) -> str:
        free = _takes_any_number(self.net)

        def told(blobs: list[str]) -> str:
            shapes = ([*("N" if free else n for n in self.net.shapes[b][:1]), *self.net.shapes[b][1:]] for b in blobs)
            return ", ".join(f"{self.variables[b]} ({', '.join(map(str, shape))})" for b, shape in zip(blobs, shapes))

        return f"{told(self.net.inputs)} to {told(self.net.outputs)}{'; N is the number of items' if free else ''}."


def _takes_any_number(net: Net) -> bool:
    """Whether one item more goes in and comes out at every end: not so behind `reshape_param { shape { dim: 1 ... } }`."""
    shapes = [net.shapes[blob] for blob in net.inputs]
    if not shapes or any(shape[:1] != shapes[0][:1] or not shape for shape in shapes):
        return False
    more = [torch.empty((shape[0] + 1, *shape[1:]), device="meta") for shape in shapes]
    try:
        tops = build_net(net.spec, "meta")(*more)
    except (NetdefError, RuntimeError):
        return False
    return all(list(tops[blob].shape) == [shapes[0][0] + 1, *net.shapes[blob][1:]] for blob in net.outputs)


class _Names:
    """Names of Python for names of a text, no two the same."""

    def __init__(self, taken: set[str]):
        self.taken = set(taken)

    def of(self, text: str, suffixes: tuple[str, ...] = ("",)) -> str:
        """The name, such that it is new with each of the suffixes behind it."""
        name = re.sub(r"\W", "_", text)
        name = name if name[:1].isalpha() else f"x{name}" if name.startswith("_") else f"x_{name}"
        while any(name + suffix in self.taken for suffix in suffixes):
            name += "_"
        self.taken.update(name + suffix for suffix in suffixes)
        return name


def _wrapped(call: str) -> list[str]:
    """A long call over several lines, which blanks within its brackets may become; other statements as they are."""
    if len(call) <= _WIDTH or not isinstance(ast.parse(call).body[0].value, ast.Call):
        return [call]
    tops, equals, rest = call.partition(" = ")
    whole = f"{tops}{equals}".replace(" ", "\0") + rest  # no line may end before the brackets
    lines = textwrap.wrap(whole, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return [line.replace("\0", " ") for line in lines]


def _told(text: str) -> str:
    """A text of others as it can stand in a docstring: in one line, and nothing in it ends the string."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return printable.replace("\\", "\\\\").replace('"', '\\"')


def _class_name(name: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if joined[:1].isalpha() else f"Net{joined}"
