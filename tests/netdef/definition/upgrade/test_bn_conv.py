"""BNConv of GuanshuoXu's fork."""

from __future__ import annotations

import pytest

from netdef.definition.read import read_net_text


def test_bnconv_is_bn_with_running_statistics_by_its_decay():
    bn, *others = read_net_text('layer { type: "BNConv" name: "a" bn_conv_param { decay: 0.3 } } '
                                'layer { type: "BNConv" name: "b" } '
                                'layer { type: "BNConv" name: "c" bn_conv_param { fix: true } }').layers
    assert bn.message.bn_param.moving_average and bn.message.bn_param.decay == pytest.approx(0.3)
    assert others[0].message.bn_param.decay == pytest.approx(0.95) and not bn.message.HasField("bn_conv_param")
    assert others[1].type == "BNConv"
