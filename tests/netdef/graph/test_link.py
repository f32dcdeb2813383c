"""Blob names linked to values, and all errors of wiring at once, with places."""

from __future__ import annotations

import pytest

from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.graph.link import link

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }\n'


def linked(text: str):
    return link(filter_net(read_net_text(INPUT + text), "TRAIN"))


def complaints(text: str) -> list[str]:
    with pytest.raises(SpecError) as error:
        linked(text)
    assert all(problem.span is not None for problem in error.value.problems)
    return [problem.message for problem in error.value.problems]


def test_in_place_makes_a_new_version_and_earlier_readers_keep_the_old():
    graph = linked("""
        layer { name: "early" type: "Power" bottom: "x" top: "y" }
        layer { name: "relu" type: "ReLU" bottom: "x" top: "x" }
        layer { name: "late" type: "Power" bottom: "x" top: "z" }
    """)
    early, relu, late = graph.nodes[1:]
    assert (early.bottoms[0].version, relu.bottoms[0].version, late.bottoms[0].version) == (0, 0, 1)
    assert graph.last_versions["x"].producer == 2
    assert [value.blob for value in graph.outputs] == ["y", "z"]


def test_outputs_are_sorted_by_name_as_caffe_lists_them():
    graph = linked('layer { name: "s" type: "Split" bottom: "x" top: "zeta" top: "alpha" top: "Beta" }')
    assert [value.blob for value in graph.outputs] == ["Beta", "alpha", "zeta"]


def test_a_loss_that_is_read_is_an_output_too():
    graph = linked("""
        layer { name: "l" type: "EuclideanLoss" bottom: "x" bottom: "x" top: "l" }
        layer { name: "p" type: "Power" bottom: "l" top: "p" }
    """)
    assert [value.blob for value in graph.outputs] == ["p", "l"]


def test_a_loss_without_top_gets_one():
    graph = linked('layer { name: "l" type: "EuclideanLoss" bottom: "x" bottom: "x" }')
    assert [(value.blob, weight) for value, weight in zip(graph.nodes[1].tops, graph.nodes[1].loss_weights)] == [("l", 1)]


def test_a_blob_made_later_is_an_error_with_a_note():
    with pytest.raises(SpecError) as error:
        linked('layer { name: "a" type: "ReLU" bottom: "y" top: "z" }\nlayer { name: "b" type: "ReLU" bottom: "x" top: "y" }')
    assert str(error.value).splitlines() == [
        '<text>:2:32: layer `a` reads blob `y`, which no layer before it makes',
        '    2 | layer { name: "a" type: "ReLU" bottom: "y" top: "z" }',
        '      |                                ^~~~~~~~~~~',
        '   note: <text>:3:44: `y` is made here, later',
        '1 problem in <text>',
    ]


def test_all_errors_are_found_at_once():
    assert complaints("""
        layer { name: "a" type: "Relu" bottom: "x" top: "a" }
        layer { name: "b" type: "ReLU" bottom: "aa" top: "b" }
        layer { name: "c" type: "ReLU" bottom: "x" top: "a" }
        layer { name: "d" type: "ReLU" bottom: "x" bottom: "a" top: "d" }
        layer { name: "e" type: "ReLU" bottom: "x" top: "e" loss_weight: 1 loss_weight: 2 }
        layer { name: "f" type: "AbsVal" bottom: "x" top: "x" }
    """) == [
        "layer `a` (Relu) has an unknown type `Relu`; did you mean `ReLU`?",
        "layer `b` reads blob `aa`, which no layer before it makes; did you mean `a`?",
        "layer `c` makes blob `a`, which layer `a` makes already",
        "layer `d` (ReLU) takes 1 bottom, the text gives 2",
        "layer `e` has 2 loss_weight and 1 tops; give none, or one a top",
        "layer `f` (AbsVal) cannot work in place: its top `x` is its bottom",
    ]


def test_a_loss_without_a_top_does_not_take_the_name_of_another_blob():
    """As in Caffe, where no layer can name it; published nets have two layers `loss`, the first without a top."""
    loss = 'layer { name: "loss" type: "EuclideanLoss" bottom: "x" bottom: "x" %s }'
    graph = linked(loss % "" + loss % 'top: "loss"' + loss % "")
    assert [value.blob for value in graph.outputs] == ["loss", "loss (automatic)", "loss (automatic) (automatic)"]
    assert [node.tops[0].blob for node in linked(loss % "").nodes[-1:]] == ["loss"]


def test_a_bottom_made_by_a_mask_layer_is_a_mask():
    graph = linked("""
        layer { name: "m" type: "Mask" top: "m" }
        layer { name: "ip" type: "InnerProduct" bottom: "x" bottom: "m" top: "y" inner_product_param { num_output: 5 } }
    """)
    ip = graph.nodes[2]
    assert [v.blob for v in ip.bottoms] == ["x"] and [v.blob for v in ip.masks] == ["m"]
    assert [value.blob for value in graph.outputs] == ["y"]


def test_a_mask_that_no_layer_reads_is_an_error():
    assert complaints('layer { name: "m" type: "Mask" top: "mask" }') == [
        'mask `m` is read by no layer; give `bottom: "mask"` to the layer whose weights it masks'
    ]


MASK = 'layer { name: "m" type: "Mask" top: "m" }'
IP = 'inner_product_param { num_output: 5 }'
NO_WEIGHTS = "takes mask `m`, but has no weights that a mask can cover"


@pytest.mark.parametrize(
    "text, said",
    [
        ('layer { name: "n" bottom: "x" top: "n" }', "layer `n` has no `type`"),
        (
            'layer { name: "r" type: "ReLU" bottom: "y" top: "y" }',
            "layer `r` reads blob `y`, which no layer before it makes; it makes that itself",
        ),
        (MASK + 'layer { name: "e" type: "Eltwise" bottom: "x" bottom: "m" top: "e" }', f"layer `e` (Eltwise) {NO_WEIGHTS}"),
        (
            MASK + 'layer { name: "s" type: "Split" bottom: "m" top: "s" }'
            f'layer {{ name: "i" type: "InnerProduct" bottom: "x" bottom: "s" top: "i" {IP} }}',
            f"layer `s` (Split) {NO_WEIGHTS}",
        ),
        (
            MASK + 'layer { name: "n" type: "Mask" bottom: "m" top: "n" }'
            f'layer {{ name: "i" type: "InnerProduct" bottom: "x" bottom: "n" top: "i" {IP} }}',
            f"layer `n` (Mask) {NO_WEIGHTS}",
        ),
        (
            MASK + f'layer {{ name: "i" type: "InnerProduct" bottom: "x" bottom: "mm" top: "i" {IP} }}',
            "layer `i` reads blob `mm`, which no layer before it makes; did you mean `m`?",
        ),
        (
            f'layer {{ name: "i" type: "InnerProduct" bottom: "x" bottom: "m" top: "i" {IP} }}' + MASK,
            "layer `i` reads blob `m`, which no layer before it makes",
        ),
        (
            MASK.replace("Mask", "Masks")
            + f'layer {{ name: "i" type: "InnerProduct" bottom: "x" bottom: "m" top: "i" {IP} }}',
            "layer `m` (Masks) has an unknown type `Masks`; did you mean `Mask`?",
        ),
        (  # `c` is missing for the same reason
            'layer { name: "c" type: "Convolution" bottom: "x" } layer { name: "r" type: "ReLU" bottom: "c" top: "c" }'
            'layer { name: "s" type: "ReLU" bottom: "c" top: "s" }',
            "layer `c` (Convolution) takes at least 1 top, the text gives 0",
        ),
        (
            'layer { name: "t" type: "Power" bottom: "x" top: "s" } layer { name: "u" type: "Power" bottom: "x" top: "s" }'
            'layer { name: "v" type: "ReLU" bottom: "u" top: "v" }',
            "layer `u` makes blob `s`, which layer `t` makes already",
        ),
        (
            f'layer {{ name: "i" type: "InnerProduct" bottom: "x" top: "i" {IP} }}'
            'layer { name: "r" type: "ReLU" bottom: "j" top: "i" }',
            "layer `r` reads blob `j`, which no layer before it makes",
        ),
    ],
)
def test_one_mistake_is_one_error(text, said):
    assert complaints(text) == [said]


def test_two_mistakes_are_two_errors():
    assert complaints(
        'layer { name: "c" type: "Convolution" bottom: "x" } layer { name: "r" type: "ReLU" bottom: "w" top: "r" }'
        "layer { name: 's' type: 'ReLU' bottom: 'w' top: 's' }"
    ) == [
        "layer `c` (Convolution) takes at least 1 top, the text gives 0",
        "layer `r` reads blob `w`, which no layer before it makes",
        "layer `s` reads blob `w`, which no layer before it makes",
    ]


@pytest.mark.parametrize("rule, stages, said", [
    ('include { stage: "a" }', (), "; `--stage a` brings it"),
    ('include { phase: TRAIN } include { phase: TEST stage: "a" stage: "b" }', ("b",), "; `--stage a` brings it"),
    ('include { stage: "a" stage: "b" }', (), "; `--stage a,b` brings it"),
    ('exclude { not_stage: "deploy" }', (), "; `--stage deploy` brings it"),
    ('exclude { phase: TEST }', (), ""),
    ('include { phase: TRAIN stage: "a" }', (), ""),
])
def test_a_blob_of_another_stage_is_an_error_that_says_which_brings_it(rule: str, stages: tuple[str, ...], said: str):
    text = f"""layer {{ name: "x" type: "Input" top: "x" input_param {{ shape {{ dim: 2 }} }} {rule} }}
               layer {{ name: "r" type: "ReLU" bottom: "x" top: "z" }}"""
    with pytest.raises(SpecError) as error:
        link(filter_net(read_net_text(text), "TEST", stages=stages))
    note = next(line for line in str(error.value).splitlines() if "note" in line)
    assert note.endswith(f"`x` is made here, by a layer that the TEST net does not have{said}")
    if said:
        link(filter_net(read_net_text(text), "TEST", stages=(*stages, *said.split("`")[1].split()[1].split(","))))


@pytest.mark.parametrize(("rule", "said"), [
    ("include { solver: true }", "; `state { solver: true }` in the net brings it"),
    ("include { phase: TRAIN solver: true }", ""),
])
def test_a_blob_that_only_a_solver_has_is_an_error_that_says_so(rule: str, said: str):
    text = f"""layer {{ name: "x" type: "Input" top: "x" input_param {{ shape {{ dim: 2 }} }} {rule} }}
               layer {{ name: "r" type: "ReLU" bottom: "x" top: "z" }}"""
    with pytest.raises(SpecError) as error:
        link(filter_net(read_net_text(text), "TEST"))
    assert f"`x` is made here, by a layer that the TEST net does not have{said}\n" in str(error.value)


def test_a_blob_of_another_phase_is_an_error_with_a_note():
    with pytest.raises(SpecError) as error:
        linked(
            'layer { name: "p" type: "Power" bottom: "x" top: "y" include { phase: TEST } }\n'
            'layer { name: "r" type: "ReLU" bottom: "y" top: "z" }'
        )
    assert str(error.value).splitlines()[3:] == [
        "   note: <text>:2:45: `y` is made here, by a layer that the TRAIN net does not have",
        "1 problem in <text>",
    ]


def test_layers_of_one_name_get_keys_of_their_own():
    graph = linked("""
        layer { name: "l" type: "ReLU" bottom: "x" top: "y" }
        layer { name: "l" type: "ReLU" bottom: "x" top: "z" }
    """)
    assert [node.key for node in graph.nodes] == ["in", "l", "l_2"]
