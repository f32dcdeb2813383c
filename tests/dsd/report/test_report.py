"""Pages put together and written with their pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_pages import Page

from dsd.display.plotting import drawing, new_figure
from dsd.report.report import Report
from netdef.errors import FileError


def test_sections_without_parts_are_left_out():
    report = Report("a run").finish("finished", "good", "lead", [], [("one", "First", ["<p>1</p>"]), ("two", "Second", [])])
    page = Page(report.page)
    assert page.ids == ["one"] and page.links == ["one"] and "a run" in page.words and "Second" not in page.words


def test_pictures_are_written_beside_the_page(tmp_path: Path):
    pytest.importorskip("matplotlib")
    report = Report("a run")
    with drawing():
        figure = new_figure(3, 2)
        figure.add_subplot().plot([1, 2, 4])
        drawn = report.picture(figure, "curve", "A curve")
    report.finish("finished", "good", "lead", [], [("one", "First", [drawn])])
    assert report.write(tmp_path / "out") == [tmp_path / "out" / "report.html", tmp_path / "out" / "curve.png"]
    assert (tmp_path / "out" / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert 'aria-label="A curve"' in (tmp_path / "out" / "report.html").read_text()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="file: cannot be made"):
        Report("a run").write(tmp_path / "file")
