"""Every field of the schema is read where its message is, or stands in the list of fields without effect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor

from netdef.schema.descriptors import descriptor_of
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.schema.without_effect import WITHOUT_EFFECT

ROOT = Path(__file__).parents[3]
# Modules that pass fields on by name, whatever they are for.
_PASSED_ON = ("netdef/schema/", "netdef/pycaffe/", "dsd/pycaffe/", "netdef/builder/", "netdef/convert/", "dsd/drawing/",
              "netdef/text/")
_READERS = ("netdef/schema/blobs.py",)
_EVERYWHERE = {"NetParameter", "SolverParameter", "LayerParameter", "V1LayerParameter", "V0LayerParameter"}


class _Module:
    """The names that a module speaks of (attributes, keywords, words of strings), and the modules that it imports."""

    def __init__(self, path: Path):
        self.words: set[str] = set()
        self.imports: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            self.words.update(_words(node))
            if isinstance(node, ast.ImportFrom) and node.module:
                self.imports |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}


def _words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.keyword) and node.arg:
        yield node.arg
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from node.value.translate(str.maketrans(",`.:(){}", " " * 8)).split()


@cache
def modules() -> dict[str, _Module]:
    """{module: what it speaks of} of the modules that give fields a meaning."""
    found = {}
    for path in sorted([*ROOT.glob("netdef/**/*.py"), *ROOT.glob("dsd/**/*.py")]):
        name = path.relative_to(ROOT).as_posix()
        if name in _READERS or not name.startswith(_PASSED_ON):
            found[name.removesuffix(".py").replace("/", ".")] = _Module(path)
    return found


def read_with(message_field: str | None) -> set[str]:
    """The words of the modules that speak of a message's field, and of those that they import; of all for None."""
    known = modules()
    if message_field is None:
        return set().union(*(module.words for module in known.values()))
    homes = {name for name, module in known.items() if message_field in module.words}
    homes |= {imported for name in homes for imported in known[name].imports if imported in known}
    return set().union(*(known[name].words for name in homes))


def fields() -> Iterator[tuple[str, str, set[str]]]:
    """(message, field, words of the modules that read the message) for every field that a net or a solver can have."""
    todo: list[tuple[Descriptor, str | None]] = [(descriptor_of(m), None) for m in (NetParameter, SolverParameter)]
    seen: dict[str, Descriptor] = {}
    ways: dict[str, set[str]] = {}
    while todo:
        descriptor, way = todo.pop()
        ways.setdefault(descriptor.name, set()).update([way] if way else [])
        if descriptor.name not in seen:
            seen[descriptor.name] = descriptor
            todo += [(field.message_type, field.name) for field in descriptor.fields if field.message_type]
    for name, descriptor in seen.items():
        everywhere = name in _EVERYWHERE
        words = read_with(None) if everywhere else set().union(*(read_with(way) for way in ways[name]))
        yield from ((name, field.name, words) for field in descriptor.fields)


def test_every_field_is_read_or_stands_in_the_list():
    found = list(fields())
    assert len(found) > 1000
    # A pair of limits is read by the name that its fields share.
    silent = [f"{message}.{field}" for message, field, words in found
              if field not in words and re.sub("^(min|max)_", "", field) not in words]
    assert sorted(set(silent) - set(WITHOUT_EFFECT)) == []


def test_the_list_has_fields_of_the_schema_and_a_reason_each():
    known = {f"{message}.{field}" for message, field, _ in fields()}
    assert [field for field in WITHOUT_EFFECT if field not in known] == []
    assert all(WITHOUT_EFFECT.values())


def test_the_list_has_all_fields_that_the_manual_says_have_no_effect():
    message, said = "", set()
    for line in (ROOT / "netdef/schema/netdef.proto").read_text().splitlines():
        if begins := re.match(r"message (\w+)", line):
            message = begins[1]
        field = re.match(r"  (?:optional|repeated) \S+ (\w+) = [^/]*//(.*)", line)
        if field and re.search(r"[Hh]as no effect|^ Not read(?:[.:;]|$)", field[2]):
            said.add(f"{message}.{field[1]}")
    assert len(said) > 20 and said <= set(WITHOUT_EFFECT)


@pytest.mark.parametrize("message_field, word, is_read", [
    ("tile_param", "tiles", True), ("tile_param", "num_output", False), ("crop_param", "offset", True)])
def test_a_field_is_looked_for_where_its_message_is_read(message_field: str, word: str, is_read: bool):
    assert (word in read_with(message_field)) == is_read
