"""Weight files with a field of a fork."""

from __future__ import annotations

from pathlib import Path

from netdef.schema.messages import NetParameter
from netdef.weights import wire_format


def write_layer(kind: str, number: int, value: bytes, rest: bytes = b"", of_net: bytes = b"") -> None:
    """A weight file of an Input and a layer `l` of this type, with a field of this number that holds these bytes."""
    texts = (b"\x0a", b"l"), (b"\x12", kind.encode()), (b"\x1a", b"data"), (b"\x22", b"t")
    layer = b"".join(tag + bytes([len(text)]) + text for tag, text in texts)
    layer += wire_format.header(number, len(value)) + value + rest
    net = NetParameter(layer=[{"name": "data", "type": "Input", "top": ["data"],
                               "input_param": {"shape": [{"dim": [1, 2, 3, 4]}]}}]).SerializeToString()
    Path("n.caffemodel").write_bytes(net + of_net + b"\xa2\x06" + bytes([len(layer)]) + layer)
