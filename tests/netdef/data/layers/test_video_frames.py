"""Lists of videos."""

from __future__ import annotations

from pathlib import Path

import pytest

from netdef.data.layers.video_frames import Video, read_videos
from netdef.errors import FileError


def test_a_line_is_a_folder_a_number_and_a_label(tmp_path: Path):
    (tmp_path / "list.txt").write_text("a/b 9 5\n\nc 16 0\n")
    assert read_videos(tmp_path / "list.txt") == [Video("a/b", 9, 5), Video("c", 16, 0)]


@pytest.mark.parametrize("line, complaint", [
    ("a 9\n", "list.txt:2: `a 9` is no folder with two whole numbers behind it"),
    ("a 9 x\n", "list.txt:2"),
    ("", "lists no videos"),
])
def test_lists_of_another_form_are_refused(tmp_path: Path, line: str, complaint: str):
    (tmp_path / "list.txt").write_text(f"a 9 5\n{line}" if line else "\n")
    with pytest.raises(FileError, match=complaint):
        read_videos(tmp_path / "list.txt")
