"""Link blob names to values: which layer reads which version of a blob. Collects all errors of a net's wiring."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401  (the other types)
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.filter import what_brings
from netdef.errors import Absent, Note, Problems, SpecError, did_you_mean
from netdef.graph.counts import check_arity, check_propagate_down, loss_weights, refuse_mask
from netdef.graph.graph import Graph, Node, Value
from netdef.graph.unknown_types import without_unread_unknowns
from netdef.graph.unread import unread_problems, warn_unread, with_own_fields
from netdef.layers.core.base import Entry, Layer
from netdef.layers.core.registry import layer_class, registered


def link(net: NetDefinition, problems: Problems | None = None, *, need_code: bool = True) -> Graph:
    """The graph of a filtered net. Raises `SpecError` with every unknown type, blob, arity and misplaced mask.

    With ``problems``, errors are added there, and the graph marks the nodes that they are about as ``unfit``. If it has
    errors from reading the text, layers with such an error get no further ones, nor do layers that depend on them.
    ``need_code=False`` accepts Python layers whose code is absent or may not be run; only their bottoms and tops are
    known. Layers of unknown types that nothing depends on are left out of a net that is read leniently.
    """
    found = Problems() if problems is None else problems
    if net.lenient:
        net = without_unread_unknowns(net)
    graph = _Linker(net, found, need_code).graph()
    if problems is None:
        found.raise_any()
    return graph


class _Linker:
    """The blobs that the layers of a net make, and the problems found so far, layer by layer."""

    def __init__(self, net: NetDefinition, problems: Problems, need_code: bool):
        self.net = net
        self.problems = problems
        self.need_code = need_code
        problems.add_new(unread_problems(net, need_data=need_code))
        self.misread = [problem.span for problem in problems if problem.span]  # places of errors from reading the text
        layers = [layer.span() for layer in (*net.layers, *net.left_out)]
        self.stray = [span for span in self.misread if not any(map(span.within, layers))]  # those of them outside layers
        self.unfit: set[int] = set()
        self.current: dict[str, Value] = {}  # {blob name: its newest version}
        self.named = {top for layer in net.layers for top in layer.tops}
        self.readers: dict[Value, list[int]] = defaultdict(list)
        self.keys: set[str] = set()
        self.unknown: set[int] = set()  # layers of unknown type, whose tops are unknown, too
        self.unknown_types: dict[str, list[int]] = {}  # {unknown type: its layers}
        self.unmade: set[str] = set()  # blobs that are read and not made

    def graph(self) -> Graph:
        nodes = tuple(self.checked(index, spec) for index, spec in enumerate(self.net.layers))
        self.count_unknown_types()
        if not self.misread:
            self.check_masks_are_read(nodes)
        if not self.problems:
            warn_unread(self.net.left_out, f"the {self.net.phase} net has no such layer")
        unread = [v for node in nodes for v in node.tops if v not in self.readers]
        losses = [v for node in nodes for v, w in zip(node.tops, node.loss_weights) if w and v in self.readers]
        # Caffe keeps the names of unread blobs in a sorted set, and prints and returns them in that order.
        outputs = (*sorted(unread, key=lambda v: v.blob), *losses)
        mask_values = {v for node in nodes if node.spec.type == "Mask" for v in node.tops}
        return Graph(
            self.net,
            nodes,
            tuple(v for v in outputs if v not in mask_values),
            {value: tuple(indices) for value, indices in self.readers.items()},
            frozenset(self.unfit),
        )

    def checked(self, index: int, spec: LayerDefinition) -> Node:
        """The node of a layer; it is unfit if there are errors about it."""
        before = len(self.problems)
        node = self.node(index, with_own_fields(spec, self.problems))
        misread = any(span.within(spec.span()) for span in self.misread)
        if misread:
            del self.problems[before:]
            self.unknown.add(index)
        of_unknown_type = index in self.unknown_types.get(spec.type, ())
        incomplete = len(node.bottoms) + len(node.masks) < len(spec.bottoms)
        if misread or of_unknown_type or incomplete or len(self.problems) > before:
            self.unfit.add(index)
        return node

    def node(self, index: int, spec: LayerDefinition) -> Node:
        cls = self.class_of(index, spec)
        bottoms: list[Value] = []
        masks: list[Value] = []
        places: list[int] = []
        mask_places: list[int] = []
        for place, name in enumerate(spec.bottoms):
            value = self.read(index, spec, place, name)
            if value is None:
                continue
            from_mask = self.net.layers[value.producer].type == "Mask"
            (masks if from_mask else bottoms).append(value)
            (mask_places if from_mask else places).append(place)
        tops = self.make_tops(index, spec, cls)
        if cls is None:
            self.unknown.add(index)
        elif len(bottoms) + len(masks) == len(spec.bottoms):
            if masks and not cls.maskable and not cls.object_is_maskable:
                refuse_mask(spec, self.net.layers[masks[0].producer].name, mask_places[0], self.problems)
                self.unknown.add(index)  # its tops may be meant as masks
            elif self.unknown.isdisjoint(value.producer for value in bottoms):
                check_arity(spec, cls, len(bottoms), len(tops), self.problems)
        check_propagate_down(spec, len(bottoms), self.problems)
        return Node(
            spec, self.unique_key(spec.name), tuple(bottoms), tuple(places), tuple(masks), tuple(mask_places), tops,
            loss_weights(spec, cls, len(tops), self.problems),
        )

    def class_of(self, index: int, spec: LayerDefinition) -> type[Layer] | type[Entry] | None:
        try:
            return layer_class(spec)
        except SpecError as error:
            if spec.type and registered(spec.type) is None:
                same_type = self.unknown_types.setdefault(spec.type, [])
                same_type.append(index)
                if len(same_type) > 1:  # one complaint for them all
                    return None
            self.problems.extend(p for p in error.problems if self.need_code or not isinstance(p, Absent))
            return None

    def read(self, index: int, spec: LayerDefinition, place: int, name: str) -> Value | None:
        value = self.current.get(name)
        if value is None:
            notes = self.where_else(index, name)
            hint = "" if notes else "; it makes that itself" if name in spec.tops else did_you_mean(name, self.current)
            if not self.is_explained(spec, name):
                self.problems.add(
                    f"layer `{spec.name}` reads blob `{name}`, which no layer before it makes{hint}",
                    spec.span("bottom", place), *notes,
                )
            self.unmade.add(name)
            return None
        self.readers[value].append(index)
        return value

    def is_explained(self, spec: LayerDefinition, name: str) -> bool:
        """Whether a reported error already explains the missing blob: one in a text that has the blob's name."""
        doubtful = [self.net.layers[index] for index in self.unfit]
        spans = [layer.span() for layer in doubtful if name not in layer.bottoms or name in layer.tops]
        texts = [span.text for span in spans if span is not None]
        if self.stray and (span := spec.span()):
            texts.append(span.source.text[self.stray[0].start : span.start])
        return any(f'"{name}"' in text or f"'{name}'" in text for text in texts)

    def where_else(self, index: int, name: str) -> list[Note]:
        """A note on the layer that makes a blob later in the text, or in another phase."""
        for layers, how in (
            (self.net.layers[index + 1 :], "here, later"),
            (self.net.left_out, f"here, by a layer that the {self.net.phase} net does not have"),
        ):
            for layer in layers:
                if name in layer.tops:
                    hint = what_brings(layer.message, self.net.state) if layer in self.net.left_out else ""
                    return [Note(f"`{name}` is made {how}{hint}", layer.span("top", layer.tops.index(name)))]
        return []

    def make_tops(self, index: int, spec: LayerDefinition, cls: type[Layer] | type[Entry] | None) -> tuple[Value, ...]:
        names = spec.tops
        if not names and cls is not None and issubclass(cls, Layer) and cls.is_loss:
            names = (self.free_name(spec.name),)  # as in Caffe, a loss without a top gets one
        tops = []
        for top, name in enumerate(names):
            old = self.current.get(name)
            bottom = spec.bottoms[top] if top < len(spec.bottoms) else ""
            in_place = bottom == name
            if old is not None and not in_place and bottom not in self.unmade:  # else it may be meant to be in place
                maker = self.net.layers[old.producer]
                self.problems.add(
                    f"layer `{spec.name}` makes blob `{name}`, which layer `{maker.name}` makes already",
                    spec.span("top", top), Note("made here first", maker.span("top", old.top)),
                )
            if in_place and cls is not None and cls.refuses_inplace:
                self.problems.add(
                    f"layer `{spec.name}` ({spec.type}) cannot work in place: its top `{name}` is its bottom",
                    spec.span("top", top),
                )
            value = Value(name, old.version + 1 if old else 0, index, top)
            self.current[name] = value
            tops.append(value)
        return tuple(tops)

    def free_name(self, name: str) -> str:
        """A name for a blob that the text does not name: ``name``, unless another layer makes a blob of that name."""
        while name in self.named or name in self.current:
            name += " (automatic)"
        return name

    def count_unknown_types(self) -> None:
        """Add the number of further layers to the complaint about an unknown type."""
        for indices in self.unknown_types.values():
            place = self.net.layers[indices[0]].span("type")
            more = len(indices) - 1
            for i, problem in enumerate(self.problems):
                if more and problem.span == place and "has an unknown type" in problem.message:
                    again = f"and {more} more layer{'s have' if more > 1 else ' has'} it"
                    self.problems[i] = replace(problem, message=f"{problem.message} ({again})")

    def check_masks_are_read(self, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            if node.spec.type == "Mask" and node.tops and node.tops[0] not in self.readers:
                if any(did_you_mean(blob, [node.tops[0].blob]) for blob in self.unmade):
                    continue  # it is meant there, and that is an error already
                self.problems.add(
                    f"mask `{node.spec.name}` is read by no layer; give `bottom: \"{node.tops[0].blob}\"` to the layer "
                    "whose weights it masks",
                    node.spec.span("top", 0),
                )

    def unique_key(self, name: str) -> str:
        """A name for a child of the module: in Caffe layers may share a name."""
        key, n = name, 2
        while key in self.keys:
            key, n = f"{name}_{n}", n + 1
        self.keys.add(key)
        return key
