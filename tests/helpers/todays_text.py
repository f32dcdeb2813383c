"""A text in today's words: as it is read, written again in one line."""

from __future__ import annotations

from netdef.errors import Problems
from netdef.schema import messages
from netdef.schema.lower import lower
from netdef.source import Source
from netdef.text.parse import parse
from netdef.text.write import message_text


def today(text, kind=messages.NetParameter):
    """A text in today's words, as it was lowered, in one line; complaints fail."""
    problems = Problems()
    message, _ = lower(parse(Source("t", text)), kind, problems)
    assert not problems
    return " ".join(message_text(message).split())
