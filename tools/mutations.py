"""Damage texts by token and files by byte, at random, for `fuzz.py`."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

_TOKEN = re.compile(r'"[^"\n]*"|[\w.+-]+|[^\s\w]|\s+')
_STRANGE = ("0", "-1", "1", "2147483648", "4294967295", "1e39", "-1e-45", "nan", "inf", "0x7f", "017", "1.5.2", "true",
            '""', '"\\377"', "'x", "{", "}", "<", ">", "[", "]", ":", ",", "#", "MAX", "layer", "layers", "include")


def tokens_of(texts: Iterable[str]) -> list[str]:
    """All tokens of some texts, sorted, without blanks."""
    return sorted({token for text in texts for token in _TOKEN.findall(text) if not token.isspace()})


def damaged_text(text: str, pool: list[str], rng: random.Random) -> str:
    """A text with one to four changes of tokens, mostly one; ``pool`` are tokens of all texts."""
    tokens = _TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(tokens)) if tokens else 0
        how = rng.randrange(7)
        if how == 0:
            del tokens[at : at + rng.choice((1, 1, 1, 2, 9))]
        elif how == 1:
            tokens[at:at] = tokens[at : at + rng.choice((1, 2, 7, 30))]
        elif how == 2 and tokens:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif how == 3:
            tokens[at : at + 1] = [rng.choice(pool)]
        elif how == 4:
            tokens[at : at + 1] = [rng.choice(_STRANGE)]
        elif how == 5:
            tokens.insert(at, rng.choice((*_STRANGE, *rng.sample(pool, 4))))
        elif rng.random() < 0.2:
            del tokens[at:]
    return "".join(tokens)


def damaged_bytes(data: bytes, rng: random.Random) -> bytes:
    """Data with one to six changes."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(found) + 1)
        how = rng.randrange(6)
        if how == 0 and at < len(found):
            found[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        elif how == 1 and at < len(found):
            found[at] ^= 1 << rng.randrange(8)
        elif how == 2:
            found[at : at + 8] = rng.choice((b"\xff" * 8, bytes(8), rng.randbytes(8), b"\x80" * 7 + b"\x01"))
        elif how == 3:
            del found[at : at + rng.choice((1, 4, 100))]
        elif how == 4:
            found[at:at] = found[at : at + rng.choice((1, 8, 60))]
        elif rng.random() < 0.3:
            del found[at:]
    return bytes(found)
