"""dsd-convert as a user runs it. What it does: tests/netdef/convert."""

from __future__ import annotations

import tracemalloc
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from commands import output_of
from PIL import Image

import netdef
from dsd.cli.convert import main
from netdef.data.images.mean_file import write_mean
from netdef.schema.messages import NetParameter
from netdef.weights import wire_format

NET = """
name: "small net"
# The images.
input: "data" input_dim: 2 input_dim: 3 input_dim: 8 input_dim: 7
layers { name: "conv/1" type: CONVOLUTION bottom: "data" top: "c" # first
         convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
layers { name: "relu" type: RELU bottom: "c" top: "c" }
layers { name: "ip" type: INNER_PRODUCT bottom: "c" top: "ip"
         inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
layers { name: "prob" type: SOFTMAX bottom: "ip" top: "prob" }
"""
TRAIN = """
layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "nowhere" batch_size: 6 } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("net.prototxt").write_text(NET)
    torch.manual_seed(2)
    netdef.save_weights(netdef.load("net.prototxt"), "w.caffemodel")
    return tmp_path


run = partial(output_of, main)


def outputs(net: netdef.Net) -> torch.Tensor:
    with torch.no_grad():
        return net(torch.linspace(-1, 1, 2 * 3 * 8 * 7).reshape(2, 3, 8, 7))["prob"]


@pytest.mark.parametrize("form", ["caffemodel", "caffemodel.h5", "safetensors", "pt", "pth"])
def test_weights_are_written_in_every_format_and_back(form):
    said = run("net.prototxt", "w.caffemodel", f"out.{form}")
    assert "small net" not in said and "same" in said and f"out.{form}" in said
    run("net.prototxt", f"out.{form}", "back.caffemodel")
    assert torch.equal(outputs(netdef.load("net.prototxt", weights="back.caffemodel")),
                       outputs(netdef.load("net.prototxt", weights="w.caffemodel")))


@pytest.mark.parametrize("name", ["w.bin", "pytorch_model", "net2.prototxt"])
@pytest.mark.parametrize("form", ["caffemodel", "caffemodel.h5", "safetensors", "pt"])
def test_weights_are_known_by_what_they_hold_whatever_their_name(name, form):
    netdef.save_weights(netdef.load("net.prototxt", weights="w.caffemodel"), f"out.{form}")
    Path(f"out.{form}").rename(name)
    assert "conv/1" in (said := run(name)) and "FILE" not in said
    run("net.prototxt", name, "back.caffemodel")
    assert torch.equal(outputs(netdef.load("net.prototxt", weights="back.caffemodel")),
                       outputs(netdef.load("net.prototxt", weights="w.caffemodel")))


def test_an_old_net_is_upgraded(folder):
    said = run("--upgrade", "net.prototxt", "new.prototxt")
    assert "net.prototxt:5:1: `layers { type: ... }` of 2014" in said
    text = Path("new.prototxt").read_text()
    assert "# The images.\n" in text and 'bottom: "data"\n' in text and "# first" in text
    assert "is current already" in run("--upgrade", "new.prototxt", "newer.prototxt")
    assert Path("newer.prototxt").read_text() == text


def test_the_net_in_a_caffemodel_is_written():
    run("w.caffemodel", "found.prototxt")
    net = netdef.load("found.prototxt", weights="w.caffemodel")
    assert torch.equal(outputs(net), outputs(netdef.load("net.prototxt", weights="w.caffemodel")))
    run("net.prototxt", "w.caffemodel", "w.h5")
    assert "holds weights only; give the prototxt of its net" in run("w.h5", "found.onnx", status=2)


def test_a_training_net_becomes_a_deploy_net():
    Path("train.prototxt").write_text(TRAIN)
    said = run("train.prototxt", "deploy.prototxt", "--deploy", status=2)
    assert "nowhere" not in said
    run("train.prototxt", "other.prototxt", *said.split(": ")[-1].split())
    run("train.prototxt", "deploy.prototxt", "--input-shape", "data=6,3,4,2")
    net = netdef.load("deploy.prototxt")
    assert (net.inputs, net.outputs, net.shapes["prob"]) == (["data"], ["prob"], (6, 5))


def test_masks_are_added_made_from_zeros_and_removed():
    run("net.prototxt", "dsd.prototxt", "--add-masks", "--sparsity", "0.3")
    text = Path("dsd.prototxt").read_text()
    assert 'name: "ip_mask"' in text and "sparsity: 0.3" in text and "conv/1_mask" not in text and "# first" in text
    net = netdef.load("net.prototxt", weights="w.caffemodel")
    weight = net.params["ip"][0]
    with torch.no_grad():
        weight[torch.arange(weight.numel()).reshape(weight.shape) % 3 == 0] = 0
    netdef.save_weights(net, "pruned.caffemodel")
    assert "pruned: `ip`; --masks-from zeros" in run("net.prototxt", "pruned.caffemodel")
    run("net.prototxt", "pruned.caffemodel", "masked.caffemodel", "--masks-from", "zeros")
    masked = netdef.load("masked.prototxt", weights="masked.caffemodel")
    assert torch.equal(masked.masks["ip_mask"].kept, weight != 0)
    bits = " ".join("01"[i % 3 > 0] for i in range(weight.numel()))
    Path("masks.txt").write_text(f"ip {weight.numel()} {bits}\n")
    run("net.prototxt", "w.caffemodel", "micro.caffemodel", "--masks-from", "masks.txt")
    micro = netdef.load("micro.prototxt", weights="micro.caffemodel")
    assert torch.equal(micro.params["ip"][0], weight)
    run("masked.prototxt", "masked.caffemodel", "stripped.caffemodel", "--strip-masks")
    layers = NetParameter.FromString(Path("stripped.caffemodel").read_bytes()).layer
    assert "Mask" not in [layer.type for layer in layers] and len(layers) == 5
    assert torch.equal(netdef.load("net.prototxt", weights="stripped.caffemodel").params["ip"][0], weight)


def test_comparison_on_given_inputs_and_with_recorded_outputs():
    Image.fromarray(np.arange(9 * 5 * 3, dtype=np.uint8).reshape(9, 5, 3)).save("cat.png")
    mean = np.full((3, 8, 7), 100, np.float32)
    write_mean("mean.binaryproto", mean)
    said = run("net.prototxt", "w.caffemodel", "a.py", "--input", "cat.png", "--mean", "mean.binaryproto", "--scale", "0.02")
    assert "cat.png" in said and "random numbers" in said
    x = np.random.default_rng(0).random((2, 3, 8, 7), np.float32)
    net = netdef.load("net.prototxt", weights="w.caffemodel")
    with torch.no_grad():
        prob = net(torch.from_numpy(x[:, ::-1] * 2 - np.float32([2, 4, 6])[:, None, None]))["prob"].numpy()
    np.savez("ref.npz", input=x, **{"out/prob": prob})
    flags = ["--swap-channels", "--mean", "1,2,3", "--scale", "2"]
    assert "same" in run("net.prototxt", "w.caffemodel", "--reference", "ref.npz", *flags)
    said = run("net.prototxt", "w.caffemodel", "--reference", "ref.npz", status=1)
    assert "differs from ref.npz by more than 0.0001 of a blob's range" in said


def test_no_file_is_written_if_outputs_differ(monkeypatch):
    monkeypatch.setattr("netdef.weights.pt.state_dict", lambda net: {
        f"{layer}.{name}": torch.zeros_like(blob) for layer, blobs in net.params.items()
        for name, blob in zip(("weight", "bias"), blobs)})
    said = run("net.prototxt", "w.caffemodel", "out.pt", status=1)
    assert "differs" in said and "nothing is written" in said
    assert sorted(path.name for path in Path().iterdir()) == ["net.prototxt", "w.caffemodel"]


def test_means_and_solver_states_are_converted():
    mean = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    write_mean("m.binaryproto", mean)
    run("m.binaryproto", "m.npy")
    assert np.array_equal(np.load("m.npy"), mean)
    run("m.npy", "again.binaryproto")
    assert Path("again.binaryproto").read_bytes() == Path("m.binaryproto").read_bytes()
    Path("bad.binaryproto").write_bytes(b"\x01\x02")
    assert "bad.binaryproto: is no mean image" in run("bad.binaryproto", "x.npy", status=2)
    from dsd.training.solverstate import State, read_state, write_state
    write_state("a.solverstate", State(7, "w.caffemodel", [mean], 1))
    assert "iteration 7" in run("a.solverstate", "a.solverstate.h5")
    with h5py.File("a.solverstate.h5") as file:
        assert int(file["iter"][0]) == 7
    run("a.solverstate.h5", "b.solverstate")
    assert np.array_equal(read_state("b.solverstate").history[0], mean)


@pytest.mark.parametrize("source, target", [("a.binaryproto", "a.npy"), ("a.solverstate", "a.solverstate.h5")])
def test_sizes_are_checked_before_memory_is_allocated(source, target):
    with open(source, "wb") as file:
        file.write(wire_format.header(3, 2**28))
        file.truncate(2**27)
    run("w.caffemodel")  # what is imported takes memory, too
    tracemalloc.start()
    said = run(source, target, status=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert f"the field at byte 0 claims {2**28} bytes; {2**27 - 6} are left" in said and peak < 2**24


@pytest.mark.parametrize("arguments, said", [
    (["w.caffemodel", "net.prototxt", "o.onnx"], "the net comes first, then its weights"),
    (["net.prototxt", "o.py"], "o.py needs the net's weights: dsd-convert net.prototxt WEIGHTS o.py"),
    (["net.prototxt", "w.caffemodel", "o.foo"], "unknown output format; a file ends in .caffemodel"),
    (["net.prototxt", "none.caffemodel", "o.py"], "none.caffemodel: cannot be read: No such file"),
    (["net.prototxt", "other.caffemodel", "o.py"],
     "is of another net than net.prototxt: no layer with weights has the same name; the net's are conv/1, ip, the file's ib"),
    (["net.prototxt", "part.caffemodel", "o.py"], "has no weights for `conv/1` of net.prototxt. --partial fills them"),
    (["net.prototxt", "lfs.caffemodel", "o.py"], "is a Git LFS pointer"),
    (["net.prototxt", "w.caffemodel", "w.caffemodel"], "w.caffemodel: already exists; --force replaces it"),
    (["net.prototxt", "w.caffemodel", "mine.py"], "mine.safetensors: already exists; --force replaces it"),
    (["net.prototxt", "w.caffemodel", "o.py", "--input-shape", "data=x"], "is not BLOB=N,C,H,W"),
    (["net.prototxt", "w.caffemodel", "o.py", "--outputs", "pro"], "the net has no blob `pro`; did you mean `prob`?"),
    (["net.prototxt", "w.caffemodel", "o.py", "--outputs", "c,prob"], "`c` is no output of what is left"),
    (["net.prototxt", "w.caffemodel", "o.py", "--masks-from", "zeros"], "no weight has 1% of zeros or more"),
    (["w.npz"], "w.npz: is an archive of numpy arrays, not a prototxt; save them as a dictionary of tensors by torch.save"),
    (["w.npz", "o.caffemodel"], "w.npz: is an archive of numpy arrays, not a prototxt"),
    (["net.prototxt", "w.npz", "o.caffemodel"], "w.npz: is an archive of numpy arrays, not a file of weights"),
    (["solver.prototxt"], "solver.prototxt:1:1: this is a solver, a net is wanted here"),
    (["net.prototxt", "o.prototxt", "--fold-bn"], "--fold-bn needs the net's weights: dsd-convert net.prototxt WEIGHTS o.p"),
    (["net.prototxt", "o.prototxt", "--masks-from", "zeros"], "--masks-from needs the net's weights"),
    (["w.caffemodel", "o.prototxt", "--masks-from", "zeros"], "no weight has 1% of zeros or more"),
    (["net.prototxt", "w.caffemodel", "--add-masks"], "a change of the net needs OUT, the file to write"),
    (["--upgrade", "net.prototxt", "o.prototxt", "--add-masks"], "--upgrade changes nothing but the fields' age"),
    (["net.prototxt", "none.caffemodel", "no/o.py"], "no/o.py: cannot be written: No such file or directory"),
])
def test_a_refused_conversion_writes_nothing(arguments, said):
    Path("lfs.caffemodel").write_text("version https://git-lfs.github.com/spec/v1\n")
    text = NET.replace("conv/1", "con").replace('"ip" type', '"ib" type')
    netdef.save_weights(netdef.loads(text.replace("CONVOLUTION", "POWER")), "other.caffemodel")
    Path("part.prototxt").write_text("""
        layer { name: "data" type: "Input" top: "x" input_param { shape { dim: 2 dim: 120 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 5 } }""")
    netdef.save_weights(netdef.load("part.prototxt"), "part.caffemodel")
    Path("mine.safetensors").write_text("something else")
    np.savez("w.npz", **{"conv/1.0": np.zeros((4, 3))})
    Path("solver.prototxt").write_text('net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed"')
    before = {path: path.stat().st_mtime_ns for path in Path().iterdir()}
    assert said in " ".join(run(*arguments, status=2).split())
    assert {path: path.stat().st_mtime_ns for path in Path().iterdir()} == before


def test_all_layers_that_cannot_be_written_are_named():
    Path("net.prototxt").write_text(NET + """
        layers { name: "l" type: SIGMOID_CROSS_ENTROPY_LOSS bottom: "ip" bottom: "ip" top: "l" }
        layers { name: "m" type: EUCLIDEAN_LOSS bottom: "ip" bottom: "prob" top: "m" }""")
    said = run("net.prototxt", "w.caffemodel", "o.py", status=2)
    assert "layer `l` (SigmoidCrossEntropyLoss) computes a loss or a score" in said and "layer `m`" in said
    run("net.prototxt", "w.caffemodel", "o.py", "--outputs", "prob")
