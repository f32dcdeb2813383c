"""Write the BNConv of GuanshuoXu's fork for steganalysis as BN, with running statistics as CTPN's."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import LayerParameter


def upgrade_bn_conv(net: NetDefinition) -> NetDefinition:
    """The net with BN for each BNConv without ``fix``, which is not implemented: it learns by the running statistics."""
    found = [layer for layer in net.layers if layer.type == "BNConv" and not layer.message.bn_conv_param.fix]
    return net.with_changed(found, _rewrite) if found else net


def _rewrite(message: LayerParameter) -> None:
    message.type = "BN"
    message.bn_param.moving_average = True
    message.bn_param.decay = message.bn_conv_param.decay
    message.ClearField("bn_conv_param")
