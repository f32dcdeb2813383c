"""Numbers of forks' fields. In files: `test_fork_fields`."""

from __future__ import annotations

from netdef.schema.descriptors import descriptor_of
from netdef.schema.fork_numbers import fork_field, is_foreign
from netdef.schema.messages import LayerParameter


def test_a_field_of_surgery_has_no_effect():
    found = fork_field("CConvolution", 140)
    assert found is not None and found.field is None


def test_fields_of_the_first_yolo_have_numbers_of_ours():
    for kind, number, first in (("DetectionLoss", 200, "side"), ("YoloLoss", 146, "grid_side")):
        found = fork_field(kind, number)
        assert found is not None and found.field is not None and found.numbers is not None
        message = descriptor_of(LayerParameter).fields_by_number[found.field].message_type
        assert message.fields_by_number[found.numbers[1, None]].name == first
        assert {message.fields_by_number[found.numbers[n, None]].name for n in range(4, 10)} >= {"object_scale", "sqrt"}


def test_a_number_that_no_fork_is_known_to_use_has_no_field():
    assert fork_field("Convolution", 140) is None


def test_a_number_of_bvlcs_is_foreign_in_layers_that_do_not_read_it():
    assert not is_foreign("ELU", 140) and is_foreign("Convolution", 140)
    assert not is_foreign("LSTM", 146) and not is_foreign("RNN", 146) and is_foreign("Convolution", 146)
