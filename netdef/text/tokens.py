"""Regular expressions of the text format: its tokens, and what errors look for in a text.

Every token of the grammar includes the blanks and comments after it, as in parsing expression grammars.
"""

from __future__ import annotations

import re

# A comment ends with its line: if it could also end before, a row of hashes would match in exponentially many ways.
GAP = r"\s*(?:\#[^\n]*(?:\n|\Z)\s*)*"
NAME = r"[A-Za-z_]\w*"
_STRING = r"""(?:"[^"\n\\]*(?:\\.[^"\n\\]*)*"|'[^'\n\\]*(?:\\.[^'\n\\]*)*')"""
# Any run that begins as a number is one token: an error in `1.2.3` is reported where its field's type is known.
_NUMBER = rf"[-+]?\s*\.?\d[\w.+-]*|-\s*{NAME}"
# An identifier before `:` or `{` is the next field: the value before it is missing.
SCALAR = rf"(?P<string>{_STRING}(?:{GAP}{_STRING})*)|(?P<number>{_NUMBER})|(?P<identifier>{NAME})\b(?!{GAP}[:{{<])"

BLANKS = re.compile(GAP)
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

_CLOSING = rf"(?P<closing>[}}>\]])(?:{GAP}(?P<comma>[,;]))?"
# `(?![\s#])`: no shorter gap may be tried, or blanks before a mistake take quadratic time.
_FIELD = rf"(?P<name>{NAME}){GAP}(?::{GAP}(?![\s#])(?:{SCALAR}){GAP}[,;]?|(?::{GAP})?(?P<brace>[{{<]))"
# Nearly all statements, each in one token: a field with its scalar or the brace of its block, or the end of a block.
USUAL = re.compile(f"(?:{_FIELD}|{_CLOSING}){GAP}")
