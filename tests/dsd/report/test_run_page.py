"""The page as a browser would read it: whole, self-contained, in two colour schemes, with the run's numbers."""

from __future__ import annotations

import itertools
import json
import re
from io import BytesIO

import pytest
from PIL import Image
from report_pages import Page

from dsd.display.plotting import COLOURS
from dsd.report.missing import missing
from dsd.report.run_metrics import RunMetrics
from dsd.report.run_page import report_run


def test_every_id_is_one_and_every_reference_has_its_target(page):
    assert len(page.ids) == len(set(page.ids))
    assert set(page.links) <= set(page.ids) and len(page.links) > 20


def test_the_page_loads_nothing_external(report):
    assert not re.search(r"https?:|//[a-z]|@import|<script|<link|<img|src=", report.page)


def test_both_colour_schemes_are_there_and_figures_follow_them(report):
    dark = report.page[report.page.index("@media (prefers-color-scheme: dark)") :]
    assert f"--ink: {COLOURS['ink'][1]};" in dark[: dark.index("}")]
    assert f"--ink: {COLOURS['ink'][0]};" in report.page and "@media print" in report.page
    drawn = "".join(re.findall(r"<svg.*?</svg>", report.page, re.S))
    assert "var(--blue)" in drawn and "var(--ink)" in drawn
    assert not set(re.findall(r"#[0-9a-f]{6}\b", drawn)) - {"#000000", "#ffffff"}


def test_a_chart_that_is_wider_than_the_screen_says_so(report):
    """A chart is at least 38 rem wide, with 1.4 rem on each side of the page."""
    least = float(re.search(r"figure svg \{[^}]*min-width: ([\d.]+)rem", report.page)[1])
    side = float(re.search(r"body \{[^}]*padding: [\d.]+rem ([\d.]+)rem", report.page)[1])
    told = re.search(r"@media screen and \(max-width: ([\d.]+)rem\) \{ figcaption::before \{ content: \"Scroll", report.page)
    assert float(told[1]) >= least + 2 * side
    assert report.page.count('<figure><div class="wide"><svg') == report.page.count("<figcaption>") == 5


def test_figures_say_what_they_show(page):
    assert len(page.images) == 5  # curves, bars, three layers
    assert all(image["role"] == "img" and len(image["aria-label"]) > 30 for image in page.images)


def test_numbers_of_a_column_line_up(page):
    """All numbers of a column have the same decimals."""
    for first, row in enumerate(page.rows):
        if row and row[0] == "layer":
            table = itertools.takewhile(lambda row: row and row[0] in ("conv2", "ip1", "ip2"), page.rows[first + 1 :])
            for column in zip(*table):
                assert len({len(cell.partition(".")[2]) for cell in column if "." in cell}) <= 1, column


def test_the_page_has_the_solver_the_seed_and_versions(page):
    text = "".join(page.words)
    assert "weight_decay: 0.001" in text and "finished: 12 iterations" in text
    assert "seed5" in text.replace("\n", "") and "torch" in text


@pytest.mark.parametrize("name, wider", [("curves", 1.2), ("kept", 2), ("histograms_conv2", 2), ("histograms_ip1", 2)])
def test_pictures_are_png_files(report, name, wider):
    image = Image.open(BytesIO(report.pictures[f"{name}.png"]))
    image.load()
    assert image.format == "PNG" and image.width == 1600 and image.width / image.height > wider
    assert len(image.convert("RGB").getcolors(1 << 20)) > 5


def test_names_from_a_file_are_only_text(lines, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(lines.read_text().replace("ip1", "<b>&ip1").replace('"sparse"', '"s$\\\\frac$<i>"'))
    made = report_run(RunMetrics(path))
    found = Page(made.page)
    assert "<b>" not in made.page and any(row[:2] == ["<b>&ip1", "re-dense"] for row in found.rows)
    assert "histograms__b_ip1.png" in made.pictures


def test_a_running_job_is_reported_up_to_its_last_event(lines, tmp_path):
    text = lines.read_text()
    path = tmp_path / "a.jsonl"
    for cut in range(text.index("\n") + 1, len(text), len(text) // 3):
        path.write_text(text[:cut])
        made = report_run(RunMetrics(path), now=2e9)
        Page(made.page)
        assert "not ended" in made.page
        assert missing(RunMetrics(path)) == []


def test_a_run_without_phases_or_tests_has_a_page(tmp_path):
    start = dict(event="start", net="n", seed=1, device="cpu", iteration=0, time=1.0, max_iter=3,
                 phases=[dict(name="dense", start=0, end=3, sparsity=None)])
    train = dict(event="train", iteration=0, phase="dense", loss=None, rate=0.1, outputs={}, time=1.0)
    path = tmp_path / "plain.jsonl"
    for events, said in [((start,), "No loss was displayed"), ((start, train), "training loss not finite"),
                         ((start, train | {"loss": 2.0}), "training loss 2")]:
        path.write_text("".join(json.dumps(event) + "\n" for event in events))
        made = report_run(RunMetrics(path))
        assert said in made.page and "Weights that came back" not in made.page
        Page(made.page)


def test_a_run_whose_loss_is_not_finite_any_more_is_reported_as_that(tmp_path):
    """The last finite value must not stand for the end."""
    start = dict(event="start", net="n", seed=1, device="cpu", iteration=0, time=1.0, max_iter=8,
                 phases=[dict(name="dense", start=0, end=8, sparsity=None)])
    events = [start]
    for iteration, loss, accuracy in ((0, 2.5, 0.25), (2, 1.75, 0.5), (4, None, None), (6, None, None)):
        events.append(dict(event="train", iteration=iteration, phase="dense", loss=loss, rate=0.1, outputs={}, time=2.0))
        events.append(dict(event="test", iteration=iteration, phase="dense", outputs=[{"accuracy": accuracy}], time=2.0))
    events.append(dict(event="failed", iteration=6, phase="dense", message="iteration 4: the loss is nan", time=3.0))
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    made = report_run(RunMetrics(path))
    assert "Last values: test accuracy not finite, training loss not finite." in made.page
    assert "ended with an error at iteration 6 of 8" in made.page and "iteration 4: the loss is nan" in made.page
    assert ["6", "not finite"] in Page(made.page).rows and ["2", "50"] in Page(made.page).rows
    assert "training loss, not finite from 4 on" in made.page
