"""Small real projects whose extractors drifted: what the browser tests and the pictures show."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import REPOSITORY, Project

EXTRACTORS = REPOSITORY / "harness" / "extractors"
BREAKS = {
    'page.text(".article-meta .source")': 'page.text(".article-meta")',
    'page.lines(".article-body")': 'page.lines(".article-body p:not(:nth-of-type(2)), .ai-box")',
    'page.css("main article.card")': 'page.css("main article.card")[:2]',
}
"""What is broken in the daily8 extractor: honest code → its replacement."""

HARD_TEXTS = {
    "arabic": (
        "rtl",
        "ar",
        "وصل القطار القديم إلى المحطة بعد تسع سنوات",
        ["بدأت الرحلة عند الفجر في مدينة الميناء.", "قال السائق: «لم أنسَ الطريق» ثم ضحك، 42 مرة."],
        "ليلى حداد",
    ),
    "hebrew": (
        "rtl",
        "he",
        "הגשר הישן נפתח מחדש ABC-17 אחרי שיפוץ",
        ["התושבים חצו אותו ברגל בבוקר.", "ראש העיר אמרה שהעלות הייתה 1,250 שקלים."],
        "נועה לוי",
    ),
    "japanese": (
        "ltr",
        "ja",
        "古い時計店の最後の一週間、町じゅうの時計が直された",
        [
            "店主は毎朝六時に店を開けた。修理代はいつも同じ。",
            "最後の客は、動かない懐中時計を持ってきた。",
        ],
        "高橋さくら",
    ),
    "hindi": (
        "ltr",
        "hi",
        "रेलवे फाटक के पास चाय की दुकान में खुला पुस्तकालय",
        ["दुकान सुबह पाँच बजे खुलती है।", "यात्रियों ने तीन सौ किताबें दान में दीं।"],
        "मीरा जोशी",
    ),
    "tamil": (
        "ltr",
        "ta",
        "கலங்கரை விளக்கம் மீண்டும் ஒளிர்ந்தது",
        ["மீனவர்கள் இரவில் கரை திரும்பினர்.", "பழுதுபார்க்க நான்கு மாதங்கள் ஆனது."],
        "கவிதா ராமன்",
    ),
    "unbroken": (
        "ltr",
        "en",
        "W" * 300,
        ["x" * 3_000, "A second paragraph with https://example.org/" + "deep/" * 60],
        "N" * 200,
    ),
    "unseen": (
        "ltr",
        "en",
        "Zero\u200bwidth and right\u202eto left\u202c overrides",
        ["No\u00a0break spaces, soft\u00adhyphens and a bell\u0007.", "\u2067isolated\u2069 text"],
        "A\u200d\u200d Writer",
    ),
}
"""Name → direction, language, title, paragraphs and byline of a page that is hard to lay out."""


def broken_daily8(root: Path, *, whole: bool = False) -> Project:
    """A copy of the shipped daily8 corpus in ``root``, checked with a broken daily8 extractor.

    With ``whole`` the other sites and their sound extractors are there too. Raises ValueError when
    the shipped extractor no longer holds what :data:`BREAKS` replaces.
    """
    project = Project(root)
    source = (EXTRACTORS / "daily8.py").read_text("utf-8")
    for honest, broken in BREAKS.items():
        if honest not in source:
            raise ValueError(f"the daily8 extractor no longer holds {honest}; mend BREAKS")
        source = source.replace(honest, broken)
    project.write("harness.toml", "")
    for path in sorted(EXTRACTORS.glob("*.py")):
        if whole and path.stem != "__init__":
            project.write(f"extractors/{path.name}", path.read_text("utf-8"))
    project.write("extractors/daily8.py", source)
    shown = "*" if whole else "daily8"
    for folder in ("corpus", "snapshots"):
        for found in sorted((REPOSITORY / folder).glob(shown)):
            shutil.copytree(found, root / folder / found.name)
    check(project)
    return project


def hard_texts(root: Path) -> Project:
    """A project of pages in many scripts, with unbroken lines and with unseen characters, drifted.

    The accepted records have the whole page; the extractor that was checked last puts a word behind
    each title, and loses the byline's first word and the last paragraph.
    """
    project = Project(root)
    project.write("harness.toml", "")
    for name, (direction, language, title, paragraphs, byline) in HARD_TEXTS.items():
        body = "".join(f"<p>{text}</p>" for text in paragraphs)
        page = (
            f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
            f"<title>{title}</title><h1>{title}</h1><p class=by>By {byline}</p>"
            f"<article>{body}<p>The end.</p></article></html>"
        )
        project.add(name, page, site="scripts" if name not in ("unbroken", "unseen") else "odd")
    extractor = (
        "from harness import extractor\n\n\n"
        '@extractor("reader", sites="*")\n'
        "def reader(page):\n"
        '    return {"title": TITLE, "byline": BYLINE, "body": BODY}\n'
    )
    sound = {
        "TITLE": 'page.text("h1")',
        "BYLINE": 'page.text(".by")',
        "BODY": 'page.lines("article p")',
    }
    drifted = {
        "TITLE": '(page.text("h1") or "") + " | More"',
        "BYLINE": '(page.text(".by") or "").removeprefix("By ")',
        "BODY": 'page.lines("article p")[:-1]',
    }
    for parts, update in ((sound, "all"), (drifted, "none")):
        source = extractor
        for name, code in parts.items():
            source = source.replace(name, code)
        project.write("extractors/reader.py", source)
        check(project, update)
    return project


def check(project: Project, update: str = "none") -> None:
    """Runs ``harness check`` in a project; drift is no failure, anything worse is."""
    done = project.run("harness", "check", "--update", update)
    # A Python that ends in a traceback exits with 1, too.
    if done.code not in (0, 1) or not (project.root / ".harness" / "report.html").exists():
        raise RuntimeError(done.out + done.err)
