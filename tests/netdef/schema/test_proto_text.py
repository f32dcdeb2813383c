"""Declarations of fields in the language of proto2."""

from __future__ import annotations

import pytest

from netdef.schema.messages import FillerParameter
from netdef.schema.proto_text import declared_fields


def test_messages_enums_defaults_and_comments():
    fields = declared_fields("""
        // Message that stores ...
        message ZigzagParameter {
          enum Way { UP = 0; DOWN = 7; }
          optional uint32 size = 1 [default = 3];  // of the turn
          repeated float scale = 2 [packed = true];
          optional Way way = 4 [default = DOWN]; /* down
             and up */
          optional string words = 6 [default = "a; b"];
        }
        optional ZigzagParameter zigzag_param = 138;
        optional double alpha = 150 [ default = -1.5 ];
    """)()
    param = fields.zigzag_param
    assert (param.size, list(param.scale), param.way, param.words, fields.alpha) == (3, [], 7, "a; b", -1.5)
    assert fields.DESCRIPTOR.fields_by_name["zigzag_param"].number == 138


def test_types_of_the_schema():
    fields = declared_fields("optional FillerParameter weight_filler = 5;")()
    assert fields.weight_filler.DESCRIPTOR is FillerParameter.DESCRIPTOR


@pytest.mark.parametrize(("text", "said"), [
    ("optional Foo x = 1;", "cannot be used: .*Foo"),
    ("optional int32 x = 1", "found `the end` after field `x`, wanted `;`"),
    ("optional int32 x 1;", "found `1`, wanted `=`"),
    ("class X {", "`class` begins no declaration"),
    ("message A { optional int32 x = 1;", "`the end` begins no declaration"),
    ("optional int32 x = 1; optional int32 y = 1;", "cannot be used"),
    ("optional int32 x = 1; %", "`%` is part of no declaration"),
])
def test_texts_that_are_no_declarations(text, said):
    with pytest.raises(ValueError, match=said):
        declared_fields(text)
