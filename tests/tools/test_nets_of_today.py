"""The nets that the benchmarks measure are the same in text and by hand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import netdef

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def tools_in_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    yield
    for name in ("handwritten", "handwritten_today", "nets_of_today", "subjects", "bench_infer", "memory", "turns"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", ["resnet50", "mobilenet_v2", "densenet121", "squeezenet"])
def test_text_and_module_by_hand_have_the_same_loss(name, monkeypatch):
    import nets_of_today
    from subjects import SUBJECTS, trained

    monkeypatch.setattr(nets_of_today, "SIZE", 96)
    torch.manual_seed(4)
    net = netdef.from_proto(nets_of_today.training_net(name, 2).to_proto(), phase="TRAIN").train()
    by_hand = SUBJECTS[name].by_hand().train()
    with torch.no_grad():
        for theirs, mine in zip(by_hand.parameters(), trained(net), strict=True):
            theirs.copy_(mine)
        data, labels = torch.randn(2, 3, 96, 96), torch.tensor([7, 911])
        loss = by_hand(data, labels)
        assert float(net(data=data, label=labels)["loss"]) == pytest.approx(float(loss), rel=1e-4)


def test_published_counts_of_parameters():
    """ResNet-50 25.6 million, DenseNet-121 8.0, VGG-16 138.4, SqueezeNet-1.1 1.24: those of the papers' models."""
    from subjects import SUBJECTS

    with torch.device("meta"):
        counts = {name: sum(p.numel() for p in SUBJECTS[name].by_hand().parameters()) for name in SUBJECTS}
    assert counts["resnet50"] == 25_557_032 and counts["densenet121"] == 7_978_856
    assert counts["vgg16"] == 138_357_544 and counts["squeezenet"] == 1_235_496


def test_inference_has_the_same_probabilities_everywhere(tmp_path):
    import bench_infer

    bench_infer.write_files("lenet", tmp_path, [1, 3])
    for batch in (1, 3):
        made = {what: make("lenet", tmp_path, batch) for what, make in bench_infer.CANDIDATES.items()}
        bench_infer.check_same_work("lenet", made)
        assert made[bench_infer.OURS]().shape == (batch, 10)
    made[bench_infer.OURS] = lambda: torch.full((3, 10), 0.1)
    with pytest.raises(SystemExit, match="probabilities of ours differ from those by hand by"):
        bench_infer.check_same_work("lenet", made)
