"""Places of fields, beside the message."""

import pytest

from netdef.errors import Problems
from netdef.schema.lower import lower
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where
from netdef.source import Source
from netdef.text.parse import parse

TEXT = """name: "n"
layer { name: "a" bottom: "x" bottom: "y" }
layer {
  name: "b"
  convolution_param { kernel_size: [3, 5] pad: 1 }
}
"""


@pytest.fixture(scope="module")
def where():
    problems = Problems()
    _, where = lower(parse(Source("t", TEXT)), NetParameter, problems)
    assert not problems
    return where


@pytest.mark.parametrize(
    "path, text",
    [
        (("name",), 'name: "n"'),
        (("layer", 0, "name"), 'name: "a"'),
        (("layer", 0, "bottom", 1), 'bottom: "y"'),
        (("layer", 0, "bottom"), 'bottom: "x" bottom: "y"'),
        (("layer", 0), 'layer { name: "a" bottom: "x" bottom: "y" }'),
        (("layer", 1, "convolution_param", "kernel_size", 1), "5"),
        (("layer", 1, "convolution_param", "pad"), "pad: 1"),
        # the nearest that the text has
        (("layer", 0, "top", 0), 'layer { name: "a" bottom: "x" bottom: "y" }'),
        (("layer", 0, "bottom", 2), 'layer { name: "a" bottom: "x" bottom: "y" }'),
        (("layer", 1, "convolution_param", "weight_filler", "std"), "convolution_param { kernel_size: [3, 5] pad: 1 }"),
        (("layer", 7, "name"), TEXT.strip()),
        ((), TEXT.strip()),
    ],
)
def test_the_place_of_a_path(where, path, text):
    assert where.at(*path).text == text


def test_the_place_of_a_name(where):
    assert where.name_span("layer", 0, "bottom", 1).text == "bottom"
    assert str(where.name_span("layer", 1, "convolution_param", "pad")) == "t:5:43"
    assert where.name_span("layer", 1, "convolution_param", "group").text == "convolution_param"


def test_a_child_has_the_places_of_its_fields(where):
    assert where.child("layer", 1).at("convolution_param", "pad").text == "pad: 1"
    missing = where.child("layer", 0, "pooling_param")
    assert missing.at("pool").text == 'layer { name: "a" bottom: "x" bottom: "y" }'
    assert not missing.has("pool")


def test_a_message_without_a_text_has_no_places():
    assert Where().at("layer", 0) is None
    assert Where().child("layer", 0).at("name") is None


def test_a_field_that_a_program_added_has_the_nearest_place(where):
    added = where.replace(layer=[Where(fields={"name": [Where()]}), where.child("layer", 0)])
    assert added.at("layer", 0, "name").text == TEXT.strip()
    assert added.at("layer", 1, "name").text == 'name: "a"'
    assert where.at("layer", 0, "name").text == 'name: "a"'  # the old one is as it was


def test_replacing_by_an_empty_list_removes_a_field(where):
    assert where.has("layer")
    assert not where.replace(layer=[]).has("layer")
