"""Building nets: shapes stated by layers or computed on meta, and errors of several layers together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from small_nets import INPUT, complaints, ip

import netdef
from netdef.errors import SpecError
from netdef.layers.activations import ReLU
from netdef.layers.core import registry


def test_shapes_are_computed_without_memory():
    net = netdef.loads(INPUT + ip("a", "x", 5) + ip("b", "a", 7), device="meta")
    assert net.shapes == {"x": (2, 3), "a": (2, 5), "b": (2, 7)}
    assert all(tensor.is_meta for tensors in net.params.values() for tensor in tensors)


def test_an_absurd_size_is_an_error():
    (said,) = complaints(ip("wide", "x", 5000) + ip("huge", "wide", 2_000_000_000))
    assert said.startswith("layer `huge` (InnerProduct)") and "10000000000000" in said


def test_errors_of_several_layers_come_together_and_none_of_readers_of_a_failed_layer():
    said = complaints(ip("a", "x", 0) + ip("b", "a", 4) + ip("c", "x", 0))
    assert len(said) == 2 and "`a`" in said[0] and "`c`" in said[1]


def test_shapes_that_disagree_are_noted_with_the_layers_that_make_them():
    with pytest.raises(SpecError) as error:
        netdef.loads(INPUT + ip("a", "x", 4) + 'layer { name: "sum" type: "Eltwise" bottom: "x" bottom: "a" top: "s" }')
    (problem,) = error.value.problems
    assert [note.message for note in problem.notes] == [
        "`x`, shape (2, 3), is made here", "`a`, shape (2, 4), is made here"]


def test_lr_mult_0_freezes_a_blob():
    net = netdef.loads(INPUT + ip("a", "x", 4, "param { lr_mult: 0 }"))
    weight, bias = net.params["a"]
    assert not weight.requires_grad and bias.requires_grad


@pytest.mark.parametrize(("layer", "said"), [
    ('type: "Tile" bottom: "x" top: "y" tile_param { tiles: 800000000 }',
     "layer `l` (Tile) makes a top of shape (2, 2400000000), 4800000000 elements; a blob holds at most 2147483647"),
    ('type: "Tile" bottom: "x" top: "y" tile_param { axis: 0 tiles: 400000000 }',
     "layer `l` (Tile) makes a top of shape (800000000, 3), 2400000000 elements"),
])
def test_a_top_larger_than_caffes_largest_blob_is_an_error(layer, said):
    text = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } } layer { name: "l" %s }'
    with pytest.raises(SpecError) as error:
        netdef.loads(text % layer)
    (problem,) = error.value.problems
    assert problem.message.startswith(said) and problem.span.text == 'top: "y"'


def test_a_seed_gives_the_same_weights_in_any_memory_order():
    text = """
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 9 dim: 8 } } }
        layer { name: "c" type: "Convolution" bottom: "x" top: "c"
                convolution_param { num_output: 4 kernel_h: 2 kernel_w: 5 weight_filler { type: "gaussian" } } }"""
    torch.manual_seed(7)
    weight = netdef.loads(text).params["c"][0]
    torch.manual_seed(7)
    torch.testing.assert_close(weight, torch.randn(4, 3, 2, 5), rtol=0, atol=0)


def test_a_subclass_with_a_forward_of_its_own_is_run_for_its_shapes(monkeypatch):
    class Halves(ReLU):
        def forward(self, x):
            return super().forward(x)[:, ::2]

    monkeypatch.setitem(registry._registry, "Halves", Halves)
    net = netdef.loads(INPUT + 'layer { name: "h" type: "Halves" bottom: "x" top: "y" }')
    assert net.shapes["y"] == (2, 2)


def test_nets_of_common_layers_are_built_without_the_slow_imports_of_a_run_on_meta():
    models = Path(__file__).parents[3] / "models"
    paths = [*map(str, models.glob("*/deploy.prototxt")), str(models / "digits" / "train_val.prototxt")]
    code = ("import sys, netdef\nfor path in sys.argv[1:]: netdef.load(path, 'TEST', device='meta')\n"
            "print(sorted({'sympy', 'torch._dynamo'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code, *paths], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
