"""Rebuild `netdef/schema/netdef.binpb` and `messages.pyi` from `netdef.proto`.

Run after every change of the schema: ``python tools/make_schema.py``. Needs grpcio-tools (the ``dev`` extra), which
contains protoc.
"""

from __future__ import annotations

import re
import sys
import tempfile
from importlib import resources
from pathlib import Path

SCHEMA = Path(__file__).parent.parent / "netdef" / "schema"
STUB_HEADER = "# Made by tools/make_schema.py from netdef.proto; not edited by hand.\n"


def build(out: Path) -> None:
    """Compile `netdef.proto` to ``out``/netdef.binpb, a FileDescriptorSet without comments, and ``out``/messages.pyi."""
    from grpc_tools import protoc

    include = resources.files("grpc_tools") / "_proto"
    arguments = [f"-I{SCHEMA}", f"-I{include}", f"--descriptor_set_out={out / 'netdef.binpb'}", f"--pyi_out={out}"]
    if protoc.main(["protoc", *arguments, str(SCHEMA / "netdef.proto")]) != 0:
        sys.exit("protoc refused netdef.proto")
    stub = out / "netdef_pb2.pyi"
    (out / "messages.pyi").write_text(STUB_HEADER + complete_stub(stub.read_text()))
    stub.unlink()


def complete_stub(stub: str) -> str:
    """The stub that protoc made, with the types that it leaves to others.

    An enum's ``Value`` gives its own type; every message has a descriptor of protobuf's public class; mappings given for
    messages, and fields named as Python's keywords, are typed.
    """
    stub = re.sub(
        r"^( *)class \w+\(int, metaclass=\S+\):\n",
        r"\g<0>\1    @classmethod\n\1    def Value(cls, name: str) -> _Self: ...\n", stub, flags=re.MULTILINE)
    stub = re.sub(
        r"^( *)class \w+\(_message\.Message\):\n", r"\g<0>\1    DESCRIPTOR: _descriptor.Descriptor\n", stub,
        flags=re.MULTILINE)
    stub = stub.replace("\n\nDESCRIPTOR:", "\nfrom typing_extensions import Self as _Self\n\nDESCRIPTOR:", 1)
    stub = re.sub(r"\b_Mapping\]", "_Mapping[str, object]]", stub)
    return stub.replace(", **kwargs)", ", **kwargs: object)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        for name in ("netdef.binpb", "messages.pyi"):
            (SCHEMA / name).write_bytes((Path(folder) / name).read_bytes())
