"""The table of the numbers of forks' fields."""

from __future__ import annotations

from collections import Counter

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401  all types
from netdef.definition.upgrade.type_names import NAMES
from netdef.layers.core.registry import known_types
from netdef.schema.descriptors import descriptor_of
from netdef.schema.fork_rows import ROWS
from netdef.schema.messages import LayerParameter

EACH = [(kind, number, field) for kinds, field, numbers in ROWS for kind in kinds.split() for number in numbers]


def test_a_number_means_one_field_in_a_type():
    assert [key for key, count in Counter((kind, number) for kind, number, _ in EACH).items() if count > 1] == []


def test_types_and_fields_are_ours():
    assert {kind for kind, _, _ in EACH} <= {*known_types(), *NAMES}
    fields = descriptor_of(LayerParameter).fields_by_name
    assert [field for _, _, field in EACH if field not in fields] == []


def test_no_number_is_ours():
    ours = descriptor_of(LayerParameter).fields_by_number
    assert [(kind, number) for kind, number, field in EACH if number in ours and ours[number].name == field] == []
