"""ChannelFilter: the channels for which a blob is not 0."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError

TEXT = '''
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 5 dim: 3 dim: 4 } } }
layer { name: "f" type: "Filter" bottom: "x" top: "y" param { lr_mult: 0 } filter_param { num_output: COUNT } }
'''


@pytest.mark.parametrize(("kept", "channels"), [
    ([1, 0, 1, 0, 1], [0, 2, 4]),
    ([0, 0.5, -1, 2, 3], [1, 2, 3]),  # four are kept: the first three
    ([0, 0, 0, 2, 3], [0, 3, 4]),  # two are kept: the first of the others beside them
])
def test_channels(kept, channels):
    net = netdef.loads(TEXT.replace("COUNT", "3"), phase="TEST")
    assert net.shapes["y"] == (2, 3, 3, 4)
    net.params["f"][0].copy_(torch.tensor(kept))
    x = torch.randn(2, 5, 3, 4)
    assert torch.equal(net(x=x)["y"], x[:, channels])


@pytest.mark.parametrize("count", ["0", "6"])
def test_impossible_numbers_are_refused(count):
    with pytest.raises(SpecError, match=f"takes {count} of 5 channels"):
        netdef.loads(TEXT.replace("COUNT", count), phase="TEST")
