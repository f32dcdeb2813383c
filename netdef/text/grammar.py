"""The grammar of the text format in pyparsing, one statement at a time.

A statement is ``name: value``, the beginning of a block or of a list of blocks, or the end of one. The parser keeps
the nesting on a stack of its own, so deep nesting needs no recursion. Every token includes the blanks and comments
after it, as in parsing expression grammars: pyparsing's own skipping of blanks takes twice the time. Tokens are match
objects, which have their places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pyparsing as pp

Action = Callable[[Sequence[re.Match[str]]], None]

# A comment ends with its line: if it could also end before, a row of hashes would match in exponentially many ways.
GAP = r"\s*(?:\#[^\n]*(?:\n|\Z)\s*)*"
NAME = r"[A-Za-z_]\w*"
_STRING = r"""(?:"[^"\n\\]*(?:\\.[^"\n\\]*)*"|'[^'\n\\]*(?:\\.[^'\n\\]*)*')"""
# Any run that begins as a number is one token: an error in `1.2.3` is reported where its field's type is known.
_NUMBER = rf"[-+]?\s*\.?\d[\w.+-]*|-\s*{NAME}"
# An identifier before `:` or `{` is the next field: the value before it is missing.
_SCALAR = rf"(?P<string>{_STRING}(?:{GAP}{_STRING})*)|(?P<number>{_NUMBER})|(?P<identifier>{NAME})\b(?!{GAP}[:{{<])"

STRING = re.compile(_STRING)
# What to skip after a mistake, and where reading continues: at a field with its `:` or `{`, or at a closing brace.
RESUME = re.compile(rf"{_STRING}|\#.*|(?P<resume>{NAME}{GAP}[:{{<]|[}}\]>])")
# The field whose value is missing, directly before the place of a mistake.
BEFORE = re.compile(rf"\b(?P<name>{NAME}){GAP}(?P<colon>:?){GAP}\Z")
# Any word or comment, to find the last word; and the words that errors quote.
ANY_WORD = re.compile(rf"{_STRING}|(?P<comment>\#.*)|\S+?")
WORD = re.compile(rf"{_STRING}|[\"'].*|[^\s{{}}<>\[\],;:\"'#]+|\[[\w./]*\]\s*:?|.")
# What errors in a list say is wanted.
LIST_WANTS = ("`,` or `]`", "one more value", "a value or `]`")


def _token(pattern: str, name: str) -> pp.ParserElement:
    return pp.Regex(f"(?:{pattern}){GAP}", as_match=True).leave_whitespace().set_name(name)


def document(field: Action, element: Action, closing: Action) -> pp.ParserElement:
    """A grammar of whole texts that passes every statement to an action, as a list of match objects.

    ``field`` gets the name, in group ``name``, then what follows it, told apart by ``lastgroup``: a ``string``, ``number``
    or ``identifier``; the ``brace`` that begins a block; ``blocks``, a bracket before blocks; or ``list``, a bracket, and
    then its scalars. One match has both name and value where the value is a scalar or a brace. ``element`` gets the
    brace of a block in a list. ``closing`` gets one match of the closing brace or bracket, in group ``closing``, and of
    the comma behind it, in group ``comma``, if there is one.
    Where the text breaks the grammar, pyparsing's exception has the place, and "Expected ..." as its message.
    """
    name = _token(f"(?P<name>{NAME})", "a field name")
    brace = _token(r"(?P<brace>[{<])", "`{`")
    scalar = _token(_SCALAR, "a value")
    blocks = _token(rf"(?P<blocks>\[)(?={GAP}[{{<])", "`[`")
    list_end = _token(r"\]", LIST_WANTS[0]).suppress()
    items = scalar + (_token(",", LIST_WANTS[0]).suppress() - _token(_SCALAR, LIST_WANTS[1]))[...] - list_end
    scalars = _token(r"(?P<list>\[)", "`[`") - (list_end | items).set_name(LIST_WANTS[2])
    separator = pp.Opt(_token("[,;]", "a separator").suppress())

    value = (scalar | brace | blocks | scalars).set_name("a value")
    rest = (_token(":", "`:`").suppress() - value | brace | blocks).set_name("`:` or `{`")
    # Nearly all statements, in one token; pyparsing takes five for the next one, which also finds the mistakes.
    # `(?![\s#])`: no shorter gap may be tried, or blanks before a mistake take quadratic time.
    usual = _token(
        rf"(?P<name>{NAME}){GAP}(?::{GAP}(?![\s#])(?:{_SCALAR}){GAP}[,;]?|(?::{GAP})?(?P<brace>[{{<]))"
        rf"|(?P<closing>[}}>\]])(?:{GAP}(?P<comma>[,;]))?", "a field")
    statements: list[tuple[pp.ParserElement, Action]] = [
        (usual, lambda tokens: (closing if tokens[0]["closing"] else field)(tokens)),
        (name - rest + separator, field),
        (brace.copy(), element),
    ]
    for expression, action in statements:
        # Returning no tokens keeps pyparsing from piling up those of the whole text.
        expression.add_parse_action(lambda text, place, tokens, action=action: action(tokens) or [])
    # Usual statements in runs: a choice between all kinds for each takes longer.
    kinds = [usual[1, ...], *(expression for expression, _ in statements[1:])]
    # Told of the end: without it the choice fails there, with an exception that keeps all callers until it is collected.
    grammar = pp.Regex(GAP).leave_whitespace().suppress() + pp.MatchFirst(kinds)[... : pp.StringEnd()]
    return grammar.parse_with_tabs()  # else columns after a tab are wrong
