"""Numbers of forks' fields. In files: `test_fork_fields`."""

from __future__ import annotations

from netdef.schema.fork_numbers import fork_field, is_foreign


def test_a_field_of_surgery_has_no_effect():
    found = fork_field("CConvolution", 140)
    assert found is not None and found.field is None


def test_a_number_that_no_fork_is_known_to_use_has_no_field():
    assert fork_field("Convolution", 140) is None


def test_a_number_of_bvlcs_is_foreign_in_layers_that_do_not_read_it():
    assert not is_foreign("ELU", 140) and is_foreign("Convolution", 140)
    assert not is_foreign("LSTM", 146) and not is_foreign("RNN", 146) and is_foreign("Convolution", 146)
