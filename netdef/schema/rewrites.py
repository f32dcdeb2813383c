"""Rewrite fields of `netdef.schema.history` that have another form today, in the tree of a text; places are kept."""

from __future__ import annotations

from netdef.schema.layer_rewrites import LAYERS
from netdef.schema.parameter_rewrites import PARAMETERS
from netdef.text.tree import Block

_REWRITERS = {**LAYERS, **PARAMETERS}


def with_current_fields(message: str, block: Block) -> Block:
    """The block of a message of this name with current fields in place of rewritten ones; places are kept."""
    known = _REWRITERS.get(message)
    if known is None or known.names.isdisjoint(field.name for field in block.fields):
        return block
    return Block(tuple(known.rewrite(block.fields)), block.span)
