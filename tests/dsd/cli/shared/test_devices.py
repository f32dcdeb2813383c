"""--gpu and --device."""

from __future__ import annotations

import os

import click
import pytest
from torch.distributed.run import parse_args as torchrun_arguments

from dsd.cli import main, train
from dsd.cli.shared.devices import Devices, gpu_ids


@pytest.mark.parametrize("text, ids", [("0", [0]), ("1,0", [1, 0]), ("all", [0, 1, 2]), (None, [])])
def test_gpu_ids(monkeypatch, text, ids):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 3)
    assert gpu_ids(text) == ids


@pytest.mark.parametrize(
    "text, count, words",
    [
        ("3", 3, "no GPU 3; this machine has GPUs 0 to 2"),
        ("all", 0, "no GPU; this machine has none"),
        ("0,", 0, "no GPU 0; this machine has none"),
        ("-1", 1, "no GPU -1; this machine has GPU 0"),
    ],
)
def test_missing_gpus_are_refused(monkeypatch, text, count, words):
    monkeypatch.setattr("torch.cuda.device_count", lambda: count)
    with pytest.raises(click.BadParameter, match=words):
        gpu_ids(text)


def test_both_flags_are_refused():
    with pytest.raises(click.UsageError, match="give --gpu or --device, not both"):
        Devices("0", "cpu")


def test_a_command_for_one_gpu_refuses_two(monkeypatch):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    with click.Context(train.main, info_name="dsd-time"):
        assert Devices("1", None).one() == "cuda:1" and Devices(None, "cpu").one() == "cpu"
        with pytest.raises(click.UsageError, match="dsd-time runs on one GPU"):
            Devices("0,1", None).one()


@pytest.mark.parametrize("argv, module", [
    (["dsd-train", "solver.prototxt", "--gpu", "2,0", "--log", "x.log"], "dsd.cli.train"),
    (["dsd", "train", "solver.prototxt", "--gpu", "2,0", "--log", "x.log"], "dsd"),
])
def test_several_gpus_start_a_process_each_that_sees_only_them(monkeypatch, argv, module):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 3)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setattr("sys.argv", argv)
    started = []
    monkeypatch.setattr("os.execv", lambda program, command: started.append(command))
    parent = click.Context(main.main) if module == "dsd" else None
    with click.Context(train.main, parent=parent):
        Devices("2,0", None).of_this_process()
    (command,) = started
    assert command[1:3] == ["-m", "torch.distributed.run"]
    understood = torchrun_arguments(command[3:])  # --log could be short for torchrun's own --log-dir
    assert (understood.standalone, understood.nproc_per_node, understood.module) == (True, "2", True)
    assert [understood.training_script, *understood.training_script_args] == [module, *argv[1:]]
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "2,0"
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert Devices("2,0", None).of_this_process() == "cuda:1"
