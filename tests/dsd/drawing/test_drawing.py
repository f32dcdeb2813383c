"""What a drawing shows, and that both spellings of it say the same whatever layers are called."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from xml.etree import ElementTree

import pytest
from google.protobuf import text_format
from toys import toy

from dsd.drawing.dot import dot_text, picture
from dsd.drawing.drawing import Arrow, Box, Drawing, draw
from dsd.drawing.layer_text import layer_facts
from dsd.drawing.mermaid import mermaid_text, too_large
from dsd.plan.masks import with_masks
from dsd.plan.nets import train_net
from dsd.plan.phases import plan_phases
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text, read_solver
from netdef.graph.build import known_shapes
from netdef.graph.link import link
from netdef.schema.messages import LayerParameter

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")

NET = """
    layer { name: "data" type: "Input" top: "data" top: "label"
            input_param { shape { dim: 7 dim: 2 dim: 9 dim: 11 } shape { dim: 7 } } }
    layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
            convolution_param { num_output: 4 kernel_size: 3 stride: 2 } }
    layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" }
    layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" relu_param { negative_slope: 0.1 } }
    layer { name: "m" type: "Mask" top: "mask" mask_param { sparsity: 0.25 } }
    layer { name: "ip" type: "InnerProduct" bottom: "conv" bottom: "mask" top: "ip"
            inner_product_param { num_output: 5 } }
    layer { name: "cut" type: "Slice" bottom: "ip" top: "a" top: "b" slice_param { slice_point: 2 } }
    layer { name: "abs" type: "ReLU" bottom: "a" top: "a" }
    layer { name: "sum" type: "Concat" bottom: "b" bottom: "a" top: "sum" }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "sum" bottom: "label" top: "loss" loss_weight: 0.3 }
    layer { name: "top1" type: "Accuracy" bottom: "sum" bottom: "label" top: "accuracy" }
"""


def drawing(text: str) -> Drawing:
    net = filter_net(read_net_text(text), "TRAIN")
    graph = link(net)
    return draw(graph, "toy, TRAIN", known_shapes(graph)[0], net)


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


def test_families_and_facts():
    boxes = {box.name: box for box in drawing(NET).boxes if box.type}
    assert {name: box.family for name, box in boxes.items()} == {
        "data": "data", "conv": "weights", "m": "mask", "ip": "weights", "cut": "join", "abs": "pointwise",
        "sum": "join", "loss": "loss", "top1": "score"}  # fmt: skip
    assert boxes["conv"].facts == ["num_output 4, kernel_size 3, stride 2"]
    assert boxes["loss"].facts == ["loss_weight 0.3"] and boxes["m"].facts == ["sparsity 0.25"]


@pytest.mark.parametrize("text, facts", [
    ('type: "Convolution" convolution_param { num_output: 3 kernel_h: 5 kernel_w: 1 pad: 0 engine: CUDNN '
     "bias_term: false weight_filler { type: 'msra' } }",
     "num_output 3, bias_term false, pad 0, kernel_h 5, kernel_w 1"),
    ('type: "Convolution" convolution_param { num_output: 3 kernel_size: 5 kernel_size: 1 }',
     "num_output 3, kernel_size 5 1"),
    ('type: "Pooling" pooling_param { kernel_size: 3 }', "kernel_size 3, pool MAX"),
    ('type: "Pooling" pooling_param { pool: AVE global_pooling: true }', "pool AVE, global_pooling true"),
    ('type: "Dropout"', "dropout_ratio 0.5"),
    ('type: "Eltwise" eltwise_param { coeff: 1 coeff: -0.1 }', "coeff 1 -0.1, operation SUM"),
    ('type: "Data" transform_param { crop_size: 27 } data_param { source: "a/b_lmdb" batch_size: 6 }',
     "crop_size 27, source a/b_lmdb, batch_size 6"),
    (f'type: "HDF5Data" hdf5_data_param {{ source: "{"a" * 40}/{"b" * 24}.txt" }}', f"source …a/{'b' * 24}.txt"),
    ('type: "InnerProduct" param { name: "w" lr_mult: 2 } param { lr_mult: 0 }', "param w"),
    ('type: "Mask" mask_param { sparsity: 0.3 bits: "\\001" }', "sparsity 0.3"),
])  # fmt: skip
def test_the_numbers_that_matter(text: str, facts: str):
    assert ", ".join(layer_facts(text_format.Parse(text, LayerParameter()))) == facts


PHASES = """
    dsd_phase { name: "dense" max_iter: 30 }
    dsd_phase { name: "sparse" max_iter: 20 sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 } base_lr: 0.02 }
    dsd_phase { name: "one" max_iter: 6 sparsity: 0.6 scope: GLOBAL
                layer { name: "ip1" sparsity: 0.4 } exclude: "ip2" }
    dsd_phase { name: "re-dense" max_iter: 1 base_lr: 0.01 }
"""


def test_masks_and_phases_of_a_solver(tmp_path):
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


NAMES = [
    "a/b", 'say "hi"', "two words", "größe 日本 🙂", "<b>x</b>", "1. item", "*star*", "`tick`", "end", "a|b]})",
    "%% no", "&amp;", "line\nbreak", "it's", "back\\slash", "#quot;", "$$x$$", ":::data", "--> n0", "fa:fa-car", "",
    "\x01",
]  # fmt: skip


def named() -> Drawing:
    boxes = [Box("weights", name, "Type", [name], [Box("pointwise", name, "ReLU")]) for name in NAMES]
    arrows = [Arrow(i, i + 1, name, i % 2 == 0) for i, name in enumerate(NAMES[:-1])]
    return Drawing('the "net"\n', boxes, arrows, [("<one>", "5", "0.1", "0.5")])


def seen(name: str) -> str:
    """A name as a reader sees it: what cannot be shown is a space."""
    return re.sub(r"[\x00-\x1f]", " ", name)


def from_mermaid(label: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label).replace("\u200b", "")


def test_mermaid_labels_survive_any_name():
    lines = mermaid_text(named()).splitlines()
    assert json.loads(lines[1].partition(": ")[2]) == 'the "net"\n'
    box = r'  n(\d+)\["<b>([^"]*)</b><br/>Type<br/>([^"]*)<br/>#43; ([^"]*) \(ReLU\)"\]:::weights'
    nodes = [re.fullmatch(box, line)
             for line in lines if line.startswith("  n") and "-->" not in line and "-.->" not in line]
    assert [int(node[1]) for node in nodes] == list(range(len(NAMES)))
    for node, name in zip(nodes, NAMES):
        assert [from_mermaid(label) for label in node.groups()[1:]] == [seen(name)] * 3
        assert not re.search(r"[<>`*|{}\[\]\\&']|#(?!\d+;)", node[2])
    arrows = [re.fullmatch(r'  n(\d+) (-->|-\.->)(?:\|"([^"]*)"\|)? n(\d+)', line)
              for line in lines if line.startswith("  n") and line not in {node[0] for node in nodes}]
    assert [(int(a[1]), int(a[4]), a[2], from_mermaid(a[3] or "")) for a in arrows] == [
        (i, i + 1, "-->" if i % 2 else "-.->", seen(name)) for i, name in enumerate(NAMES[:-1])]


def test_mermaid_says_when_it_is_too_much():
    made = named()
    assert not too_large(mermaid_text(made), made)
    assert too_large("x" * 50_001, made) and too_large("", made._replace(arrows=made.arrows * 30))


@needs_dot
def test_pictures_show_any_name():
    root = ElementTree.fromstring(picture(dot_text(named()), "svg"))
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    shown = ["".join(text.itertext()).strip().replace("\xa0", " ") for text in texts]
    for name in NAMES:
        if seen(name).strip():
            assert shown.count(seen(name)) >= 3  # the box, its line, its layer in place
    assert 'the "net"' in shown and "<one>" in shown and "sparsity" in shown


@needs_dot
@pytest.mark.parametrize("rankdir", ["TB", "LR"])
def test_dot_reads_every_kind_of_box_and_arrow(rankdir: str):
    text = dot_text(drawing(NET), rankdir)
    done = subprocess.run(["dot", "-Tplain"], input=text.encode(), capture_output=True, check=True)
    assert not done.stderr
    kinds = [line.split()[0] for line in done.stdout.decode().splitlines()]
    assert kinds.count("node") == 11 and kinds.count("edge") == 13
    root = ElementTree.fromstring(picture(text, "svg"))
    assert root.find(".//{http://www.w3.org/2000/svg}polygon").get("fill") == "white"
    assert picture(text, "png").startswith(b"\x89PNG") and picture(text, "pdf").startswith(b"%PDF")
