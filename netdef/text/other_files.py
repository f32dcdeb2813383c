"""Describe a file that is no prototxt: weights, an image, an archive, a web page, code, a list."""

from __future__ import annotations

import re
from pathlib import Path

_SHOWS = "`dsd-convert FILE` lists what it holds, and `--weights` takes it beside the prototxt of its net"
_UNPACK = "unpack it"
# (first bytes, what the file is, what to do).
_COMPRESSED = [
    (b"\x1f\x8b", "compressed with gzip", _UNPACK),
    (b"BZh", "compressed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "compressed with xz", _UNPACK),
    (b"7z\xbc\xaf", "a 7z archive", _UNPACK),
]
_ZIP = b"PK\x03\x04"
_NUMPY_NAME = re.compile(rb"PK\x03\x04.{26}[\w./ -]+?\.npy", re.DOTALL)  # a zip whose first file is an array
NUMPY_ARCHIVE = "an archive of numpy arrays", "save them as a dictionary of tensors by torch.save"
_BEGINNINGS = [
    (b"\x93NUMPY", "an array of numpy", ""),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, of weights or of data", _SHOWS),
    (_ZIP, "a zip archive, or weights as torch saves them", _SHOWS),
    (b"\x80", "a pickle of Python, or weights as torch saved them", _SHOWS),
    *_COMPRESSED,
    (b"\x89PNG", "an image", ""),
    (b"\xff\xd8\xff", "an image", ""),
    (b"GIF8", "an image", ""),
    (b"%PDF", "a PDF file", ""),
]
_ENDINGS = {
    ".caffemodel": ("a file of weights", _SHOWS),
    ".solverstate": ("the state of a solver", "`dsd-train SOLVER --snapshot FILE` goes on from it"),
    ".binaryproto": ("a mean image", "`dsd-convert FILE mean.npy` shows its means"),
    ".mdb": ("an LMDB database", "`dsd-data show FILE` shows its records"),
}

_LFS = "version https://git-lfs"
_WENT_WRONG = "the download went wrong"
_COMMENTS = re.compile(r"(?:\s*#[^\n]*\n)*\s*")
# (beginning of the text after `#` comments, what it is, what to do). The first that matches counts.
_TEXTS = [
    (r"(?is)<(?:!doctype|html|head|(?:!--|\?xml).*<(?:!doctype|html))", "a web page", _WENT_WRONG),
    (r"<\?xml\b", "an XML file", _WENT_WRONG),
    (r"(?i)(?:[45]\d\d: |not found\s*$|moved permanently|(?:access|permission) denied|forbidden\s*$)",
     "what a web server answers", _WENT_WRONG),
    (r'\{\s*["}]|\[\s*["{\[\]]', "JSON", ""),
    (r"(?m)(?:import|from) [\w.]+(?: import [\w.*, ()]+| as \w+)?\s*$|#!|def \w+\(|\"\"\"", "Python code",
     "a net that it writes is the file to give"),
    (r"\[[A-Za-z]\w*\]\s*$|\[[A-Za-z]\w*\]\s*[\n#;]", "a .cfg file of sections, as Darknet's nets are", ""),
    (r"(?:Log file created at: |[IWEF]\d{4} \d\d:\d\d:\d\d)", "a log", "`dsd-log` reads logs of training"),
    (r"[^\s{}:]+\.\w{2,4}[ \t]+-?\d[\d. \t]*(?:\r?\n|$)", "a list of files and labels",
     "the `source` of a data layer names such a list"),
    (r"diff --git ", "a patch", "apply it first"),
]  # fmt: skip


def binary_kind(path: str, data: bytes) -> tuple[str, str] | None:
    """The kind of binary data, in words that follow "is", and what to do ("" for nothing).

    It is found by the first bytes, else by the path's ending; None if by neither.
    """
    if _NUMPY_NAME.match(data):
        return NUMPY_ARCHIVE
    for beginning, words, advice in _BEGINNINGS:
        if data.startswith(beginning):
            return words, advice
    if data[8:9] == b"{" and int.from_bytes(data[:8], "little") < 1 << 27:  # a length, then JSON
        return "a file of weights (.safetensors)", _SHOWS
    return _ENDINGS.get(Path(path).suffix)


def shows_weights(kind: tuple[str, str]) -> bool:
    """Whether a kind of binary data is one of weights."""
    return kind[1] == _SHOWS


def compression(data: bytes) -> tuple[str, str] | None:
    """The compression of data, in words that follow "is", and what to do; None for data of another kind."""
    return next(((words, advice) for beginning, words, advice in _COMPRESSED if data.startswith(beginning)), None)


def text_kind(text: str) -> tuple[str, str] | None:
    """The kind of a text that is plainly no prototxt, in words that follow "is", and what to do ("" for nothing); else None."""
    if text.startswith(_LFS):
        return "a Git LFS pointer", "fetch the file itself with `git lfs pull`"
    head = text[:2000]
    if "\n" not in head and head.endswith((".prototxt", ".pbtxt")):
        return "a path", "`netdef.load` and `Trainer.from_file` take one"
    start = head if head.startswith("#!") else head[_COMMENTS.match(head).end():]  # type: ignore[union-attr]  # always matches
    return next(((words, advice) for pattern, words, advice in _TEXTS if re.match(pattern, start)), None)


def kind_text(kind: tuple[str, str], wanted: str) -> str:
    """The error about a file of another kind, to follow its name."""
    words, advice = kind
    return f"is {words}, not {wanted}" + (f"; {advice}" if advice else "")
