"""Exported programs and ONNX."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch

import netdef
from netdef.convert.exported import blob_names, run_exported, run_onnx, save_exported, save_onnx
from netdef.convert.inputs import own_batch
from netdef.convert.write import Verification, convert
from netdef.errors import NetdefError


def test_an_exported_program_takes_any_number_of_items(net, x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # torch's own are silenced
        assert save_exported(net, "out.pt2") is None
    torch.testing.assert_close(run_exported("out.pt2", {"data": x}, ["prob"])["prob"], net(x)["prob"])
    (top,) = torch.export.load("out.pt2").module()(torch.zeros(7, 3, 8, 7))
    assert top.shape == (7, 5)


def test_onnx_names_inputs_and_outputs_as_the_net_does(net, x):
    onnxruntime = pytest.importorskip("onnxruntime")
    assert save_onnx(net, "out.onnx") is None
    torch.testing.assert_close(run_onnx("out.onnx", {"data": x}, ["prob"])["prob"], net(x)["prob"].detach())
    session = onnxruntime.InferenceSession("out.onnx")
    assert [entry.name for entry in session.get_inputs()] == ["data"]
    (found,) = session.run(["prob"], {"data": x.numpy()})
    np.testing.assert_allclose(found, net(x)["prob"].detach().numpy(), atol=1e-6)
    assert session.run(None, {"data": np.zeros((5, 3, 8, 7), np.float32)})[0].shape == (5, 5)


def test_a_fixed_batch_size_is_reported_with_a_reason(folder):
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 6 } } }
        layer { name: "r" type: "Reshape" bottom: "x" top: "y" reshape_param { shape { dim: 4 dim: 3 } } }""")
    assert save_exported(net, "out.pt2")
    found = run_exported("out.pt2", {"x": torch.arange(12.0).reshape(2, 6)}, ["y"])["y"]
    assert torch.equal(found, torch.arange(12.0).reshape(4, 3))


def test_a_net_whose_operations_depend_on_data_is_refused(folder):
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" top: "s"
                input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 1 } } }
        layer { name: "f" type: "Filter" bottom: "x" bottom: "s" top: "y" }""", device="meta")
    with pytest.raises(NetdefError, match=r"what `f` \(Filter\) does depends on the data; --outputs names blobs before"):
        save_exported(net, "out.pt2")


def test_every_blob_but_masks_and_inputs_is_exported():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "m" type: "Mask" top: "m" }
        layer { name: "a" type: "InnerProduct" bottom: "x" bottom: "m" top: "a" inner_product_param { num_output: 4 } }
        layer { name: "r" type: "ReLU" bottom: "a" top: "r" }""", device="meta")
    assert blob_names(net, False) == ["r"] and blob_names(net, True) == ["a", "r"]


def test_an_input_that_nobody_reads_is_no_output_of_the_graph(folder):
    pytest.importorskip("onnxruntime")
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" top: "size"
                input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 1 } } }
        layer { name: "r" type: "ReLU" bottom: "x" top: "y" }""")
    assert net.outputs == ["size", "y"] and blob_names(net, False) == ["y"]
    outcome = convert(net, net, "out.onnx", "a test", Verification({"random": own_batch(net)}))
    assert [d.blob for d in outcome.numbers["random"]] == ["y"] and not outcome.differs
