"""String literals of the text format: undo and write their escapes."""

from __future__ import annotations

import re
from collections.abc import Callable

_SIMPLE = dict(zip("abfnrtv\\'\"?", b"\a\b\f\n\r\t\v\\'\"?", strict=True))
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"?])|([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.?))"
)
_PLAIN = {code: chr(code) for code in range(0x20, 0x7F)} | {
    ord("\n"): r"\n", ord("\r"): r"\r", ord("\t"): r"\t", ord('"'): r"\"", ord("\\"): r"\\",
}  # fmt: skip


def unescape(text: str, complain: Callable[[str, int, int], None]) -> bytes:
    """The bytes of a string literal, given what is between its quotes; characters beyond ASCII as UTF-8.

    ``complain(message, start, end)`` is called for each unknown escape, which is left out.
    """
    if "\\" not in text:
        return text.encode()
    parts, done = [], 0
    for match in _ESCAPE.finditer(text):
        parts.append(text[done : match.start()].encode())
        done = match.end()
        simple, octal, hexadecimal, short, long, _ = match.groups()
        if simple:
            parts.append(bytes([_SIMPLE[simple]]))
            continue
        code = int(octal, 8) if octal else int(hexadecimal or short or long or "-1", 16)
        if (octal or hexadecimal) and code < 256:
            parts.append(bytes([code]))
        elif (short or long) and code <= 0x10FFFF and not 0xD800 <= code < 0xE000:
            parts.append(chr(code).encode())
        else:
            complain(f"`{match[0]}` is not an escape of a string; a backslash is written `\\\\`, and paths take `/`",
                     match.start(), match.end())
    return b"".join([*parts, text[done:].encode()])


def quote(value: bytes) -> str:
    """A string literal for the bytes: printable ASCII and UTF-8 unchanged, everything else escaped."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = None
    # U+FFFD is refused when it is read back, as a sign of another encoding.
    if text is not None and all(c in _PLAIN or (c >= 0xA0 and c != 0xFFFD) for c in map(ord, text)):
        return '"' + "".join(_PLAIN.get(ord(c), c) for c in text) + '"'
    # Always three octal digits, so that a digit after the escape is not read as a part of it.
    return '"' + "".join(_PLAIN.get(byte) or f"\\{byte:03o}" for byte in value) + '"'
