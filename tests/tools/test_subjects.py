"""The nets that benchmarks measure, and their inputs."""

from __future__ import annotations

import pytest
import torch

import netdef

CPU = torch.device("cpu")


def test_inputs_are_of_the_net_and_the_same_each_time(tool):
    subject = tool("subjects").SUBJECTS["lenet"]
    found, again = subject.inputs(CPU, 7), subject.inputs(CPU, 7)
    assert found["data"].shape == (7, 1, 28, 28) and found["label"].shape == (7,) and found["label"].max() < 10
    assert all(torch.equal(found[name], again[name]) for name in found)
    assert subject.inputs(CPU)["data"].shape == subject.batch == (64, 1, 28, 28)


@pytest.mark.parametrize("name", ["lenet", "squeezenet"])
def test_nets_take_inputs_in_place_of_data(tool, name):
    subjects = tool("subjects")
    batch = subjects.SUBJECTS[name].batch
    net = netdef.from_proto(subjects.training_net(name), phase="TRAIN", device="meta")
    assert {blob: net.shapes[blob] for blob in net.inputs} == {"data": batch, "label": batch[:1]} and "loss" in net.outputs
    deployed = netdef.from_proto(subjects.deploy_net(name, 3), device="meta")
    assert {blob: deployed.shapes[blob] for blob in deployed.inputs} == {"data": (3, *batch[1:])}
    assert deployed.shapes[deployed.outputs[0]][:2] == (3, subjects.SUBJECTS[name].classes)


def test_trained_tensors_are_those_of_the_module_by_hand(tool):
    """Without the mean, variance and factor of BatchNorm."""
    subjects = tool("subjects")
    net = netdef.from_proto(subjects.training_net("mobilenet_v2"), phase="TRAIN", device="meta")
    with torch.device("meta"):
        by_hand = subjects.SUBJECTS["mobilenet_v2"].by_hand()
    assert [t.shape for t in subjects.trained(net)] == [p.shape for p in by_hand.parameters()]
