"""Messages of texts, against protobuf's own text parser. Errors: ../definition/test_complaints.py."""

import re
import warnings

import pytest
from google.protobuf import text_format
from oracle import shared

from netdef.errors import Problems, SpecError
from netdef.schema import messages
from netdef.schema.history import ROWS
from netdef.schema.lower import lower
from netdef.source import Source
from netdef.text.load import load_source
from netdef.text.parse import parse


def read(text, message_class=messages.LayerParameter):
    problems = Problems()
    message, _ = lower(parse(Source("t", text)), message_class, problems)
    return message, [p.message for p in problems]


def test_all_mistakes_are_collected_and_the_other_fields_are_set():
    message, problems = read("nam: 'x' type: T top: 'y' relu_param { negative_slope: steep } phase: TRAIN")
    assert len(problems) == 3
    assert message == messages.LayerParameter(top=["y"], phase="TRAIN", relu_param={})


def published():
    """(path, message class) of the smaller published files, and of some large ones."""
    for i, line in enumerate(shared("corpus/MANIFEST.tsv").read_text().splitlines()[1:]):
        name, _, _, what = line.split("\t")
        path = shared("corpus") / name
        if name.endswith((".prototxt", ".pt")) and path.stat().st_size < (60_000 if i % 20 == 0 else 5_000):
            yield path, messages.SolverParameter if "solver" in what else messages.NetParameter


def has_old_name(complaint):
    """Whether protobuf stopped at a field that had another name once; those are read without a word."""
    field = re.search(r'"netdef\.(\w+)" has no field named "(\w+)"', complaint)
    return field is not None and any(".".join(field.groups()) in row.fields.split() for row in ROWS)


@pytest.mark.slow
def test_equals_protobuf_on_published_files():
    """Every file that protobuf accepts gives the same message; what it refuses is refused or ignored with a warning."""
    accepted = 0
    for path, message_class in published():
        source, problems = load_source(path), Problems()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                message, _ = lower(parse(source), message_class, problems)
            except SpecError as error:
                problems = error.problems
        try:
            expected = text_format.Parse(source.text, message_class())
        except text_format.ParseError as error:
            assert problems or warned or has_old_name(str(error)), path
        else:
            assert not problems and not warned, path
            assert message.SerializeToString(deterministic=True) == expected.SerializeToString(deterministic=True), path
            accepted += 1
    assert accepted > 200


def test_places_of_fields():
    text = "name: 'a' param { lr_mult: 1 } param { decay_mult: 2 }"
    _, where = lower(parse(Source("t", text)), messages.LayerParameter, Problems())
    assert where.at("param", 1, "decay_mult").text == "decay_mult: 2"
    assert where.name_span("name").text == "name" and not where.has("top")
