"""Put modules in the places of a net's IMPORT layers, as a pull request to BVLC/caffe of 2014 does (cypof)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from netdef.definition.definitions import find_file
from netdef.errors import Absent, Problem, SpecError
from netdef.source import Source, Span
from netdef.text.load import load_source
from netdef.text.parse import parse
from netdef.text.tree import Block, Field, Identifier, String

_NAMES = ("name", "bottom", "top")


def expand_imports(block: Block, base_dir: Path) -> Block:
    """The text of a net with the `layers` of a module for each of its own of type IMPORT.

    The module is the file ``import_param { net: ... }``, in whose text ``${NAME}`` is replaced by the value of ``var`` NAME. Its
    layers and blobs get names with that of the IMPORT layer and a slash before their own. Those that begin with `/` are of the
    whole net, those that begin with `../` of the text around. Raises `SpecError` with a place.
    """
    if not any(map(_is_import, block.fields)):
        return block
    return Block(tuple(_expanded(block, "", base_dir, ())), block.span)


def resolve_name(name: str, folder: str) -> str:
    """The name in the whole net of a layer or a blob that a module in ``folder`` calls ``name``."""
    if name.startswith("/"):
        return name[1:]
    while name.startswith("../"):
        name, folder = name[3:], folder.rpartition("/")[0]
    if not folder or name in ("", "."):
        return folder or name
    return f"{folder}/{name}"


def _expanded(block: Block, folder: str, base_dir: Path, within: tuple[Path, ...]) -> Iterator[Field]:
    for field in block.fields:
        if _is_import(field) and isinstance(field.value, Block):
            yield from _module(field.value, folder, base_dir, within)
        elif field.name == "layers" and isinstance(field.value, Block):
            named = tuple(_with_folder(part, folder) for part in field.value.fields)
            yield replace(field, value=Block(named, field.value.span))
        elif not within:
            yield field
        elif field.name != "name":
            raise _error(f"a module has `layers`, and no `{field.name}`", field.name_span)


def _module(layer: Block, folder: str, base_dir: Path, within: tuple[Path, ...]) -> Iterator[Field]:
    """The layers of the module of an IMPORT layer."""
    for part in layer.fields:
        if part.name not in ("name", "type", "import_param"):
            raise _error(f"an IMPORT layer has `name`, `type` and `import_param`, and no `{part.name}`", part.name_span)
    param = next((part.value for part in layer.fields if part.name == "import_param" and isinstance(part.value, Block)), None)
    if param is None:
        raise _error("an IMPORT layer needs an `import_param { net: ... }`", layer.span)
    net = _text_of(param, "net")
    path = find_file(net, base_dir)
    if isinstance(path, str):
        raise SpecError([Absent(f"layer `{_text_of(layer, 'name')}` (IMPORT) {path}", param.span)])
    if path.resolve() in within:
        raise _error(f"the module `{net}` imports itself", param.span)
    text = load_source(path).text
    for var in param.fields:
        if var.name == "var" and isinstance(var.value, Block):
            text = text.replace(f"${{{_text_of(var.value, 'name')}}}", _text_of(var.value, "value"))
    inside = resolve_name(_text_of(layer, "name"), folder)
    yield from _expanded(parse(Source(str(path), text)), inside, path.parent, (*within, path.resolve()))


def _is_import(field: Field) -> bool:
    inside = field.value.fields if field.name == "layers" and isinstance(field.value, Block) else ()
    return any(part.name == "type" and isinstance(part.value, Identifier) and part.value.value == "IMPORT" for part in inside)


def _with_folder(field: Field, folder: str) -> Field:
    if field.name not in _NAMES or not isinstance(field.value, String):
        return field
    name = resolve_name(field.value.value.decode(errors="replace"), folder)
    return replace(field, value=String(name.encode(), field.value.span))


def _text_of(block: Block, name: str) -> str:
    """The string that a block has in the field ``name``, which must be there and not empty."""
    found = next((field.value for field in block.fields if field.name == name), None)
    if not isinstance(found, String) or not found.value:
        raise _error(f"a string `{name}` is wanted in this part of an IMPORT layer", block.span)
    return found.value.decode(errors="replace")


def _error(message: str, span: Span) -> SpecError:
    return SpecError([Problem(message, span)])
