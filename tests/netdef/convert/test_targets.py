"""Each target format: written, and run again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from netdef.convert.targets import TARGETS, target_of
from netdef.errors import NetdefError


@pytest.mark.parametrize("ending", [".caffemodel", ".h5", ".safetensors", ".pt", ".py"])
@pytest.mark.parametrize("every_blob", [False, True])
def test_each_format_computes_the_same(net, x, ending, every_blob):
    target = TARGETS[ending]
    assert target.write(net, Path(f"out{ending}"), "net.prototxt", every_blob) is None
    assert all(Path("out.x").with_suffix(more).exists() for more in (ending, *target.more))
    found = target.run(Path(f"out{ending}"), net, {"data": x}, every_blob)
    wanted = net.activations(x) if every_blob else net(x)
    for blob, value in wanted.items():
        torch.testing.assert_close(found[blob], value)


def test_state_dicts_have_torchs_names(net):
    shapes = {"conv/1.weight": (4, 3, 3, 3), "conv/1.bias": (4,), "ip.weight": (5, 120), "ip.bias": (5,)}
    for ending, load in ((".safetensors", load_file), (".pt", torch.load)):
        TARGETS[ending].write(net, Path(f"out{ending}"), "", False)
        assert {name: tuple(value.shape) for name, value in load(f"out{ending}").items()} == shapes


@pytest.mark.parametrize("ending", [".safetensors", ".py"])
def test_a_shared_blob_is_with_each_layer(folder, ending):
    import netdef

    text = """
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" param { name: "w" }
                inner_product_param { num_output: 4 bias_term: false weight_filler { type: "xavier" } } }
        layer { name: "b" type: "InnerProduct" bottom: "x" top: "b" param { name: "w" }
                inner_product_param { num_output: 4 bias_term: false } }"""
    net = netdef.loads(text)
    TARGETS[ending].write(net, Path(f"out{ending}"), "", False)
    found = load_file("out.safetensors")
    assert torch.equal(found["a.weight"], found["b.weight"]) and set(found) == {"a.weight", "b.weight"}
    x = torch.rand(2, 3)
    assert torch.equal(TARGETS[ending].run(Path(f"out{ending}"), net, {"x": x}, False)["b"], net(x=x)["b"])


@pytest.mark.parametrize("ending", [".py", ".onnx", ".pt2"])
def test_data_layers_are_refused_where_the_net_is_a_function_of_inputs(folder, ending):
    import netdef

    net = netdef.loads("""
        layer { name: "d" type: "MemoryData" top: "x" top: "t"
                memory_data_param { batch_size: 2 channels: 1 height: 3 width: 4 } }
        layer { name: "s" type: "Silence" bottom: "t" }
        layer { name: "r" type: "ReLU" bottom: "x" top: "y" }""")
    with pytest.raises(NetdefError, match="^`x`, `t` come from data layers, .*; --deploy puts inputs in their place$"):
        TARGETS[ending].write(net, Path(f"out{ending}"), "", False)


@pytest.mark.parametrize("ending", [".py", ".onnx", ".pt2"])
def test_layers_that_write_files_are_refused_there_too(folder, ending):
    import netdef

    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 } } }
        layer { name: "w" type: "FLOWriter" bottom: "x" }""")
    with pytest.raises(NetdefError, match="^`w` write to files, .*; --deploy leaves them out$"):
        TARGETS[ending].write(net, Path(f"out{ending}"), "", False)


def test_a_module_needs_torch_only(folder, net, x):
    TARGETS[".py"].write(net, Path("small.py"), "net.prototxt", False)
    code = (
        "import sys; sys.modules['netdef'] = sys.modules['dsd'] = None\n"
        "import torch, small\n"
        "x = torch.linspace(-1, 1, 2 * 3 * 8 * 7).reshape(2, 3, 8, 7)\n"
        "torch.save(small.load()(x).detach(), 'found.pt')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=folder)
    torch.testing.assert_close(torch.load("found.pt"), net(x)["prob"].detach())
    text = Path("small.py").read_text()
    assert "class SmallNet(nn.Module):" in text and "self.conv_1 = nn.Conv2d(3, 4, kernel_size=3)" in text


def test_an_unknown_ending_is_refused_with_all_endings():
    assert target_of("a.b.caffemodel.h5") is TARGETS[".h5"]
    endings = ".caffemodel, .h5, .safetensors, .pt, .pth, .py, .onnx or .pt2"
    with pytest.raises(NetdefError, match=f"^net.foo: unknown output format; a file ends in {endings}$"):
        target_of("net.foo")
