"""Lists of windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from netdef.data.images.window_file import LabelledWindow, read_windows
from netdef.errors import FileError

LIST = """# 0
a.png
3
12 10
3
1 0.9 2 3 5 8
0 0.1 0 0 9 11
2 0.4 1 1 3 3
# 1
b.png 3 12 10 1
4 0.5 0 0 3 3
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "list").write_text(LIST)
    return tmp_path / "list"


def test_windows_are_sorted_by_their_overlap(source: Path):
    found = read_windows(source, foreground=0.5, background=0.4)
    assert found.foreground == [LabelledWindow("a.png", 1, (2, 3, 5, 8)), LabelledWindow("b.png", 4, (0, 0, 3, 3))]
    assert found.background == [LabelledWindow("a.png", 0, (0, 0, 9, 11))]
    assert found.channels == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_with_crlf_and_backslashes_is_read(source: Path, encoding: str):
    source.write_bytes(LIST.replace("\n", "\r\n").encode(encoding))
    assert len(read_windows(source, 0.4, 0.4).foreground) == 3


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "lists no images"),
        (LIST.replace("# 1", "1"), "has `1` where an image begins with `#`"),
        (LIST.replace("0.9", "high"), "has `high` where a number should be"),
        (LIST.replace("0.9", "\x1b["), r"has `\\x1b\[` where a number should be"),
        (LIST[:-4], "ends where a number should be"),
        (LIST.replace("1 0.9", "0 0.9"), "image `a.png` has a foreground window of class 0; 0 is background"),
        (LIST.replace("b.png 3", "b.png 1"), "image `b.png` has 1 channels, those before it 3"),
    ],
)
def test_bad_lists_are_refused(source: Path, text: str, said: str):
    source.write_text(text)
    with pytest.raises(FileError, match=f"list: {said}"):
        read_windows(source, 0.5, 0.4)
