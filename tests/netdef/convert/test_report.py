"""Tables and lines on models."""

from __future__ import annotations

import torch
from rich.console import Console
from rich.table import Table

import netdef
from netdef.convert.edits.fold_batch_norm import Fold
from netdef.convert.open import open_model
from netdef.convert.options import OpenOptions
from netdef.convert.report import differences_table, folded_lines, opened_lines, pruned_lines, weights_table
from netdef.convert.verify import Difference


def rows(table: Table) -> list[list[str]]:
    """The words of each line of a table on a wide screen."""
    console = Console(width=200)
    with console.capture() as capture:
        console.print(table)
    return [line.replace("│", " ").replace("┃", " ").split() for line in capture.get().splitlines()]


def test_opened_files_are_reported(folder):
    lines = list(opened_lines("net.prototxt", open_model("net.prototxt", ["w.caffemodel"], OpenOptions())))
    assert lines[0].startswith("net.prototxt:4:1: `layers { type: ... }` of 2014 is `layer`")
    assert lines[-1] == "w.caffemodel: weights of 2 layers used"
    model = open_model("net.prototxt", [], OpenOptions())
    assert list(opened_lines("net.prototxt", model))[-1] == "net.prototxt: no weights given; they are those of the fillers"


def test_weights_have_shapes_and_the_share_of_zeros(net):
    with torch.no_grad():
        net.params["ip"][0][:, :60] = 0
    found = rows(weights_table(net))
    assert ["conv/1", "Convolution", "4x3x3x3,", "4", "112", "0.0%"] in found
    assert ["ip", "InnerProduct", "5x120,", "5", "605", "50.0%"] in found
    assert ["total", "0.0", "MiB", "as", "float32", "717"] in found
    assert list(pruned_lines(net)) == [
        "pruned: `ip`; --masks-from zeros makes masks of the zeros, for training on"]


def test_parameters_that_two_layers_share_count_once_in_the_total():
    layer = 'layer { name: "%s" type: "InnerProduct" bottom: "x" top: "%s" param { name: "w" } param { name: "b" } %s }'
    text = 'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }' + "".join(
        layer % (name, name, "inner_product_param { num_output: 5 }") for name in ("left", "right"))
    assert rows(weights_table(netdef.loads(text)))[-2] == ["total", "0.0", "MiB", "as", "float32", "20"]


def test_a_dense_net_has_no_pruned_layers(net):
    assert list(pruned_lines(net)) == []


def test_differences_are_same_or_differ():
    numbers = {"a file": [Difference("a", (2, 3), 0.5, 0.25), Difference("b", (), 1e-7, 2e-8),
                          Difference("c", (3,), 0.0, 0.0, finite=False)]}
    found = rows(differences_table(numbers, 1e-4))
    assert ["a", "file", "a", "2x3", "0.5", "0.25", "differs"] in found and ["b", "1", "1e-07", "2e-08", "same"] in found
    assert ["c", "3", "0", "0", "same,", "not", "finite"] in found


def test_folded_layers_are_listed(net):
    conv, relu, ip, _ = [node for node in net.graph.nodes if node.key != "input"]
    assert list(folded_lines([Fold(conv, (relu, ip))])) == ["`relu` and `ip` folded into `conv/1`"]
