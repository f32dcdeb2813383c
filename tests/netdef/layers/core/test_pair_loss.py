"""The bottoms that losses of two bottoms take, and their top."""

from __future__ import annotations

import pytest
from one_layer import draw, one_layer

from netdef.errors import SpecError

each_loss = pytest.mark.parametrize(
    "kind", ["EuclideanLoss", "L1Loss", "SigmoidCrossEntropyLoss", "ClassBalancedSigmoidCrossEntropyLoss"])


@each_loss
def test_the_top_is_one_number_with_weight_1(kind):
    a, b = draw(3, 2, 5), (draw(3, 10, seed=2) > 0).double()
    net = one_layer(kind, "", "TRAIN", a=a, b=b)
    (node,) = [node for node in net.graph.nodes if node.spec.type == kind]
    assert net.shapes["y0"] == () and net(a=a, b=b)["y0"].shape == () and node.loss_weights == (1.0,)


@each_loss
@pytest.mark.parametrize(("shapes", "said"), [
    (((3, 2), (3, 4)), r"\(3, 2\) \(`a`\) and \(3, 4\) \(`b`\); they must hold equally many numbers"),
    (((3, 2), (2, 3)), r"their first axes must agree"),
    (((), ()), "wants a bottom of at least 1 axis"),
])
def test_bottoms_that_do_not_fit_are_refused(kind, shapes, said):
    with pytest.raises(SpecError, match=said) as error:
        one_layer(kind, a=shapes[0], b=shapes[1])
    assert len(error.value.problems) == 1
