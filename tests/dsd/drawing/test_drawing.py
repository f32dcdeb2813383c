"""The boxes and arrows of a net."""

from __future__ import annotations

from html import unescape

import pytest
from drawings import NET, drawing
from toys import toy

from dsd.drawing.dot import dot_text
from dsd.drawing.drawing import Box, draw
from dsd.drawing.mermaid import mermaid_text
from dsd.plan.masks import with_masks
from dsd.plan.nets import train_net
from dsd.plan.phases import plan_phases
from netdef.definition.read import read_solver
from netdef.graph.link import link


def test_every_layer_edge_and_shape_is_there():
    made = drawing(NET)
    names = [box.name for box in made.boxes]
    assert names == ["data", "conv", "m", "ip", "cut", "abs", "sum", "loss", "top1", "accuracy", "loss"]
    # (9 - 3) // 2 + 1 = 4 and (11 - 3) // 2 + 1 = 5; 4 * 4 * 5 = 80 inputs of `ip`.
    assert {(names[a.tail], names[a.head], a.label, a.mask) for a in made.arrows} == {
        ("data", "conv", "7×2×9×11", False),
        ("conv", "ip", "7×4×4×5", False),
        ("m", "ip", "mask 5×80", True),
        ("ip", "cut", "7×5", False),
        ("cut", "abs", "a 7×2", False),
        ("cut", "sum", "b 7×3", False),
        ("abs", "sum", "a 7×2", False),
        ("sum", "loss", "7×5", False),
        ("data", "loss", "label 7", False),
        ("sum", "top1", "7×5", False),
        ("data", "top1", "label 7", False),
        ("top1", "accuracy", "scalar", False),
        ("loss", "loss", "scalar", False),
    }
    assert made.arrows[-1].head == 10 and made.boxes[10].type == ""


def test_layers_in_place_are_folded_into_the_layer_before_them():
    made = drawing(NET)
    assert made.boxes[1].folded == [
        Box("norm", "bn", "BatchNorm"), Box("pointwise", "relu", "ReLU", ["negative_slope 0.1"])]
    assert [box.name for box in made.boxes if box.folded] == ["conv"]  # `abs` changes one top of two


def test_boxes_have_families_and_facts():
    boxes = {box.name: box for box in drawing(NET).boxes if box.type}
    assert {name: box.family for name, box in boxes.items()} == {
        "data": "data", "conv": "weights", "m": "mask", "ip": "weights", "cut": "join", "abs": "pointwise",
        "sum": "join", "loss": "loss", "top1": "score"}  # fmt: skip
    assert boxes["conv"].facts == ["num_output 4, kernel_size 3, stride 2"]
    assert boxes["loss"].facts == ["loss_weight 0.3"] and boxes["m"].facts == ["sparsity 0.25"]


@pytest.mark.parametrize("policy, words", [("DYNAMIC", "sparse: pruned by size"), ("RANDOM", "sparse: sparsity 0.3")])
def test_a_mask_of_the_text_under_another_policy(tmp_path, policy: str, words: str):
    path = toy(tmp_path, phases=f'dsd_phase {{ name: "sparse" max_iter: 8 sparsity: 0.3 mask_policy: {policy} }}')
    solver = read_solver(path)
    phases = plan_phases(solver)
    masked = with_masks(train_net(solver), solver, phases)
    made = draw(link(masked), "toy", {}, masked, phases)
    assert {(box.family, box.type, *box.facts) for box in made.boxes if "mask" in box.name} == {("mask", "Mask", words)}
    assert made.phases[0][3] == f"0.3, {policy}"


def test_a_layer_of_several_weights_has_a_mask_for_each():
    made = drawing("""
        layer { name: "data" type: "Input" top: "x" top: "cont"
                input_param { shape { dim: 3 dim: 2 dim: 5 } shape { dim: 3 dim: 2 } } }
        layer { name: "a" type: "Mask" top: "a" }
        layer { name: "b" type: "Mask" top: "b" mask_param { blob: 2 } }
        layer { name: "lstm" type: "LSTM" bottom: "x" bottom: "cont" bottom: "a" bottom: "b" top: "lstm"
                recurrent_param { num_output: 7 } }""")
    # Four gates of seven; five inputs, seven states.
    assert [a.label for a in made.arrows if a.mask] == ["28×5", "28×7"]
    assert made.boxes[2].facts == ["blob 2"]


PHASES = """
    dsd_phase { name: "dense" max_iter: 30 }
    dsd_phase { name: "sparse" max_iter: 20 sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 } base_lr: 0.02 }
    dsd_phase { name: "one" max_iter: 6 sparsity: 0.6 scope: GLOBAL
                layer { name: "ip1" sparsity: 0.4 } exclude: "ip2" }
    dsd_phase { name: "re-dense" max_iter: 1 base_lr: 0.01 }
"""


def test_masks_and_phases_of_a_solver_are_drawn(tmp_path):
    solver = read_solver(toy(tmp_path, phases=PHASES))
    phases = plan_phases(solver)
    plain = train_net(solver)
    made = draw(link(with_masks(plain, solver, phases)), "toy", {}, plain, phases)
    masks = {box.name: box.facts for box in made.boxes if box.family == "attached"}
    assert masks == {
        "conv2_mask": ["sparse: sparsity 0.3", "one: pruned by size"],  # one threshold where no sparsity is given
        "ip1_mask": ["sparse: sparsity 0.3", "one: sparsity 0.4"],
        "ip2_mask": ["sparse: sparsity 0.5", "one: all kept"],
    }
    assert made.phases == [
        ("dense", "30", "0.1 to 6.104e-06", ""),  # halved every second iteration: 0.1 / 2**14
        ("sparse", "20", "0.02 to 3.906e-05", "0.3, ip2 0.5"),
        ("one", "6", "0.1 to 0.025", "0.6, ip1 0.4, ip2 0, scope GLOBAL"),
        ("re-dense", "1", "0.01", ""),
    ]
    for text in (mermaid_text(made), unescape(dot_text(made))):
        for words in ("30", "0.02 to 3.906e-05", "0.3, ip2 0.5", *(line for lines in masks.values() for line in lines)):
            assert words in text
