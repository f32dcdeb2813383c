"""The schema has the fields and numbers of Caffe's, and the compiled one is that of the .proto."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor

import netdef.schema
from netdef.schema import messages

TESTS = Path(__file__).parents[2]
SCHEMA = Path(netdef.schema.__file__).parent
SCALARS = {
    getattr(FieldDescriptor, f"TYPE_{name.upper()}"): name
    for name in ("bool", "bytes", "double", "float", "int32", "int64", "string", "uint32")
}


def relative(descriptor):
    return descriptor.full_name.removeprefix(messages.DESCRIPTOR.package + ".")


def all_messages():
    return messages.DESCRIPTOR.message_types_by_name.values()


def facts():
    with open(TESTS / "golden" / "caffe_schema.tsv") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def ours():
    """Messages that Caffe does not have."""
    theirs = {row["owner"].split(".")[0] for row in facts()}
    assert len(theirs) > 60
    return {message.name for message in all_messages()} - theirs


# SSD's, in files of solver states, which are read and written as SSD does; BVLC left their numbers free.
OF_STATES = {("SolverState", "minimum_loss"), ("SolverState", "iter_last_event")}


def test_fields_are_those_of_caffe():
    expected = {}
    for row in facts():
        if row["kind"] == "field":
            expected[row["owner"], row["name"]] = (
                int(row["number"]), row["label"], row["type"], row["default"], row["flags"]
            )  # fmt: skip
    assert len(expected) > 400
    found, own = {}, ours()
    for message in all_messages():
        for field in message.fields:
            if message.name in own or field.number > 10000 or (message.name, field.name) in OF_STATES:
                continue
            label = "required" if field.is_required else "repeated" if field.is_repeated else "optional"
            named = field.message_type or field.enum_type
            default = expected.get((message.name, field.name), [""] * 4)[3]
            found[message.name, field.name] = (
                field.number,
                label,
                relative(named) if named else SCALARS[field.type],
                default if same_default(field, default) else f"not {default}",
                "packed" if field.is_repeated and field.is_packed else "",
            )
    assert found == expected


def same_default(field, text):
    if not field.has_default_value or not text:
        return not field.has_default_value and not text
    if field.enum_type:
        return field.enum_type.values_by_number[field.default_value].name == text
    if field.type == FieldDescriptor.TYPE_FLOAT:
        return np.float32(field.default_value) == np.float32(text)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return field.default_value == {"true": True, "false": False}[text]
    return str(field.default_value) == text


def test_enums_are_those_of_caffe():
    expected = {}
    for row in facts():
        if row["kind"] == "enum":
            expected.setdefault(row["owner"], {})[row["name"]] = int(row["number"])
    own = ours()
    enums = list(messages.DESCRIPTOR.enum_types_by_name.values())
    enums += [enum for message in all_messages() if message.name not in own for enum in message.enum_types]
    found = {
        relative(enum): {value.name: value.number for value in enum.values if value.number <= 10000} for enum in enums
    }
    assert found == expected


def test_numbers_of_our_own_fields_are_in_no_fork():
    known, own = {(row["owner"], row["name"]) for row in facts()}, ours()
    for message in all_messages():
        for field in message.fields:
            if message.name not in own and (message.name, field.name) not in known | OF_STATES:
                assert field.number > 10000, field.full_name


def test_messages_and_enums_are_attributes():
    layer = messages.LayerParameter(name="ip", pooling_param={"pool": messages.PoolingParameter.AVE})
    assert layer.pooling_param.pool == 1
    assert messages.LossParameter.NormalizationMode.Name(2) == "BATCH_SIZE"
    assert messages.Phase.Value("TEST") == messages.TEST == 1
    assert messages.FillerParameter().variance_norm == messages.FillerParameter.FAN_IN


def test_another_caffe_in_the_default_pool_does_not_clash():
    """What pycaffe's caffe_pb2 does: the same message names in the pool of the process, where a name is taken once."""
    for package in ("caffe", messages.DESCRIPTOR.package):
        file = descriptor_pb2.FileDescriptorProto.FromString(messages.DESCRIPTOR.serialized_pb)
        file.name, file.package = f"{package}.proto", package
        for field in (field for message in file.message_type for field in message.field if field.type_name):
            field.type_name = field.type_name.replace(f".{messages.DESCRIPTOR.package}.", f".{package}.")
        pool = descriptor_pool.Default()
        pool.AddSerializedFile(file.SerializeToString())
        theirs = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.NetParameter"))
        ours = messages.NetParameter(name="n", layer=[{"name": "ip", "blobs": [{"data": [0.5]}]}])
        assert theirs is not messages.NetParameter
        assert theirs.FromString(ours.SerializeToString()).layer[0].blobs[0].data == [0.5]


def test_protobufs_pure_python_implementation():
    """protobuf falls back to pure Python where it has no wheel; the same schema and the same bytes there."""
    code = (
        "import sys, numpy as np\n"
        "from google.protobuf.internal import api_implementation\n"
        "from netdef.schema import blobs\n"
        "assert api_implementation.Type() == 'python'\n"
        "sys.stdout.buffer.write(blobs.from_array(np.arange(6, dtype='f').reshape(2, 3)).SerializeToString())"
    )
    pure = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python", "PYTHONPATH": str(SCHEMA.parents[1])},
        capture_output=True,
        check=True,
    )
    blob = messages.BlobProto.FromString(pure.stdout)
    assert list(blob.data) == [0, 1, 2, 3, 4, 5] and list(blob.shape.dim) == [2, 3]
