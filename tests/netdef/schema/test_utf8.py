"""Strings that are not UTF-8 are found anywhere in a message."""

from __future__ import annotations

import pytest

from netdef.errors import NetdefError
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.schema.utf8 import check_texts

LAYER = LayerParameter(
    name="l\u00e4", bottom=["a", "b"], blobs=[{"data": [1.0]}], inner_product_param={"weight_filler": {"type": "xavier"}})


@pytest.mark.parametrize("text", ["l\u00e4", "b", "xavier"])
def test_bad_strings_in_fields_lists_and_inner_messages_are_found(text):
    data = NetParameter(layer=[LAYER]).SerializeToString()
    check_texts(NetParameter.FromString(data))
    broken = text.encode()[:-1] + b"\xff"
    with pytest.raises(NetdefError, match="is not UTF-8"):
        check_texts(NetParameter.FromString(data.replace(text.encode(), broken, 1)))
