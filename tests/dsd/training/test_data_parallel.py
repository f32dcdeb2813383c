"""How a net is wrapped for several processes. `test_distributed` trains with two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from toys import NET, toy

import netdef
from dsd.distributed import ALONE, World
from dsd.training import data_parallel
from dsd.training.data_parallel import in_parallel
from dsd.training.trainer import Trainer

pytestmark = pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")


class Older:
    """Stands for the class of older versions of torch."""

    def __init__(
        self, module, process_group=None, broadcast_buffers=True, find_unused_parameters=False, gradient_as_bucket_view=False
    ):
        self.syncs, self.searches = broadcast_buffers, find_unused_parameters


class Newer(Older):
    """Stands for that of newer versions, which warn of the older argument."""

    def __init__(
        self, module, process_group=None, broadcast_buffers=None, find_unused_parameters=False, gradient_as_bucket_view=False,
        forward_sync_buffers=None
    ):
        assert broadcast_buffers is None
        super().__init__(module, process_group, forward_sync_buffers, find_unused_parameters)


@pytest.mark.parametrize("version", [Older, Newer])
def test_running_statistics_stay_each_ranks_own_in_every_version_of_torch(monkeypatch, version):
    monkeypatch.setattr(data_parallel.nn.parallel, "DistributedDataParallel", version)
    monkeypatch.setattr(data_parallel.dist, "get_backend", lambda: "nccl")
    layers = NET[NET.index('layer { name: "conv"'):]
    inputs = """layer { name: "data" type: "Input" top: "data" top: "label"
                        input_param { shape { dim: 6 dim: 2 dim: 7 dim: 4 } shape { dim: 6 } } }"""
    net = netdef.loads(inputs + layers, phase="TRAIN")
    wrapped = in_parallel(net, World(0, 2))
    assert (wrapped.syncs, wrapped.searches) == (False, False)
    assert in_parallel(net, ALONE) is None


class Counted(torch.nn.Module):
    """Stands for torch's wrapper; ``reduced`` has, for each pass, whether its gradients are exchanged."""

    def __init__(self, net: torch.nn.Module):
        super().__init__()
        self.net, self.reduced, self._syncs = net, [], True

    @contextmanager
    def no_sync(self) -> Iterator[None]:
        self._syncs = False
        yield
        self._syncs = True

    def forward(self, **inputs: torch.Tensor) -> dict[str, torch.Tensor]:
        self.reduced.append(self._syncs)
        return self.net(**inputs)


def test_gradients_are_exchanged_once_an_iteration(tmp_path, monkeypatch):
    monkeypatch.setattr("dsd.training.iterations.in_parallel", lambda net, world, run: Counted(run))
    trainer = Trainer.from_file(toy(tmp_path, more="iter_size: 3"))
    trainer.step(2)
    assert trainer.forward.reduced == [False, False, True] * 2
