"""A document as one accessible HTML page: nothing is asked of any other place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from sim.papers.document import (
    LANGUAGE,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    plain,
)

_PROMPT = "For the author: "
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Nothing may be loaded, whatever the text holds."""
STYLE = """
:root { color-scheme: light dark; --ink: #111; --paper: #fff; --quiet: #444; --line: #767676;
  --band: #f2f4f7; --link: #0b4a8f; --prompt: #fff6d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #16181c; --quiet: #c8c8c8;
  --line: #8d8d8d; --band: #23272e; --link: #9cc8ff; --prompt: #3a3213; } }
* { box-sizing: border-box; }
html { font: 100%/1.5 Arial, "Liberation Sans", Helvetica, sans-serif; color: var(--ink);
  background: var(--paper); }
body { margin: 0; }
header, nav, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
a { color: var(--link); }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; display: block; padding: .5rem 1rem; }
h1 { line-height: 1.2; margin: 1.5rem 0 .5rem; } h2 { margin: 2rem 0 .5rem; }
h3 { margin: 1.5rem 0 .5rem; }
p, li { max-width: 45rem; }
.quiet, .note { color: var(--quiet); }
.note { font-size: .9375rem; }
.prompt { background: var(--prompt); border-left: .3rem solid var(--line); padding: .5rem 1rem; }
.scroll { overflow-x: auto; margin: 1rem 0 .25rem; }
table { border-collapse: collapse; min-width: 100%; }
caption { text-align: left; font-weight: bold; padding: .25rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left;
  vertical-align: top; }
thead th { background: var(--band); } tbody th { font-weight: normal; }
.numeric td, .numeric thead th:not(:first-child) { text-align: right; }
figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; background: #fff; }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --quiet: #333; --band: #eee;
    --prompt: #fff; --link: #000; }
  nav, .skip { display: none; } .scroll { overflow: visible; }
  h2, h3, caption { break-after: avoid; } tr, figure { break-inside: avoid; }
  details::details-content { content-visibility: visible; } body { font-size: 10pt; }
}
"""


def as_html(document: Document) -> str:
    """A document as HTML; the same document gives the same text."""
    return "\n".join(_page(document)) + "\n"


def _text(text: str) -> str:
    return escape(plain(text))


def _page(document: Document) -> Iterator[str]:
    title = _text(document.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{LANGUAGE}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta name="description" content="{_text(document.subject)}">'
    yield f'<meta name="generator" content="caseholder {_text(document.version)}">'
    yield f'<meta name="caseholder-run" content="{_text(document.run_id)}">'
    yield f"<title>{title}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#content">Skip to the content</a>'
    yield f'<header><h1>{title}</h1><p class="quiet">{_text(document.subject)}</p></header>'
    if not document.one_page:
        yield from _contents(document)
    yield '<main id="content" tabindex="-1">'
    yield from _blocks(document)
    yield "</main>"
    yield f'<footer><p class="quiet">{_text(document.source_line)}</p></footer>'
    yield "</body>"
    yield "</html>"


def _contents(document: Document) -> Iterator[str]:
    yield '<nav aria-label="Contents"><ul>'
    for heading in document.sections():
        yield f'<li><a href="#{_slug(heading)}">{_text(heading)}</a></li>'
    yield "</ul></nav>"


def _slug(heading: str) -> str:
    """A section's name as an identifier; sections differ in their headings."""
    return "s-" + re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def _blocks(document: Document) -> Iterator[str]:
    tables = 0
    for block in document.blocks:
        if isinstance(block, Table | Picture):
            tables += 1
        if isinstance(block, Picture):
            yield from _picture(block, f"t{tables}", document)
        else:
            yield from _block(block, f"t{tables}", document)


def _block(
    block: Heading | Paragraph | Bullets | Table, name: str, document: Document
) -> Iterator[str]:
    if isinstance(block, Heading):
        identifier = f' id="{_slug(block.text)}"' if block.level == 1 else ""
        yield f"<h{block.level + 1}{identifier}>{_text(block.text)}</h{block.level + 1}>"
    elif isinstance(block, Paragraph):
        if block.prompt:
            yield f'<p class="prompt"><strong>{_PROMPT}</strong>{_text(block.text)}</p>'
        else:
            yield f"<p>{_text(block.text)}</p>"
    elif isinstance(block, Bullets):
        yield from _bullets(block)
    else:
        yield from _table(block, name, document)


def _bullets(block: Bullets) -> Iterator[str]:
    if block.prompt:
        yield f'<div class="prompt"><p><strong>{_PROMPT.strip()}</strong></p>'
    yield "<ul>"
    yield from (f"<li>{_text(item)}</li>" for item in block.items)
    yield "</ul>"
    if block.prompt:
        yield "</div>"


def _picture(block: Picture, name: str, document: Document) -> Iterator[str]:
    number = document.figure_number(block)
    caption = _text(f"Figure {number}: {block.table.caption}. {document.source_line}")
    yield f'<figure>{block.svg}<figcaption class="note">{caption}</figcaption></figure>'
    yield f"<details><summary>Numbers of figure {number}</summary>"
    yield from _table(block.table, name, document)
    yield "</details>"


def _table(block: Table, name: str, document: Document) -> Iterator[str]:
    kind = ' class="numeric"' if block.numeric else ""
    yield f'<div class="scroll" role="group" tabindex="0" aria-labelledby="{name}">'
    yield f'<table{kind}><caption id="{name}">{_text(block.caption)}</caption>'
    heads = "".join(f'<th scope="col">{_text(column)}</th>' for column in block.columns)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for first, *rest in block.rows:
        cells = "".join(f"<td>{_text(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{_text(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"
    yield f'<p class="note">{_text(document.note_of(block))}</p>'
