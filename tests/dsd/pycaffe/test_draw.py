"""`caffe.draw`: pictures of messages."""

from __future__ import annotations

import shutil

import pytest
from google.protobuf import text_format

from dsd.pycaffe.draw import draw_net, draw_net_to_file, get_pydot_graph
from netdef.schema.messages import NetParameter

TEXT = """
name: "both"
layer { name: "train data" type: "Data" top: "data" include { phase: TRAIN } data_param { source: "nowhere" } }
layer { name: "test data" type: "Data" top: "data" include { phase: TEST } data_param { source: "nowhere" } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 20 kernel_size: 5 } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
"""
OLD = 'layers { name: "ip" type: INNER_PRODUCT bottom: "data" top: "ip" inner_product_param { num_output: 3 } } input: "data" ' \
      "input_dim: 1 input_dim: 2 input_dim: 1 input_dim: 1"


def message(text):
    return text_format.Merge(text, NetParameter())


def test_the_layers_of_both_phases_or_of_one():
    both = get_pydot_graph(message(TEXT), "LR").to_string()
    assert "train data" in both and "test data" in both and "num_output 20" in both and "rankdir=LR" in both
    test = get_pydot_graph(message(TEXT), "TB", phase=1).to_string()
    assert "train data" not in test and "test data" in test


def test_a_net_of_2014():
    assert "InnerProduct" in get_pydot_graph(message(OLD), "TB").to_string()


def test_text_files_need_no_program(tmp_path):
    draw_net_to_file(message(TEXT), str(tmp_path / "net.dot"))
    assert (tmp_path / "net.dot").read_text().startswith("digraph net {")
    assert draw_net(message(TEXT), "LR", "raw").startswith(b"digraph")
    get_pydot_graph(message(TEXT), "LR").write_raw(tmp_path / "net.raw")
    assert (tmp_path / "net.raw").read_text().startswith("digraph net {")


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs graphviz")
def test_pictures(tmp_path):
    assert draw_net(message(TEXT), "LR").startswith(b"\x89PNG")
    draw_net_to_file(message(TEXT), str(tmp_path / "net.svg"), "BT", 0, True)
    assert b"<svg" in (tmp_path / "net.svg").read_bytes()
    graph = get_pydot_graph(message(TEXT), "UD")  # of older scripts: graphviz draws it as TB
    graph.write_png(tmp_path / "net.png")
    graph.write_svg(tmp_path / "other.svg")
    graph.write_pdf(tmp_path / "net.pdf")
    assert (tmp_path / "net.png").read_bytes() == graph.create_png() and graph.create_png().startswith(b"\x89PNG")
    assert (tmp_path / "other.svg").read_bytes() == graph.create_svg()
    assert (tmp_path / "net.pdf").read_bytes().startswith(b"%PDF")
