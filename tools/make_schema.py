"""Rebuild `netdef/schema/netdef.binpb` and `messages.pyi` from `netdef.proto`.

Run by path after every change of the schema: ``python tools/make_schema.py``. Needs grpcio-tools (the ``dev`` extra),
which carries protoc; users need neither.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import resources
from pathlib import Path

SCHEMA = Path(__file__).parent.parent / "netdef" / "schema"
STUB_HEADER = "# Made by tools/make_schema.py from netdef.proto; not edited by hand.\n"


def build(out: Path) -> None:
    """Compile `netdef.proto` into `out`/netdef.binpb, a FileDescriptorSet without comments, and `out`/messages.pyi."""
    from grpc_tools import protoc

    include = resources.files("grpc_tools") / "_proto"
    arguments = [f"-I{SCHEMA}", f"-I{include}", f"--descriptor_set_out={out / 'netdef.binpb'}", f"--pyi_out={out}"]
    if protoc.main(["protoc", *arguments, str(SCHEMA / "netdef.proto")]) != 0:
        sys.exit("protoc refused netdef.proto")
    stub = out / "netdef_pb2.pyi"
    (out / "messages.pyi").write_text(STUB_HEADER + stub.read_text())
    stub.unlink()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        for name in ("netdef.binpb", "messages.pyi"):
            (SCHEMA / name).write_bytes((Path(folder) / name).read_bytes())
