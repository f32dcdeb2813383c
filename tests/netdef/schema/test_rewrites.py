"""Every field that the history calls rewritten has a case among the tests of rewrites."""

from __future__ import annotations

import re
from pathlib import Path

from netdef.schema.history import REWRITTEN, ROWS
from netdef.schema.rewrites import with_current_fields
from netdef.source import Source
from netdef.text.parse import parse

FOLDER = Path(__file__).parent


def test_a_block_without_old_fields_is_returned():
    block = parse(Source("t", "kernel_size: 3"))
    assert with_current_fields("ConvolutionParameter", block) is block and with_current_fields("AnyMessage", block) is block


def test_every_rewritten_field_has_a_case():
    files = "test_layer_rewrites.py", "test_parameter_rewrites.py", "../definition/upgrade/test_type_names.py"
    cases = "".join((FOLDER / file).read_text() for file in files)
    rewritten = [field.split(".")[1] for row in ROWS if row.treatment == REWRITTEN for field in row.fields.split()]
    assert [name for name in rewritten if not re.search(rf"\b{name}\b", cases)] == []
