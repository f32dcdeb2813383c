"""Graph to module: layers are constructed and run once on torch's ``meta`` device, and that run states every shape.

There is no second statement of a layer's shapes to keep in step. Memory is taken afterwards, once, for a net that is
known to fit together.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from netdef.definition.definitions import NetDefinition
from netdef.errors import Absent, NetdefError, Note, Problem, Problems, SpecError
from netdef.graph.device import find_device
from netdef.graph.graph import Graph, Node, Value
from netdef.graph.layout import use_best_layout
from netdef.graph.link import link
from netdef.graph.net import LayerRow, Net, Step
from netdef.graph.sharing import Sharing
from netdef.layers.core.base import Entry, Layer
from netdef.layers.core.registry import layer_class
from netdef.layers.core.shapes import MOST_ELEMENTS, Shape
from netdef.layers.mask import Mask


def build_net(
    spec: NetDefinition, device: str | torch.device = "cpu", *, store: Net | None = None, fill: bool = True,
    problems: Problems | None = None,
) -> Net:
    """`link` and `build` in one: all that is wrong with wiring and layers is raised together, and with it ``problems``
    that reading the text has found.
    """
    found = Problems() if problems is None else problems
    return build(link(spec, found), device, store=store, fill=fill, problems=found)


def build(
    graph: Graph, device: str | torch.device = "cpu", *, store: Net | None = None, fill: bool = True,
    problems: Problems | None = None,
) -> Net:
    """The module of a graph.

    ``device="meta"`` checks the net and takes no memory. ``store`` is another net whose weights and masks this one uses
    wherever layers have the same name (a TEST net beside its TRAIN net). ``fill=False`` leaves new weights
    uninitialised; call ``net.fill()`` or load them. Raises `SpecError` with every layer's complaints and the
    ``problems`` there are already, `NetdefError` for a device that is not there.
    """
    return _Builder(graph, store, Problems() if problems is None else problems).net(find_device(device), fill)


def known_shapes(graph: Graph) -> tuple[dict[Value, Shape], list[Absent]]:
    """The shape of every value that is known, and what kept others from being known: absent data or code.

    A Mask's value has the shape of the weight it covers. Takes no memory. Raises `SpecError` with whatever else is wrong.
    """
    builder = _Builder(graph, None, Problems())
    builder.add_all()
    absent = [problem for problem in builder.problems if isinstance(problem, Absent)]
    Problems(problem for problem in builder.problems if problem not in absent).raise_any(builder.cause)
    shapes = {value: tuple(tensor.shape) for value, tensor in builder.values.items()}
    for node in graph.nodes:
        if node.spec.type == "Mask":
            shapes.pop(node.tops[0], None)
            if node.key in builder.masked:
                shapes[node.tops[0]] = builder.layers[node.key].shape
    return shapes, absent


class _Builder:
    def __init__(self, graph: Graph, store: Net | None, problems: Problems):
        self.graph = graph
        self.store = store
        self.problems = problems
        self.cause: BaseException | None = None  # the first error in a user's own code
        self.values: dict[Value, Tensor] = {}  # meta tensors; a value that could not be made is missing
        self.layers: dict[str, Layer] = {}
        self.entries: dict[str, Entry] = {}
        self.masked: dict[str, list[tuple[str, str]]] = {}
        self.rows: list[LayerRow] = []
        self.sharing = Sharing(self.problems)
        self.stored: list[tuple[Layer, str, Tensor]] = []

    def net(self, device: torch.device, fill: bool) -> Net:
        self.add_all()
        self.problems.raise_any(self.cause)
        net = Net(
            self.graph, self.layers, self.entries, list(self.steps()), self.rows, self.sharing.learnable, self.masked,
            {blob: tuple(self.values[value].shape) for blob, value in self.graph.last_versions.items()},
        )
        if device.type != "meta":
            self.check_memory(device)
            self.take_memory(device)
            use_best_layout(net, device)
            self.tie()
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
        self.check_masks_of_shared_weights()

    def add(self, node: Node) -> None:
        """Construct one layer and run it. A layer that complains makes no values, and its readers are passed over."""
        if any(value not in self.values for value in node.bottoms):
            return
        inputs = [self.values[value] for value in node.bottoms]
        try:
            cls = layer_class(node.spec)
            if issubclass(cls, Entry):
                outputs = self.enter(node, cls(node.spec))
            else:
                outputs = self.run(node, cls, inputs)
        except SpecError as error:
            self.cause = self.cause or error.__cause__
            self.problems.extend(self.with_shapes(node, problem) for problem in error.problems)
            return
        except NetdefError as error:
            self.problems.add(f"layer `{node.spec.name}` ({node.spec.type}): {error}", node.spec.span())
            return
        except (RuntimeError, ValueError, IndexError, OverflowError) as error:
            shapes = ", ".join(str(tuple(x.shape)) for x in inputs)
            reason = str(error).splitlines()[0]
            problem = Problem(
                f"layer `{node.spec.name}` ({node.spec.type}) cannot work on bottoms of shape {shapes}: {reason}",
                node.spec.span(),
            )
            self.problems.append(self.with_shapes(node, problem))
            return
        self.values.update(zip(node.tops, outputs))

    def enter(self, node: Node, entry: Entry) -> list[Tensor]:
        self.entries[node.key] = entry
        self.rows.append(LayerRow.of(node, [entry.shapes[v.blob] for v in node.tops], 0, 0))
        return [torch.empty(entry.shapes[value.blob], device="meta") for value in node.tops]

    def run(self, node: Node, cls: type[Layer], inputs: list[Tensor]) -> list[Tensor]:
        shapes = [tuple(x.shape) for x in inputs]
        if self.store is not None and issubclass(cls, Mask) and node.key in self.store.layers:
            layer = self.store.layers[node.key]
        else:
            with torch.device("meta"):
                layer = cls(node.spec, shapes)
        layer.train(self.graph.spec.phase == "TRAIN")
        self.layers[node.key] = layer
        if isinstance(layer, Mask):
            # Its shape is its reader's, known only later; it stands in the table with the reader's weights.
            self.rows.append(LayerRow.of(node, [], 0, 0))
            return [torch.empty((), device="meta") for _ in node.tops]
        self.attach_masks(node, layer)
        self.sharing.add(layer, node.key, node.spec)
        self.borrow_from_store(node, layer)
        outputs = layer(*inputs)
        outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
        for top, output in enumerate(outputs):
            if output.numel() > MOST_ELEMENTS:
                raise node.spec.refuse(
                    f"makes a top of shape {tuple(output.shape)}, {output.numel()} elements; a blob holds at most "
                    f"{MOST_ELEMENTS}", "top", top)
        layer.inplace = self.may_overwrite(node, layer)
        tops = [tuple(y.shape) for y in outputs]
        parameters = sum(blob.numel() for blob in layer.blobs)
        self.rows.append(LayerRow.of(node, tops, parameters, layer.multiply_adds(shapes, tops)))
        return outputs

    def with_shapes(self, node: Node, problem: Problem) -> Problem:
        """Where several bottoms disagree, show the shape of each and where it was made."""
        if len(node.bottoms) < 2 or problem.notes:
            return problem
        notes = []
        for value in node.bottoms:
            maker = self.graph.nodes[value.producer].spec
            shape = tuple(self.values[value].shape)
            notes.append(Note(f"`{value.blob}`, shape {shape}, is made here", maker.span("top", value.top)))
        return replace(problem, notes=tuple(notes))

    def attach_masks(self, node: Node, layer: Layer) -> None:
        for value, place in zip(node.masks, node.mask_places):
            maker = self.graph.nodes[value.producer]
            mask = self.layers.get(maker.key)
            if not isinstance(mask, Mask):
                continue
            names = layer.blob_names
            name = names[mask.blob_index] if 0 <= mask.blob_index < len(names) else None
            if name not in layer.maskable:
                can = [str(i) for i, n in enumerate(names) if n in layer.maskable]
                allowed = f"a mask can cover blob {' or '.join(can)}" if can else "it has none that a mask can cover"
                raise node.spec.refuse(
                    f"takes mask `{maker.spec.name}` for its blob {mask.blob_index}; {allowed}", "bottom", place)
            shape = tuple(getattr(layer, name).shape)
            if name in layer.masks:
                raise node.spec.refuse(f"takes a second mask for its blob {mask.blob_index}", "bottom", place)
            if mask.shape not in (None, shape):
                first = self.masked[maker.key][0][0]
                raise node.spec.refuse(
                    f"takes mask `{maker.spec.name}`, whose shape is {mask.shape} from layer `{first}`, "
                    f"for weights of shape {shape}", "bottom", place)
            mask.shape = shape
            layer.masks[name] = mask
            self.masked.setdefault(maker.key, []).append((node.key, name))

    def check_masks_of_shared_weights(self) -> None:
        """A shared weight is one weight: every layer that uses it must use it under the same mask."""
        for layer, blob, owner in self.sharing.borrowed:
            if layer.masks.get(blob) is not owner.layer.masks.get(owner.blob):
                self.problems.add(
                    f"layer `{layer.name}` shares the weights of `{owner.layer.name}` but not its mask; "
                    "give both the same mask bottom, or none",
                    next(n.spec.span() for n in self.graph.nodes if self.layers.get(n.key) is layer),
                    Note(f"`{owner.layer.name}` is here", owner.spec.span()),
                )

    def borrow_from_store(self, node: Node, layer: Layer) -> None:
        if self.store is None or node.key not in self.store.layers:
            return
        theirs = self.store.layers[node.key].blobs
        if not theirs:
            return
        for name, mine, their in zip(layer.blob_names, layer.blobs, theirs):
            if mine.shape != their.shape:
                raise node.spec.refuse(
                    f"has weights of shape {tuple(mine.shape)}, in the {self.store.phase} net it has {tuple(their.shape)}")
            self.stored.append((layer, name, their))

    def may_overwrite(self, node: Node, layer: Layer) -> bool:
        """A true in-place kernel: the text asks for it, nobody else reads the bottom, and no backward needs it."""
        if not (layer.has_inplace_kernel and node.bottoms and node.tops[0].blob == node.bottoms[0].blob):
            return False
        bottom = node.bottoms[0]
        maker = self.layers.get(self.graph.nodes[bottom.producer].key)
        return maker is not None and maker.fresh_output and len(self.graph.readers[bottom]) == 1

    def check_memory(self, device: torch.device) -> None:
        """An absurd size is a complaint about its layer, not a crash: weights must fit into the memory there is."""
        if device.type == "cuda":
            there = torch.cuda.mem_get_info(device)[1]
        else:
            there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        needed = {node.key: 4 * sum(blob.numel() for blob in self.layers[node.key].blobs)
                  for node in self.graph.nodes if node.key in self.layers}
        if sum(needed.values()) > there:
            node = max((n for n in self.graph.nodes if n.key in needed), key=lambda n: needed[n.key])
            self.problems.add(
                f"the net's weights take {sum(needed.values()) / 2**30:,.1f} GiB, layer `{node.spec.name}` alone "
                f"{needed[node.key] / 2**30:,.1f}; {device} has {there / 2**30:,.1f}",
                node.spec.span(),
            )
            self.problems.raise_any()

    def take_memory(self, device: torch.device) -> None:
        borrowed = {(id(layer), name) for layer, name, _ in (*self.sharing.borrowed, *self.stored)}
        for layer in self.layers.values():
            for name, tensor in [*layer.named_parameters(recurse=False), *layer.named_buffers(recurse=False)]:
                if not tensor.is_meta or (id(layer), name) in borrowed:
                    continue
                real = torch.empty(tensor.shape, dtype=tensor.dtype, device=device)
                setattr(layer, name, nn.Parameter(real) if isinstance(tensor, nn.Parameter) else real)
                if name in layer.fills and name not in layer.blob_names:
                    layer.fills[name](real)  # constants are in no file of weights: they are filled in any case

    def tie(self) -> None:
        for layer, name, owner in self.sharing.borrowed:
            layer.share_blob(name, owner.tensor)
        for layer, name, tensor in self.stored:
            layer.share_blob(name, tensor)

    def steps(self) -> Iterator[Step]:
        """The order of work: values get slots, and a slot is let go after its last reader."""
        slots = {value: i for i, value in enumerate(v for node in self.graph.nodes for v in node.tops)}
        last = {value: max(indices) for value, indices in self.graph.readers.items()}
        keep = set(self.graph.outputs)
        for index, node in enumerate(self.graph.nodes):
            layer = self.layers.get(node.key)
            if layer is None or isinstance(layer, Mask):
                continue
            down = node.spec.message.propagate_down
            yield Step(
                layer,
                tuple(slots[v] for v in node.bottoms),
                tuple(slots[v] for v in node.tops),
                tuple({slots[v] for v in node.bottoms if last[v] == index and v not in keep}),
                tuple(i for i, place in enumerate(node.places) if place < len(down) and not down[place]),
            )
