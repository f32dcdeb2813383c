"""The nets that the benchmarks measure are the same in text and by hand."""

from __future__ import annotations

import pytest
import torch

import netdef


@pytest.mark.parametrize("name", ["resnet50", "mobilenet_v2", "densenet121", "squeezenet"])
def test_text_and_module_by_hand_have_the_same_loss(tool, name, monkeypatch):
    nets_of_today, subjects = tool("nets_of_today"), tool("subjects")
    monkeypatch.setattr(nets_of_today, "SIZE", 96)
    torch.manual_seed(4)
    net = netdef.from_proto(nets_of_today.training_net(name, 2).to_proto(), phase="TRAIN").train()
    by_hand = subjects.SUBJECTS[name].by_hand().train()
    with torch.no_grad():
        for theirs, mine in zip(by_hand.parameters(), subjects.trained(net), strict=True):
            theirs.copy_(mine)
        data, labels = torch.randn(2, 3, 96, 96), torch.tensor([7, 911])
        loss = by_hand(data, labels)
        assert float(net(data=data, label=labels)["loss"]) == pytest.approx(float(loss), rel=1e-4)


def test_text_and_module_by_hand_of_ssd_have_the_same_loss(tool):
    nets_of_today, subjects = tool("nets_of_today"), tool("subjects")
    subject = subjects.SUBJECTS["ssd300"]
    net = netdef.from_proto(nets_of_today.training_net("ssd300", 1).to_proto(), phase="TRAIN").train()
    by_hand = subject.by_hand().train()
    with torch.no_grad():
        for theirs, mine in zip(by_hand.parameters(), subjects.trained(net), strict=True):
            theirs.copy_(mine)
        inputs = subject.inputs(torch.device("cpu"), 1)
        loss = by_hand(inputs["data"], inputs["label"])
        assert float(net.loss(net(**inputs))) == pytest.approx(float(loss), rel=1e-4)
