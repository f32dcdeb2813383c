"""The choices of a process: device, random numbers, log."""

import warnings

import numpy as np
import pytest
import torch

import netdef
from netdef.pycaffe import mode
from netdef.pycaffe.net import Net

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "gaussian" } } }
"""


@pytest.fixture(autouse=True)
def choices(monkeypatch):
    monkeypatch.setattr(mode, "choices", mode.Choices())


def test_a_missing_gpu_warns_once_and_nets_go_on(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.warns(UserWarning, match="there is no GPU"):
        mode.set_mode_gpu()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mode.set_mode_gpu()
    mode.set_device(3)
    assert mode.device() == torch.device("cpu")
    assert Net.of(netdef.loads(TEXT)).forward(data=np.ones((2, 3)))["ip"].shape == (2, 4)


def test_a_gpu_is_chosen_by_its_number(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    mode.set_device(1)
    mode.set_mode_gpu()
    assert mode.device() == torch.device("cuda", 1)
    mode.set_mode_cpu()
    assert mode.device() == torch.device("cpu")


def test_a_seed_gives_the_same_weights():
    drawn = []
    for _ in range(2):
        mode.set_random_seed(7)
        drawn.append(Net.of(netdef.loads(TEXT)).params["ip"][0].data.copy())
    assert np.array_equal(*drawn) and mode.choices.seed == 7


def test_lines_of_the_log(capsys):
    mode.log("something")
    assert capsys.readouterr().err.endswith("] something\n")
    mode.init_log(1)
    mode.log("nothing")
    assert capsys.readouterr().err == ""
