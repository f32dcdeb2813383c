"""The grammar of the text format in pyparsing, one statement at a time.

A statement is ``name: value``, the beginning of a block or of a list of blocks, or the end of one. The parser keeps
the nesting on a stack of its own, so deep nesting needs no recursion. Tokens are match objects, which have their places,
and include the blanks after them: pyparsing's own skipping of blanks takes twice the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pyparsing as pp

from netdef.text.tokens import GAP, LIST_WANTS, NAME, SCALAR, USUAL

Action = Callable[[Sequence[re.Match[str]]], object]


def _token(pattern: str, name: str) -> pp.ParserElement:
    return pp.Regex(f"(?:{pattern}){GAP}", as_match=True).leave_whitespace().set_name(name)


def _passing_on(action: Action) -> Callable[[str, int, pp.ParseResults], list[str]]:
    """A parse action that gives tokens to ``action`` and keeps none: pyparsing would pile up those of the whole text."""
    def give(text: str, place: int, tokens: pp.ParseResults) -> list[str]:
        action(tokens.as_list())
        return []

    return give


def document(usual: Action, field: Action, element: Action) -> pp.ParserElement:
    """A grammar of whole texts that passes statements to actions, as lists of match objects.

    ``usual`` gets one match of a run of statements of `netdef.text.tokens.USUAL`. ``field`` gets any other field: the
    name, in group ``name``, then what follows it, told apart by ``lastgroup``: a ``string``, ``number`` or ``identifier``;
    the ``brace`` that begins a block; ``blocks``, a bracket before blocks; or ``list``, a bracket, and then its scalars.
    ``element`` gets the brace of a block in a list.
    Where the text breaks the grammar, pyparsing's exception has the place, and "Expected ..." as its message.
    """
    name = _token(f"(?P<name>{NAME})", "a field name")
    brace = _token(r"(?P<brace>[{<])", "`{`")
    scalar = _token(SCALAR, "a value")
    blocks = _token(rf"(?P<blocks>\[)(?={GAP}[{{<])", "`[`")
    list_end = _token(r"\]", LIST_WANTS[0]).suppress()
    items = scalar + (_token(",", LIST_WANTS[0]).suppress() - _token(SCALAR, LIST_WANTS[1]))[...] - list_end
    scalars = _token(r"(?P<list>\[)", "`[`") - (list_end | items).set_name(LIST_WANTS[2])
    separator = pp.Opt(_token("[,;]", "a separator").suppress())

    value = (scalar | brace | blocks | scalars).set_name("a value")
    rest = (_token(":", "`:`").suppress() - value | brace | blocks).set_name("`:` or `{`")
    statements = [
        (_token(f"(?:{USUAL.pattern})+", "a closing brace"), usual),
        (name - rest + separator, field),
        (brace.copy(), element),
    ]
    for expression, action in statements:
        expression.add_parse_action(_passing_on(action))
    grammar = pp.Regex(GAP).leave_whitespace().suppress() + pp.MatchFirst([e for e, _ in statements])[...]
    return grammar.parse_with_tabs()  # else columns after a tab are wrong
