"""The table of fields and values of forks."""

import pytest

import netdef
from netdef.schema import forks, history
from netdef.schema.messages import NetParameter


def test_the_table_names_messages_that_are_there_and_fields_that_are_not():
    messages = NetParameter.DESCRIPTOR.file.message_types_by_name
    enums = {field.name for message in messages.values() for field in message.fields if field.enum_type}
    for entry in forks._TABLE:
        owner, name = entry.split(".")
        assert (owner in messages and name not in messages[owner].fields_by_name) or owner in enums, entry


def test_a_field_has_one_row():
    rows = [field for table in (forks._IGNORED, forks._REFUSED) for *_, fields in table for field in fields.split()]
    rows += [field for row in history.ROWS if row.fate in (history.IGNORED, history.REFUSED) for field in row.fields.split()]
    assert len(rows) == len(set(rows)) == len(forks._TABLE)


def test_a_layer_of_a_fork_is_refused_by_its_fork():
    with pytest.raises(
        netdef.SpecError, match="unknown type `BoxData`: it is of eric612/MobileNet-YOLO and not implemented"
    ):
        netdef.loads('layer { name: "l" type: "BoxData" top: "l" }')
