"""Scans of nets whose scores can be worked out by hand."""

from __future__ import annotations

import math

import h5py
import numpy as np
import pytest
import torch

from dsd.scan.scan import Scanner, Score, choose_score, layer_lines, propose, with_scanned
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError
from netdef.graph.build import build
from netdef.graph.link import link

# Two layers after each other, without biases; the loss is half the square of the difference to the label.
NET = """
    layer { name: "data" type: "HDF5Data" top: "x" top: "y" hdf5_data_param { source: "list.txt" batch_size: 1 } }
    layer { name: "first" type: "InnerProduct" bottom: "x" top: "h"
            inner_product_param { num_output: 2 bias_term: false } }
    layer { name: "second" type: "InnerProduct" bottom: "h" top: "o"
            inner_product_param { num_output: 1 bias_term: false } }
    layer { name: "loss" type: "EuclideanLoss" bottom: "o" bottom: "y" top: "loss" }
"""
SIAMESE = """
    layer { name: "data" type: "Input" top: "a" top: "b" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 3 } } }
    layer { name: "left" type: "InnerProduct" bottom: "a" top: "l" param { name: "w" } inner_product_param { num_output: 5 } }
    layer { name: "right" type: "InnerProduct" bottom: "b" top: "r" param { name: "w" } inner_product_param { num_output: 5 } }
"""
SHARES = (0.25, 0.5, 0.75)


@pytest.fixture
def spec(tmp_path):
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = np.float32([[1, 1], [3, 3]]), np.float32([[10], [30]])
    (tmp_path / "list.txt").write_text(f"{tmp_path / 'data.h5'}\n")
    return filter_net(read_net_text(NET, tmp_path), "TEST")


def scanner(spec, pattern=None) -> Scanner:
    masked, layers = with_scanned(spec, pattern)
    net = build(link(masked))
    with torch.no_grad():
        net.params["first"][0].copy_(torch.tensor([[4.0, 3], [2, 1]]))
        net.params["second"][0].copy_(torch.tensor([[1.0, 1]]))
    return Scanner(net, layers, choose_score(net), 2, torch.device("cpu"))


def test_a_weight_that_two_layers_share_is_scanned_once():
    spec = filter_net(read_net_text(SIAMESE), "TEST")
    assert with_scanned(spec)[1] == ["left"]
    assert with_scanned(spec, "r*")[1] == ["right"]


def test_a_net_whose_weights_are_all_frozen():
    frozen = filter_net(read_net_text(SIAMESE.replace('{ name: "w" }', "{ lr_mult: 0 }")), "TEST")
    with pytest.raises(NetdefError, match="the weights of left, right are not learned .lr_mult 0.; --layers names"):
        with_scanned(frozen)
    assert with_scanned(frozen, "*")[1] == ["left", "right"]


def test_curves_are_the_scores_with_one_layer_pruned(spec):
    tested = []
    scan = scanner(spec).run(SHARES, allowed=2.5, tested=lambda what, score: tested.append((what, score)))
    # With outputs s and 3s for labels 10 and 30 the mean loss is ((10 - s)^2 + (30 - 3s)^2) / 4 = 2.5 (10 - s)^2.
    assert scan.dense == 0
    first, second = scan.curves
    assert (first.layer, first.weights, first.scores) == ("first", 4, (2.5, 22.5, 90.0))  # less 1, less 3, less 6
    # Of two weights a quarter is half a one, which is kept; a half is one: less 3, of equal ones the first stays.
    assert (second.weights, second.scores) == (2, (0.0, 22.5, 22.5))
    assert scan.proposed == {"first": 0.25, "second": 0.25}
    assert scan.together == 2.5
    assert [what for what, _ in tested] == [
        "dense", "first 0.25", "first 0.5", "first 0.75", "second 0.25", "second 0.5", "second 0.75", "proposal"]
    assert len(tested) == scanner(spec).points(SHARES)


def test_the_net_is_restored(spec):
    scan = scanner(spec)
    before = [blob.clone() for blobs in scan.net.params.values() for blob in blobs]
    scan.run(SHARES)
    with torch.no_grad():
        scan.net.params["first"][0][0, 0] = math.nan
    with pytest.raises(NetdefError, match="NaN"):
        scan.measure({"second": 0.5, "first": 0.5})
    with torch.no_grad():
        scan.net.params["first"][0][0, 0] = 4
    assert all(map(torch.equal, before, (blob for blobs in scan.net.params.values() for blob in blobs)))


def test_a_pattern_chooses_layers(spec):
    assert scanner(spec, "sec*").layers == ["second"]
    with pytest.raises(NetdefError, match="no layer that can be pruned matches `secnod`; did you mean `second`"):
        with_scanned(spec, "secnod")


def test_the_largest_sparsity_up_to_which_all_are_within_the_loss():
    accuracy, loss = Score("a", True), Score("l", False)
    shares = (0.1, 0.2, 0.3, 0.4)
    assert propose(accuracy, 0.9, shares, (0.9, 0.91, 0.89, 0.5), 0.01) == 0.3
    assert propose(loss, 0.9, shares, (0.9, 0.91, 0.95, 0.8), 0.01) == 0.2  # 0.4 passes by chance: 0.3 does not
    assert propose(accuracy, 0.9, shares, (0.8, 0.8, 0.7, math.nan), 0.01) is None
    assert propose(loss, 0.9, shares, (0.8, math.nan, math.nan, math.nan), 0.01) == 0.1


def test_lines_are_of_a_phase():
    assert list(layer_lines({"ip1": 0.3, 'a"b': 0.125})) == [
        'layer { name: "ip1" sparsity: 0.3 }', 'layer { name: "a\\"b" sparsity: 0.125 }']


def test_the_loss_is_chosen_without_an_accuracy_and_unknown_names_are_refused(spec):
    net = scanner(spec).net
    assert choose_score(net) == Score("loss", higher_is_better=False)
    with pytest.raises(NetdefError, match="the test net has no output `los`; did you mean `loss`"):
        choose_score(net, "los")


def test_a_layer_with_nan_is_named(spec):
    scan = scanner(spec)
    with torch.no_grad():
        scan.net.params["second"][0][0, 0] = float("nan")
    with pytest.raises(NetdefError, match="the weight of layer `second` has 1 NaN among its"):
        scan.measure({"first": 0.5, "second": 0.5})
