"""Build a net's module from its graph.

Layers are constructed on torch's ``meta`` device. The shapes of their tops come from the layer's own rule, or from a run
on that device. Memory is allocated afterwards, once, for a net without errors.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import Absent, NetdefError, Note, Problem, Problems, SpecError, first_line
from netdef.garbage import without_collection
from netdef.graph.device import find_device
from netdef.graph.graph import Graph, Node, Value
from netdef.graph.layer_row import LayerRow
from netdef.graph.layer_state import as_list
from netdef.graph.link import link
from netdef.graph.mask_readers import MaskReaders
from netdef.graph.memory import allocate, check_memory
from netdef.graph.net import Net
from netdef.graph.sharing import Sharing
from netdef.graph.steps import may_overwrite
from netdef.graph.users_layers import blamed, check_constructor, check_parameters, check_tops
from netdef.layers.core.base import Entry, Layer, describes_forward
from netdef.layers.core.registry import is_ours, layer_class
from netdef.layers.core.shapes import MOST_ELEMENTS, Shape
from netdef.layers.mask import Mask


@without_collection()
def build_net(
    spec: NetDefinition, device: str | torch.device = "cpu", *, store: Net | None = None, fill: bool = True,
    problems: Problems | None = None,
) -> Net:
    """`link` and `build` a net. All errors are raised together, with the ``problems`` found in reading the text."""
    found = Problems() if problems is None else problems
    return build(link(spec, found), device, store=store, fill=fill, problems=found)


def build(
    graph: Graph, device: str | torch.device = "cpu", *, store: Net | None = None, fill: bool = True,
    problems: Problems | None = None,
) -> Net:
    """The module of a graph.

    ``device="meta"`` checks the net without allocating memory. ``store`` is another net whose weights and masks this one
    uses in layers of the same name (a TEST net beside its TRAIN net). ``fill=False`` leaves new weights uninitialised;
    call ``net.fill()`` or load them. Raises `SpecError` with the errors of all layers and the given
    ``problems``, `NetdefError` for a device that does not exist.
    """
    return _Builder(graph, store, Problems() if problems is None else problems).net(find_device(device), fill)


def known_shapes(graph: Graph) -> tuple[dict[Value, Shape], list[Absent]]:
    """The known shapes of values, and the reasons for unknown ones: absent data or code.

    A Mask's value has the shape of the weight that it covers. Allocates no memory. Raises `SpecError` for other errors.
    """
    builder = _Builder(graph, None, Problems())
    builder.add_all()
    absent = [problem for problem in builder.problems if isinstance(problem, Absent)]
    Problems(problem for problem in builder.problems if problem not in absent).raise_any(builder.cause)
    shapes = {value: tuple(tensor.shape) for value, tensor in builder.values.items()}
    for node in graph.nodes:
        mask = builder.layers.get(node.key)
        if isinstance(mask, Mask):
            shapes.pop(node.tops[0], None)
            if mask.shape is not None:
                shapes[node.tops[0]] = mask.shape
    return shapes, absent


def _tops(layer: Layer, inputs: list[Tensor], spec: LayerDefinition) -> list[Tensor]:
    """The tops of a layer, on ``meta``: by its rule for their shapes, or by running it."""
    has_rule = describes_forward(type(layer), "top_shapes", "keeps_shape")
    shapes = layer.top_shapes([tuple(x.shape) for x in inputs]) if has_rule else None
    if shapes is not None:
        return [torch.empty(shape, device="meta") for shape in shapes]
    tops = layer(*inputs)
    if not is_ours(type(layer)):
        check_tops(spec, tops)
    return as_list(tops)


class _Builder:
    """The construction of the layers of a graph, one by one."""

    def __init__(self, graph: Graph, store: Net | None, problems: Problems):
        self.graph, self.problems = graph, problems
        self.cause: BaseException | None = None  # the first error in a user's own code
        self.values: dict[Value, Tensor] = {}  # meta tensors, without those that errors prevent
        self.layers: dict[str, Layer] = {}
        self.entries: dict[str, Entry] = {}
        self.rows: list[LayerRow] = []
        self.stored = {} if store is None else store.layers
        self.sharing = Sharing(problems, self.stored, "" if store is None else store.phase)
        self.mask_readers = MaskReaders(graph)

    def net(self, device: torch.device, fill: bool) -> Net:
        self.add_all()
        self.problems.raise_any(self.cause)
        net = Net(
            self.graph, self.layers, self.entries, self.rows, self.sharing.learnable, self.mask_readers.masked,
            {blob: tuple(self.values[value].shape) for blob, value in self.graph.last_versions.items()},
        )
        if device.type != "meta":
            check_memory(self.graph, self.layers, device)
            allocate(self.layers, self.sharing, device)
            self.sharing.tie()
            if fill:
                net.fill()
        if device.type == "cuda":
            net.feeds.pin()
        for learnable in self.sharing.learnable:
            if isinstance(learnable.tensor, nn.Parameter) and learnable.lr_mult == 0:
                learnable.tensor.requires_grad_(False)
        return net.train(self.graph.spec.phase == "TRAIN")

    def add_all(self) -> None:
        with torch.no_grad():
            for index, node in enumerate(self.graph.nodes):
                if index not in self.graph.unfit:
                    self.add(node)
        self.sharing.check_masks()
        self.sharing.warn_ignored_rates()
        self.sharing.warn_same_names()

    def add(self, node: Node) -> None:
        """Construct and run one layer. After an error it has no values, and layers that read them are left out."""
        if any(value not in self.values for value in node.bottoms):
            return
        inputs = [self.values[value] for value in node.bottoms]
        try:
            cls = layer_class(node.spec)
            with blamed(node.spec, cls):
                outputs = self.enter(node, cls(node.spec)) if issubclass(cls, Entry) else self.run(node, cls, inputs)
        except SpecError as error:
            self.cause = self.cause or error.__cause__
            self.problems.extend(self.with_shapes(node, problem) for problem in error.problems)
            return
        except NetdefError as error:
            self.problems.add(f"layer `{node.spec.name}` ({node.spec.type}): {error}", node.spec.span())
            return
        except (RuntimeError, ValueError, IndexError, OverflowError) as error:
            shapes = ", ".join(str(tuple(x.shape)) for x in inputs)
            problem = Problem(
                f"layer `{node.spec.name}` ({node.spec.type}) cannot work on bottoms of shape {shapes}: {first_line(error)}",
                node.spec.span(),
            )
            self.problems.append(self.with_shapes(node, problem))
            return
        self.values.update(zip(node.tops, outputs))

    def enter(self, node: Node, entry: Entry) -> list[Tensor]:
        """Add an Input or data layer; return its tops."""
        self.entries[node.key] = entry
        self.rows.append(LayerRow.of(node, [entry.shapes[value.blob] for value in node.tops]))
        return [torch.empty(entry.shapes[value.blob], device="meta") for value in node.tops]

    def run(self, node: Node, cls: type[Layer], inputs: list[Tensor]) -> list[Tensor]:
        """Construct a layer, with its masks and shared weights, and run it; return its tops."""
        shapes = [tuple(x.shape) for x in inputs]
        if issubclass(cls, Mask) and node.key in self.stored:
            layer = self.stored[node.key]
        else:
            with torch.device("meta"):
                layer = cls(node.spec, shapes)
            if not is_ours(cls):
                check_constructor(node.spec, layer)
        layer.train(self.graph.spec.phase == "TRAIN")
        self.layers[node.key] = layer
        if isinstance(layer, Mask):
            self.rows.append(LayerRow.of(node, []))  # its shape is that of the weight, known later
            return [torch.empty((), device="meta") for _ in node.tops]
        self.mask_readers.attach(node, self.layers)
        self.sharing.add(layer, node.key, node.spec)
        if not is_ours(cls):
            check_parameters(node.spec, layer)
        outputs = _tops(layer, inputs, node.spec)
        for top, output in enumerate(outputs):
            if output.numel() > MOST_ELEMENTS:
                raise node.spec.refuse(
                    f"makes a top of shape {tuple(output.shape)}, {output.numel()} elements; a blob holds at most "
                    f"{MOST_ELEMENTS}", "top", top)
        if may_overwrite(self.graph, node, self.layers):
            layer.inplace = True
        tops = [tuple(y.shape) for y in outputs]
        parameters = sum(blob.numel() for blob in layer.blobs)
        self.rows.append(LayerRow.of(node, tops, parameters, layer.multiply_adds(shapes, tops)))
        return outputs

    def with_shapes(self, node: Node, problem: Problem) -> Problem:
        """The problem of a layer with several bottoms, with a note on the shape of each and where it is made."""
        if len(node.bottoms) < 2 or problem.notes:
            return problem
        notes = []
        for value in node.bottoms:
            maker = self.graph.nodes[value.producer].spec
            shape = tuple(self.values[value].shape)
            notes.append(Note(f"`{value.blob}`, shape {shape}, is made here", maker.span("top", value.top)))
        return replace(problem, notes=tuple(notes))
