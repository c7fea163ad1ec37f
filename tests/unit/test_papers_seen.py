"""Papers in the programs that read them: axe in a browser, and LibreOffice.

Neither is needed to make papers. Where a browser is missing these tests are skipped, and say so;
with CI set it has to be there, unless the machine has no apt-get to bring it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.papers.audit_pack import write_audit
from sim.papers.report import write_report
from sim.papers.track import track
from tests.papers_study import Made, write_study

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SEEN = (
    ("business_case", "light", 1280), ("business_case", "dark", 320),
    ("members_summary", "dark", 1280), ("members_summary", "light", 320),
    ("audit_pack", "light", 1280), ("audit_pack", "dark", 320), ("tracked", "light", 320),
    ("tracked", "dark", 1280),
)  # fmt: skip
"""Paper, colours and width: of a wide screen, and of a narrow one, as WCAG 1.4.10 has it."""

DOCUMENTS = ("business_case", "members_summary", "audit_pack", "tracked")
REAL = "date,indicator,value\n" + "".join(
    f"{date},{name},{value}\n"
    for name, value in (
        ("inpost_fte", 305.2), ("agency_fte", 140), ("load", 0.93), ("unallocated", 4),
        ("in_care_changed_twice_share", "31%"),
    )
    for date in ("2022-09-30", "2023-03-31")
)  # fmt: skip
"""Invented figures: more than a page shows, one of them small."""

pytestmark = pytest.mark.slow


def browser_path() -> str:
    """Where a Chromium is; skips, or fails with CI set, where there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") and shutil.which("apt-get"):
            pytest.fail("no Chromium: .ci/run installs it")
        pytest.skip("no Chromium: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The papers of a study with a small count and an ampersand."""
    folder = tmp_path_factory.mktemp("seen")
    write_study(folder / "study", Made(council="Bath & North East Somerset"))
    write_report(folder / "study", folder / "papers", "all", ())
    write_audit(folder / "study", folder / "papers")
    (folder / "real.csv").write_text(REAL, encoding="utf-8")
    track(folder / "study", folder / "real.csv", folder / "papers")
    return folder / "papers"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    path = browser_path()
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize(("name", "scheme", "width"), SEEN)
def test_axe_finds_no_violation_and_nothing_is_fetched(
    browser: Any, papers: Path, name: str, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = (papers / f"{name}.html").as_uri()
    page.goto(address)
    for summary in page.query_selector_all("summary"):
        summary.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert asked == [address]
    # Tables scroll inside their own frames: the page as a whole never does.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_skip_link_leads_to_the_content(browser: Any, papers: Path) -> None:
    page = browser.new_page()
    page.goto((papers / "business_case.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_libreoffice_opens_the_word_files_and_prints_them(papers: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice: apt-get install libreoffice-writer")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [papers / f"{name}.docx" for name in DOCUMENTS]
    for file in files:
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir"]
        done = subprocess.run(
            [*command, str(tmp_path), str(file)], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
    pages = {file.stem: pages_of(tmp_path / f"{file.stem}.pdf") for file in files}
    assert pages["members_summary"] == 1
    assert pages["tracked"] == 1
    assert min(pages["business_case"], pages["audit_pack"]) > 4


def pages_of(pdf: Path) -> int:
    """Number of pages of a PDF file."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))
