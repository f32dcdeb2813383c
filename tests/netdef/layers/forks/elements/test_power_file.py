"""Numbers of a file that are added to every item."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, top_of
from torch.autograd import gradcheck

import netdef

TEXT = """layer { name: "data" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 2 } } }
layer { name: "l" type: "PowerFile" bottom: "x" top: "y" power_file_param { shift_file: "shift.txt" } }"""


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_number_of_the_file_for_each_of_an_item(tmp_path, phase):
    (tmp_path / "shift.txt").write_text("1 0 -0.5\n2e1 4 5 99")
    net = netdef.loads(TEXT, tmp_path, phase=phase).double()
    x = draw(2, 3, 2)
    expected = x + torch.tensor([[1, 0], [-0.5, 20], [4, 5]])
    assert torch.equal(net(x=x)["y"], expected)
    assert gradcheck(lambda a: net(x=a)["y"], x.requires_grad_())


def test_without_a_file_nothing_is_added():
    x = draw(2, 3)
    assert torch.equal(top_of("PowerFile", x=x), x)


def test_too_few_numbers_are_an_error(tmp_path):
    (tmp_path / "shift.txt").write_text("1 2 3")
    with pytest.raises(netdef.NetdefError, match="3 numbers .* wants 6"):
        netdef.loads(TEXT, tmp_path, phase="TEST")
