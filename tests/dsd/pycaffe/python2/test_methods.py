"""Methods and attributes that objects had in Python 2."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from array import array
from pathlib import Path

import h5py
import numpy as np
import pytest

from dsd.pycaffe.python2 import methods


@pytest.mark.parametrize("text", ["abc", b"abc"])
def test_codecs_of_bytes(text):
    assert methods.encode(text, "hex") == "616263" and methods.decode("616263", "hex") == b"abc"
    assert methods.encode(text, "base64") == "YWJj\n" and methods.decode("YWJj", encoding="base64") == b"abc"
    assert methods.decode(methods.encode(text, "zlib"), "zlib") == b"abc"


def test_text_of_utf8_stays_as_it_is():
    assert methods.decode("é", "utf-8") == "é" == methods.encode("é", "utf-8") and methods.decode("a") == "a"
    assert methods.decode("é".encode(), "utf-8") == "é" and methods.encode(b"\xff", "utf-8") == b"\xff"


def test_other_encodings_and_what_is_done_about_errors():
    assert methods.encode("né", "ascii", "ignore") == "n" and methods.decode("\udce9", "latin-1") == "é"
    assert methods.decode(r"a\tb", "string_escape") == "a\tb" and methods.encode("é", "unicode_escape") == r"\xe9"
    with pytest.raises(UnicodeEncodeError):
        methods.encode("né", "ascii")


def test_methods_of_other_objects_are_called():
    class Other:
        def decode(self, *numbers, skip):
            return numbers, skip

        encode = decode
        message, value = "words", 3

        def hold(self, on):
            return on

    assert methods.decode(Other(), 1, 2, skip=True) == methods.encode(Other(), 1, 2, skip=True) == ((1, 2), True)
    assert methods.message(Other()) == "words" and methods.value(Other()) == 3 and methods.hold(Other(), 5) == 5


def test_translating_with_characters_to_delete():
    assert methods.translate("a-b.c", None, "-.") == "abc" and methods.translate("a-b", {97: "x"}, "-") == "xb"
    assert methods.translate("ab", {97: "x"}) == "xb" and methods.translate(b"a-b", None, b"-") == b"ab"


def test_arrays_have_bytes():
    assert methods.tostring(np.array([1, 2], np.uint8)) == b"\1\2" == methods.tostring(array("B", [1, 2]))
    assert methods.tostring(ElementTree, ElementTree.fromstring("<a/>")) == b"<a />"


@pytest.mark.parametrize("named", [{}, {"text": True}])
def test_processes_take_and_give_text(named):
    command, pipe = [sys.executable, "-c", "print(input() * 2)"], subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, **named)
    output, errors = methods.communicate(process, "ab")
    assert output.split() == ["abab"] and errors is None


def test_elements_of_xml():
    tree = ElementTree.fromstring("<a><b/><c><b/></c></a>")
    assert [each.tag for each in methods.getchildren(tree)] == ["b", "c"]
    assert len(list(methods.getiterator(tree, "b"))) == 2


def test_pyplot_needs_no_hold():
    assert methods.hold(object(), True) is None


@pytest.mark.parametrize(("arguments", "wanted"), [(("words",), "words"), ((), ""), ((2, "two"), "")])
def test_the_message_of_an_exception_is_its_only_argument(arguments, wanted):
    assert methods.message(ValueError(*arguments)) == wanted


def test_the_value_of_a_data_set(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = [1, 2]
        assert methods.value(file["x"]).tolist() == [1, 2]
    with pytest.raises(AttributeError, match="value"):
        methods.value(object())
