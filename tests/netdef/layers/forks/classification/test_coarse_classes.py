"""HD-CNN's coarse classes."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError

SEVERAL = ("fine2multicoarse_prob_layer_param { num_coarse: 2 fine2multicoarse_param { coarse_id: 1 } "
           "fine2multicoarse_param { coarse_id: [0, 1] } fine2multicoarse_param { coarse_id: 0 } }")


def test_sums_of_classes():
    x = draw(2, 3, 4, 1)
    y = top_of("Fine2CoarseProb", "fine2coarse_prob_layer_param { num_coarse: 2 fine2coarse: [1, 0, 1] }", x=x)
    assert torch.allclose(y, torch.stack([x[:, 1], x[:, 0] + x[:, 2]], 1))


def test_classes_of_several_coarse_ones():
    x = torch.tensor([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]]).double()
    wanted = torch.tensor([[0.8 / 1.5, 0.7 / 1.5], [0.9 / 1.1, 0.2 / 1.1]])
    assert torch.allclose(top_of("Fine2MultiCoarseProb", SEVERAL, x=x).float(), wanted)


@pytest.mark.parametrize(("classes", "coarse", "words"), [(4, 2, "of 3 classes"), (3, 1, "not below `num_coarse`, 1")])
def test_refusals(classes, coarse, words):
    with pytest.raises(SpecError, match=words):
        one_layer("Fine2MultiCoarseProb", SEVERAL.replace("num_coarse: 2", f"num_coarse: {coarse}"), x=(2, classes))
