"""HTML of a page and its parts: sections, tables, figures. All text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dsd.report.columns import column_texts
from dsd.report.svg import css_variables

_STYLE = """
:root { color-scheme: light dark; %(light)s }
@media (prefers-color-scheme: dark) { :root { %(dark)s } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%%; }
body { margin: 0 auto; padding: 2.2rem 1.4rem 4rem; max-width: 66rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { margin: .4rem 0 .8rem; max-width: 46rem; }
a { color: var(--blue); }
code, pre, .mono { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code, .mono { font-size: .88em; overflow-wrap: anywhere; }
pre { font-size: .82rem; line-height: 1.45; background: var(--panel); border: 1px solid var(--line);
  border-radius: .4rem;
  padding: .9rem 1.1rem; overflow-x: auto; }
nav { margin: 1rem 0 0; font-size: .92rem; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
.lead { color: var(--soft); margin-top: 0; }
.state { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: .05rem .7rem;
  font-size: .85rem; font-weight: 600; }
.good { color: var(--green); } .going { color: var(--blue); } .bad { color: var(--orange); }
.notes { border-left: 3px solid var(--orange); background: var(--panel); padding: .6rem 1rem;
  border-radius: 0 .4rem .4rem 0; }
.notes ul { margin: .2rem 0; padding-left: 1.2rem; }
.wide { overflow-x: auto; }
figure { margin: .6rem 0 1rem; }
figure svg { display: block; width: 100%%; min-width: 38rem; height: auto; overflow: visible; }
figure svg * { stroke-linejoin: round; }
figure svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial,
  sans-serif !important; }
figcaption { color: var(--soft); font-size: .88rem; margin-top: .3rem; max-width: 52rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; margin: .5rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { text-align: right; padding: .26rem .8rem .26rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--soft); vertical-align: bottom; }
th.word, td.word, tbody th { text-align: left; }
tbody th { color: var(--ink); font-weight: 500; vertical-align: top; white-space: nowrap; }
td { white-space: nowrap; }
tbody tr:last-child > * { border-bottom-color: var(--grey); }
td.bar { min-width: 8.5rem;
  background: linear-gradient(var(--pruned), var(--pruned)) no-repeat 0 70%% / var(--share) 62%%; }
details { margin: .4rem 0; } summary { cursor: pointer; color: var(--soft); font-size: .9rem; }
summary.layer { color: var(--ink); font-weight: 600; font-size: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.4rem; margin: .6rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media screen and (max-width: 41rem) { figcaption::before { content: "Scroll sideways to see all of it. "; } }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print {
  :root { color-scheme: light; %(light)s --page: #ffffff; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, summary.numbers { display: none; }
  figure, tr, .notes { break-inside: avoid; } h2, h3, summary { break-after: avoid; }
  table { font-size: 8.5pt; } figure svg { min-width: 0; }
  .wide, pre { overflow: visible; } pre { white-space: pre-wrap; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 16mm 14mm; }
}
"""


def document(title: str, body: str) -> str:
    """A whole page without external files."""
    style = _STYLE % {"light": css_variables(False), "dark": css_variables(True)}
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<style>{style}</style>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n")


def section(name: str, heading: str, *parts: str) -> str:
    """A section of the page, which `contents` links to; empty if it has no content."""
    content = "\n".join(part for part in parts if part)
    return f'<section id="{name}">\n<h2>{escape(heading)}</h2>\n{content}\n</section>' if content else ""


def contents(headings: Iterable[tuple[str, str]]) -> str:
    """Links to the sections, given as (name, heading)."""
    links = "".join(f'<a href="#{name}">{escape(heading)}</a>' for name, heading in headings)
    return f'<nav aria-label="Contents">{links}</nav>'


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph; ``kind`` is a class of the style."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


class Bar(float):
    """A share from 0 to 1 that a table shows as a bar with its number in percent."""


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "", words: int = 1) -> str:
    """A table; the first ``words`` columns are text, the others numbers. None is a dash."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col"{_class(i, words)}>{escape(text)}</th>' for i, text in enumerate(headings))
    columns = [[_cell(cell, text, i, words) for cell, text in zip(column, column_texts(column), strict=True)]
               for i, column in enumerate(zip(*rows, strict=True))]
    lines = "".join(f"<tr>{''.join(row)}</tr>\n" for row in zip(*columns, strict=True))
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="wide"><table>{title}<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody></table></div>'


def _cell(cell: object, text: str, column: int, words: int) -> str:
    if column == 0:
        return f'<th scope="row">{escape(text)}</th>'
    if isinstance(cell, Bar):
        share = min(max(float(cell), 0.0), 1.0)
        return f'<td class="bar" style="--share: {100 * share:.1f}%">{100 * cell:.1f}%</td>'
    return f"<td{_class(column, words)}>{escape(text)}</td>"


def _class(column: int, words: int) -> str:
    return ' class="word"' if column < words else ""


def figure(drawing: str, caption: str, numbers: str = "") -> str:
    """A drawing with its caption; below it, folded, its numbers as a table."""
    folded = f'<details><summary class="numbers">The numbers as a table</summary>{numbers}</details>' if numbers else ""
    return f'<figure><div class="wide">{drawing}</div><figcaption>{escape(caption)}</figcaption></figure>{folded}'


def folded(heading: str, content: str, unfolded: bool) -> str:
    """Content that is shown or hidden by a click on its heading."""
    opened = " open" if unfolded else ""
    return f'<details{opened}><summary class="layer">{escape(heading)}</summary>{content}</details>'


def notes(texts: Sequence[str]) -> str:
    """Warnings at the top of a page."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<div class="notes" role="note"><ul>{items}</ul></div>' if texts else ""


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """A list of names and values; values of None are left out."""
    shown = [(name, f"{value:,}" if isinstance(value, int) else str(value)) for name, value in pairs if value is not None]
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in shown)}</dl>"


def text_block(text: str) -> str:
    """Preformatted text."""
    return f"<pre>{escape(text.strip())}</pre>"
