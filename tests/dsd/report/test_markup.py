"""Parts of HTML pages."""

from __future__ import annotations

from report_pages import Page

from dsd.report import markup


def test_text_is_escaped():
    parts = (markup.paragraph("<b>"), markup.text_block("<b>"), markup.facts([("<b>", "<b>")]), markup.notes(["<b>"]),
             markup.table(["<b>"], [["<b>"]], "<b>"), markup.figure("", "<b>"), markup.folded("<b>", "", True),
             markup.contents([("a", "<b>")]), markup.section("a", "<b>", "text"))
    assert all("<b>" not in part and "&lt;b&gt;" in part for part in parts)


def test_a_table_has_words_and_numbers():
    page = Page(markup.table(["layer", "weights", "share"], [["ip1", 1200, markup.Bar(0.25)], ["ip2", None, markup.Bar(1)]]))
    assert page.rows == [["layer", "weights", "share"], ["ip1", "1,200", "25.0%"], ["ip2", "–", "100.0%"]]


def test_parts_without_content_are_empty():
    assert markup.table(["a"], []) == markup.notes([]) == markup.section("a", "A", "") == ""


def test_facts_leave_out_none():
    assert markup.facts([("seed", 1701), ("device", None)]) == "<dl><dt>seed</dt><dd>1,701</dd></dl>"


def test_a_document_has_both_colour_schemes():
    page = markup.document("run", "<p>text</p>")
    assert "prefers-color-scheme: dark" in page and "<title>run</title>" in page and Page(page).open == []
