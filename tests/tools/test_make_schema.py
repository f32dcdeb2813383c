"""The shipped schema files are those that the tool makes."""

import ast
import keyword
import runpy
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

import netdef.schema
from netdef.schema import messages

TOOL = Path(__file__).parents[2] / "tools" / "make_schema.py"
SCHEMA = Path(netdef.schema.__file__).parent


def all_messages():
    return messages.DESCRIPTOR.message_types_by_name.values()


def test_the_shipped_descriptor_is_the_proto(tmp_path):
    pytest.importorskip("grpc_tools", reason="needs grpcio-tools (the dev extra)")
    runpy.run_path(str(TOOL))["build"](tmp_path)
    built, shipped = (
        descriptor_pb2.FileDescriptorSet.FromString((folder / "netdef.binpb").read_bytes())
        for folder in (tmp_path, SCHEMA)
    )
    assert built == shipped


def test_the_stub_names_everything():
    """Read from the tree, not compared as text: protoc's wording changes between its versions."""
    classes = {node.name: node for node in stub().body if isinstance(node, ast.ClassDef)}
    assert set(classes) == {m.name for m in all_messages()} | set(messages.DESCRIPTOR.enum_types_by_name)
    for message in all_messages():
        annotated = {
            node.target.id: ast.unparse(node.annotation)
            for node in classes[message.name].body
            if isinstance(node, ast.AnnAssign)
        }
        for field in message.fields:
            if keyword.iskeyword(field.name):  # `lambda` cannot be written as an attribute; getattr reads it
                continue
            kind = annotated.pop(field.name)
            assert ("Repeated" in kind) == field.is_repeated, field.full_name
            if field.message_type:
                assert field.message_type.name in kind
        assert not {name for name in annotated if name.islower()}, message.name


def stub():
    return ast.parse((SCHEMA / "messages.pyi").read_text())
