"""``caffe.draw``: draw a net's message, in the style of `dsd-draw`."""

from __future__ import annotations

import os
from pathlib import Path

from dsd.drawing.dot import dot_text, picture
from dsd.drawing.drawing import draw
from dsd.pycaffe.draw_labels import (  # noqa: F401  (names of caffe.draw)
    BLOB_STYLE,
    LAYER_STYLE_DEFAULT,
    NEURON_LAYER_STYLE,
    choose_color_by_layertype,
    get_edge_label,
    get_layer_label,
    get_layer_lr_mult,
    get_pooling_types_dict,
)
from netdef.definition.definitions import NetDefinition
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_message
from netdef.errors import Problems
from netdef.files import atomic_write
from netdef.graph.link import link
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where


class DotGraph:
    """A drawing in graphviz's language, with the methods of `pydot.Dot` that scripts use."""

    def __init__(self, text: str):
        self.text = text

    def to_string(self) -> str:
        """The text."""
        return self.text

    def create(self, format: str = "png") -> bytes:
        """Render it with graphviz as png, svg or pdf; for raw and dot, return the text."""
        return self.text.encode() if format in ("raw", "dot") else picture(self.text, format)

    def write(self, path: str | os.PathLike[str], format: str = "raw") -> None:
        """Write it to a file."""
        with atomic_write(path) as file:
            file.write(self.create(format))

    def create_png(self) -> bytes:
        """`create` a PNG picture."""
        return self.create("png")

    def create_svg(self) -> bytes:
        """`create` an SVG picture."""
        return self.create("svg")

    def write_png(self, path: str | os.PathLike[str]) -> None:
        """`write` a PNG picture."""
        self.write(path, "png")

    def write_svg(self, path: str | os.PathLike[str]) -> None:
        """`write` an SVG picture."""
        self.write(path, "svg")

    def write_pdf(self, path: str | os.PathLike[str]) -> None:
        """`write` a PDF file."""
        self.write(path, "pdf")

    def write_raw(self, path: str | os.PathLike[str]) -> None:
        """`write` the text."""
        self.write(path)


def get_pydot_graph(
    caffe_net: NetParameter, rankdir: str, label_edges: bool = True, phase: int | None = None, display_lrm: bool = False
) -> DotGraph:
    """The drawing of a net of any age, without knowing its shapes. ``rankdir`` is LR, TB, BT or RL.

    Without ``phase`` (``caffe.TRAIN`` or ``caffe.TEST``) the layers of both are drawn. The facts that ``label_edges`` and
    ``display_lrm`` choose in the original are in the boxes, or left out where the text has none.
    """
    spec = _definition(caffe_net, phase)
    graph = link(spec, Problems(), need_code=False)  # two layers that make one blob are drawn, too
    return DotGraph(dot_text(draw(graph, spec.name or "Net", {}, spec), rankdir))


def draw_net(
    caffe_net: NetParameter, rankdir: str, ext: str = "png", phase: int | None = None, display_lrm: bool = False
) -> bytes:
    """The picture of a net in the format ``ext``. Raises `NetdefError` if graphviz is not installed."""
    return get_pydot_graph(caffe_net, rankdir, phase=phase, display_lrm=display_lrm).create(ext)


def draw_net_to_file(
    caffe_net: NetParameter, filename: str, rankdir: str = "LR", phase: int | None = None, display_lrm: bool = False
) -> None:
    """Write the picture of a net in the format of the file's ending."""
    get_pydot_graph(caffe_net, rankdir, phase=phase, display_lrm=display_lrm).write(filename, filename.rpartition(".")[2])


def _definition(caffe_net: NetParameter, phase: int | None) -> NetDefinition:
    spec = read_net_message(NetParameter.FromString(caffe_net.SerializeToString()), Where(), Path())
    return spec if phase is None else filter_net(spec, "TEST" if phase else "TRAIN")
