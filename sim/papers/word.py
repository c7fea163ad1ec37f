"""A document as a Word file: headings, tables and pictures are Word's own.

python-docx is brought in when a document is made: only those who ask for Word need it.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from sim.config.errors import InputError
from sim.papers.document import (
    LANGUAGE,
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    plain,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table as WordTable

FONT = "Arial"
_TEXT_PT, _TABLE_PT, _SHORT_PT = 12, 10, 10
_MANY_COLUMNS = 6
_INK = (0x12, 0x43, 0x6D)
_PROMPT = "For the author: "
_MARGIN_CM, _WIDE_CM = 2.0, 17.0
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can hold: no clock is in the bytes."""


def as_word(document: Document) -> bytes:
    """A document as the bytes of a .docx file; the same document gives the same bytes.

    Raises:
        InputError: python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise InputError(
            "python-docx",
            "is not installed, so that no Word file can be made",
            'Run: pip install -e ".[papers]", or ask for --format html',
        ) from None
    word = docx.Document()
    _page(word, document)
    _properties(word, document)
    word.add_heading(plain(document.title), 0)
    word.add_paragraph(plain(document.subject), style="Subtitle")
    for block in document.blocks:
        _add(word, block, document)
    written = io.BytesIO()
    word.save(written)
    return _without_times(written.getvalue())


# The page ---------------------------------------------------------------------------------


def _page(word: WordDocument, document: Document) -> None:
    """A4, fonts, colours, the language, and a footer with the run."""
    from docx.shared import Cm, Pt, RGBColor

    for section in word.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(_MARGIN_CM)
        section.top_margin = section.bottom_margin = Cm(1.5 if document.one_page else _MARGIN_CM)
    size = _SHORT_PT if document.one_page else _TEXT_PT
    sizes = {"Normal": size, "Title": 20, "Subtitle": 12, "Heading 1": 16, "Heading 2": 13}
    if document.one_page:
        sizes |= {"Title": 16, "Subtitle": 10, "Heading 1": 12}
    for name, points in {**sizes, "Caption": _TABLE_PT + 1, "List Bullet": size}.items():
        style = word.styles[name]
        style.font.name, style.font.size = FONT, Pt(points)
        style.font.color.rgb = RGBColor(*(_INK if name[:4] in ("Titl", "Head") else (0, 0, 0)))
        style.font.italic = False
        _fonts(style.element)
        style.paragraph_format.space_after = Pt(4 if document.one_page else 8)
    _language(word)
    footer = word.sections[0].footer.paragraphs[0]
    footer.text = plain(document.source_line)
    footer.runs[0].font.size = Pt(9)


def _fonts(style: Any) -> None:
    """One font for every script: a theme's would stand before it."""
    from docx.oxml.ns import qn

    fonts = style.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)


def _language(word: WordDocument) -> None:
    """British English as the language of every style, and of the theme's fonts."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for element in word.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), LANGUAGE)
    properties = word.styles.element.find(
        f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"
    )
    if properties.find(qn("w:lang")) is None:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGE)
        properties.append(language)
    for element in word.settings.element.iter(qn("w:themeFontLang")):
        element.set(qn("w:val"), LANGUAGE)


def _properties(word: WordDocument, document: Document) -> None:
    """Title, subject and language; every time is the study's."""
    known, date = word.core_properties, dt.datetime.combine(document.date, dt.time())
    known.title, known.subject = plain(document.title), plain(document.subject)
    known.author = known.last_modified_by = "caseholder"
    known.language, known.category = LANGUAGE, "Business case"
    known.identifier = f"run {document.run_id}"
    known.comments = plain(document.source_line)
    known.keywords, known.version = "", plain(document.version)
    known.created = known.modified = known.last_printed = date
    known.revision = 1


def _without_times(content: bytes) -> bytes:
    """A zip file with each part at one time: the library puts in the clock's."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, _ZIP_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(info, old.read(part))
    return written.getvalue()


# Blocks -----------------------------------------------------------------------------------


def _add(word: WordDocument, block: Block, document: Document) -> None:
    if isinstance(block, Heading):
        word.add_heading(plain(block.text), block.level)
    elif isinstance(block, Paragraph):
        _paragraph(word, block)
    elif isinstance(block, Bullets):
        for item in block.items:
            text = f"{_PROMPT}{item}" if block.prompt else item
            word.add_paragraph(plain(text), style="List Bullet")
    elif isinstance(block, Picture):
        _picture(word, block, document.figure_number(block), document)
    else:
        _table(word, block, document)


def _paragraph(word: WordDocument, block: Paragraph) -> None:
    paragraph = word.add_paragraph()
    if block.prompt:
        paragraph.add_run(_PROMPT).bold = True
    paragraph.add_run(plain(block.text))


def _caption(word: WordDocument, text: str) -> None:
    caption = word.add_paragraph(plain(text), style="Caption")
    caption.paragraph_format.keep_with_next = True


def _note(word: WordDocument, text: str) -> None:
    from docx.shared import Pt

    note = word.add_paragraph()
    note.add_run(plain(text)).font.size = Pt(_TABLE_PT)


def _picture(word: WordDocument, block: Picture, number: int, document: Document) -> None:
    from docx.shared import Cm

    shape = word.add_picture(io.BytesIO(block.png), width=Cm(_WIDE_CM))
    about = shape._inline.docPr
    about.set("descr", plain(f"{block.title}. {block.description}"))
    about.set("title", plain(block.title))
    about.set("name", block.name)
    word.paragraphs[-1].paragraph_format.keep_with_next = True
    _table(word, block.table, document, f"Figure {number}: ")


def _table(word: WordDocument, block: Table, document: Document, before: str = "") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _caption(word, f"{before}{block.caption}")
    size = _TABLE_PT if len(block.columns) < _MANY_COLUMNS else _TABLE_PT - 1
    table = word.add_table(rows=1 + len(block.rows), cols=len(block.columns), style="Table Grid")
    for row, cells in zip(table.rows, (block.columns, *block.rows), strict=True):
        for place, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            _cell(cell, text, cells is block.columns, size)
            if block.numeric and place:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set_widths(table, block)
    _mark_head(table)
    _note(word, document.note_of(block))


def _cell(cell: Any, text: str, is_head: bool, size: float) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(plain(text))
    run.font.size, run.bold = Pt(size), is_head


def _set_widths(table: WordTable, block: Table) -> None:
    """Columns of the widths that the block asks for: Word reads them from the cells."""
    from docx.shared import Cm

    shares = block.widths or (1.0,) * len(block.columns)
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Cm(_WIDE_CM * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


def _mark_head(table: WordTable) -> None:
    """The first row repeats on every page, and no row is broken; first row and column are heads."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for place, row in enumerate(table._tbl.tr_lst):
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("lastRow", "0")):
            look.set(qn(f"w:{name}"), value)
