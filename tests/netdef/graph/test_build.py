"""Shapes come from running the layers on meta; memory is taken once; weights and masks are shared as the text says."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.api import compile_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }\n'


def ip(name: str, bottom: str, outputs: int, more: str = "") -> str:
    return (f'layer {{ name: "{name}" type: "InnerProduct" bottom: "{bottom}" top: "{name}" '
            f'inner_product_param {{ num_output: {outputs} weight_filler {{ type: "xavier" }} }} {more} }}\n')


def complaints(text: str, **options) -> list[str]:
    with pytest.raises(SpecError) as error:
        netdef.loads(INPUT + text, **options)
    assert all(problem.span is not None for problem in error.value.problems)
    return [problem.message for problem in error.value.problems]


def test_shapes_and_rows_without_memory():
    net = netdef.loads(INPUT + ip("a", "x", 5) + ip("b", "a", 7), device="meta")
    assert net.shapes == {"x": (2, 3), "a": (2, 5), "b": (2, 7)}
    assert all(tensor.is_meta for tensors in net.params.values() for tensor in tensors)
    rows = {row.name: row for row in net.rows}
    assert rows["a"].parameters == 3 * 5 + 5 and rows["a"].multiply_adds == 2 * 3 * 5
    assert rows["b"].tops == (("b", (2, 7)),)


def test_weights_beyond_the_memory_are_a_complaint(monkeypatch):
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 1024, "SC_PHYS_PAGES": 1024**2}.__getitem__)
    (said,) = complaints(ip("wide", "x", 50_000) + ip("huge", "wide", 20_000))
    wide, huge = 4 * (3 + 1) * 50_000 / 2**30, 4 * (50_000 + 1) * 20_000 / 2**30
    assert said == (f"the net's weights take {wide + huge:.1f} GiB, layer `huge` alone {huge:.1f}; cpu has 1.0")


def test_an_absurd_size_is_a_complaint():
    (said,) = complaints(ip("wide", "x", 5000) + ip("huge", "wide", 2_000_000_000))
    assert said.startswith("layer `huge` (InnerProduct)") and "10000000000000" in said


def test_complaints_of_several_layers_come_together_and_readers_of_a_failed_layer_are_silent():
    said = complaints(ip("a", "x", 0) + ip("b", "a", 4) + ip("c", "x", 0))
    assert len(said) == 2 and "`a`" in said[0] and "`c`" in said[1]


def test_shapes_that_disagree_are_shown_with_their_makers():
    with pytest.raises(SpecError) as error:
        netdef.loads(INPUT + ip("a", "x", 4) + 'layer { name: "sum" type: "Eltwise" bottom: "x" bottom: "a" top: "s" }')
    (problem,) = error.value.problems
    assert [note.message for note in problem.notes] == [
        "`x`, shape (2, 3), is made here", "`a`, shape (2, 4), is made here"]


def test_shared_weights_are_one_tensor_and_one_entry():
    param = 'param { name: "w" lr_mult: 3 } param { name: "b" }'
    net = netdef.loads(INPUT + ip("a", "x", 4, param) + ip("b", "x", 4, 'param { name: "w" } param { name: "b" }'))
    assert net.params["a"][0] is net.params["b"][0]
    assert [(entry.key, entry.lr_mult) for entry in net.learnable] == [("a/0", 3.0), ("a/1", None)]
    out = net(x=torch.randn(2, 3))
    torch.testing.assert_close(out["a"], out["b"], rtol=0, atol=0)


def test_a_permissive_share_is_a_view_of_another_shape_never_a_transpose():
    text = ip("a", "x", 4, 'param { name: "w" }') + """
        layer { name: "p" type: "Parameter" top: "p" param { name: "w" share_mode: PERMISSIVE }
                parameter_param { shape { dim: 2 dim: 6 } } }"""
    net = netdef.loads(INPUT + text)
    weight = net.params["a"][0]
    torch.testing.assert_close(net(x=torch.randn(2, 3))["p"], weight.reshape(2, 6), rtol=0, atol=0)


def test_shared_weights_that_disagree():
    said = complaints(
        ip("a", "x", 4, 'param { name: "w" lr_mult: 1 }') + ip("b", "x", 5, 'param { name: "w" lr_mult: 2 }'))
    assert said == [
        "layer `b` cannot share param `w`: its blob 0 has shape (5, 3), that of its owner `a` (4, 3)",
        "shared param `w` has lr_mult 2 in layer `b`, but 1 elsewhere",
    ]


def test_too_many_params():
    assert complaints(ip("a", "x", 4, "param { } param { } param { }")) == [
        "layer `a` (InnerProduct) has 2 blobs, the text gives 3 `param`"]


def test_lr_mult_0_freezes():
    net = netdef.loads(INPUT + ip("a", "x", 4, "param { lr_mult: 0 }"))
    weight, bias = net.params["a"]
    assert not weight.requires_grad and bias.requires_grad


def test_a_second_net_uses_the_weights_and_masks_of_the_first():
    mask = 'layer { name: "m" type: "Mask" top: "m" }\n'
    spec = read_net_text(INPUT + mask + ip("a", "x", 4, 'bottom: "m"'))
    train = compile_net(spec, "TRAIN")
    before = train.params["a"][0].clone()
    test = compile_net(spec, "TEST", store=train)
    assert test.params["a"][0] is train.params["a"][0]
    torch.testing.assert_close(train.params["a"][0], before, rtol=0, atol=0)  # not filled a second time
    assert test.masks["m"] is train.masks["m"]
    assert train.training and not test.training


def test_a_second_net_of_other_shape_is_refused():
    train = compile_net(read_net_text(INPUT + ip("a", "x", 4)), "TRAIN")
    with pytest.raises(SpecError, match=r"has weights of shape \(5, 3\), in the TRAIN net it has \(4, 3\)"):
        compile_net(read_net_text(INPUT + ip("a", "x", 5)), "TEST", store=train)


@pytest.mark.parametrize(("layer", "said"), [
    ('type: "Tile" bottom: "x" top: "y" tile_param { tiles: 800000000 }',
     "layer `l` (Tile) makes a top of shape (2, 2400000000), 4800000000 elements; a blob holds at most 2147483647"),
    ('type: "Tile" bottom: "x" top: "y" tile_param { axis: 0 tiles: 400000000 }',
     "layer `l` (Tile) makes a top of shape (800000000, 3), 2400000000 elements"),
])
def test_a_top_beyond_caffes_largest_blob(layer, said):
    text = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } } layer { name: "l" %s }'
    with pytest.raises(SpecError) as error:
        netdef.loads(text % layer)
    (problem,) = error.value.problems
    assert problem.message.startswith(said) and problem.span.text == 'top: "y"'


MASK = 'layer { name: "m" type: "Mask" top: "m" }\n'


@pytest.mark.parametrize(("text", "said"), [
    (MASK + 'layer { name: "r" type: "ReLU" bottom: "x" bottom: "m" top: "y" }',
     "layer `r` (ReLU) takes mask `m`, but has no weights that a mask can cover"),
    (MASK.replace("top:", "mask_param { blob: 1 } top:") + ip("a", "x", 4, 'bottom: "m"'),
     "layer `a` (InnerProduct) takes mask `m` for its blob 1; a mask can cover blob 0"),
    (MASK + ip("a", "x", 4, 'bottom: "m"') + ip("b", "x", 5, 'bottom: "m"'),
     "layer `b` (InnerProduct) takes mask `m`, whose shape is (4, 3) from layer `a`, for weights of shape (5, 3)"),
    (MASK + MASK.replace('"m"', '"n"') + ip("a", "x", 4, 'bottom: "m" bottom: "n"'),
     "layer `a` (InnerProduct) takes a second mask for its blob 0"),
    (MASK + ip("a", "x", 4, 'bottom: "m" param { name: "w" }') + ip("b", "x", 4, 'param { name: "w" }'),
     "layer `b` shares the weights of `a` but not its mask; give both the same mask bottom, or none"),
    (MASK.replace("top:", "mask_param { sparsity: 1 } top:") + ip("a", "x", 4, 'bottom: "m"'),
     "layer `m` (Mask) has `sparsity` 1; it must be at least 0 and below 1"),
])
def test_wrong_masks(text, said):
    assert complaints(text) == [said]


def test_a_seed_gives_the_same_weights_in_any_memory_order():
    text = """
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 9 dim: 8 } } }
        layer { name: "c" type: "Convolution" bottom: "x" top: "c"
                convolution_param { num_output: 4 kernel_h: 2 kernel_w: 5 weight_filler { type: "gaussian" } } }"""
    torch.manual_seed(7)
    weight = netdef.loads(text).params["c"][0]
    torch.manual_seed(7)
    torch.testing.assert_close(weight, torch.randn(4, 3, 2, 5), rtol=0, atol=0)
