"""Convolution with `submanifold_sparse`."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef
from netdef.testing import check_layer

PARAM = ("convolution_param { num_output: 4 kernel_size: 3 pad: 1 submanifold_sparse: %s weight_filler { type: 'xavier' } "
         "bias_filler { type: 'constant' value: 2 } }")


def test_places_without_values_stay_so():
    x = draw(2, 3, 5, 6)
    x[:, :, 1:4, 2:5] = 0
    x[0, 2, 2, 3] = 1  # one channel is enough
    net, usual = (one_layer("Convolution", PARAM % word, x=x) for word in ("true", "false"))
    for mine, theirs in zip(net.params["l"], usual.params["l"]):
        theirs.data.copy_(mine)
    active = torch.ones(2, 5, 6, dtype=torch.bool)
    active[:, 1:4, 2:5] = False
    active[0, 2, 3] = True
    top, wanted = net(x=x)["y0"], usual(x=x)["y0"]
    assert torch.equal(top, wanted * active[:, None]) and not top[1, :, 2, 3].any()


def test_planes_of_another_size_are_refused():
    with pytest.raises(netdef.SpecError, match="wants planes of one size in its bottom and top"):
        one_layer("Convolution", PARAM.replace("pad: 1", "") % "true", x=(2, 3, 5, 6))


@pytest.mark.parametrize("count", [1, 2])
def test_promises(count):
    bottoms = {name: (2, 3, 5, 4) for name in "ab"[:count]}
    blobs = " ".join(f'bottom: "{name}" top: "y{name}"' for name in bottoms)
    check_layer(f'layer {{ name: "l" type: "Convolution" {blobs} {PARAM % "true"} }}', **bottoms)
    assert len(tops_of("Convolution", PARAM % "true", count, **{name: draw(*shape) for name, shape in bottoms.items()})) == count
