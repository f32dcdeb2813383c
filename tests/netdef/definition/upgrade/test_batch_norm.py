"""The `param` of old BatchNorm layers."""

from __future__ import annotations

import pytest

from netdef.definition.upgrade.batch_norm import share_batch_size, upgrade_batch_norm
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.schema.where import Where


def rates(layer: LayerParameter) -> list[float]:
    (upgraded,) = upgrade_batch_norm(NetParameter(layer=[layer]), Where())[0].layer
    return [param.lr_mult for param in upgraded.param]


def test_statistics_are_not_learned():
    assert rates(LayerParameter(type="BatchNorm", param=[{"lr_mult": n} for n in (1, 2, 3)])) == [0, 0, 0]


@pytest.mark.parametrize("param", [{"scale_bias": True}, {"scale_filler": {"value": 1}}])
def test_rates_of_scale_and_bias_come_last(param: dict):
    layer = LayerParameter(type="BatchNorm", batch_norm_param=param, param=[{"lr_mult": n} for n in (2, 3, 0, 0)])
    assert rates(layer) == [0, 0, 0, 2, 3]


def test_other_layers_stay():
    assert rates(LayerParameter(type="Scale", param=[{"lr_mult": n} for n in (1, 2, 3)])) == [1, 2, 3]
    assert rates(LayerParameter(type="BatchNorm", param=[{"lr_mult": n} for n in (1, 2, 0, 0)])) == [1, 2, 0, 0]


def test_the_size_of_parts_with_statistics_of_their_own_is_given_to_all_layers():
    net = NetParameter(bn_stats_batch_size=5, layer=[LayerParameter(type=kind) for kind in ("BatchNorm", "ReLU", "BatchNorm")])
    upgraded, _ = share_batch_size(net, Where())
    assert [layer.batch_norm_param.stats_batch_size for layer in upgraded.layer] == [5, 0, 5]
    assert not upgraded.HasField("bn_stats_batch_size") and not upgraded.layer[1].HasField("batch_norm_param")
