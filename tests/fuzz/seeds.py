"""What is changed into hostile input: small files of every kind, self-written, CC0."""

from typing import Any

from tests.unit.build.pages import PROSE, page
from tests.unit.build.test_feed import ATOM as _ATOM
from tests.unit.build.test_feed import RSS as _RSS
from tests.unit.build.test_warc import archive, html, record, resource, response

_EN, _DE = PROSE["en"], PROSE["de"]
_LISTING = "\n".join(
    [
        *("Tag - Energy", "Home » Energy", ""),
        *("A QUAY WITHOUT SHIPS", "May 3, 2024 | By ANN LEE", "", *_EN, "Read more"),
        *("", "The second boiler", "May 2, 2024 | By BOB ROE", "", *_EN[::-1], "Read more"),
        *("", "Leave a comment *", "Older posts"),
    ]
)
DUMPS = [
    "\n\n".join(["Winter at the quay", "By Ann Lee, May 3, 2024", *_EN, "Why", *_EN]).encode(),
    "\r\n\r\n".join(["Winter am Kai", *_DE, "© 2024 Der Kai"]).encode(),
    _LISTING.encode(),
    "\n".join(["ISLAND —", *(line.replace(" ", "\n", 3) for line in _EN)]).encode(),
    ("😀 Island\n\n" + "e\u0301".join(_EN) + "\n\n" + PROSE["ja"][0]).encode(),
]
_META = (
    '<meta property="og:title" content="Winter"><meta charset="utf-8">'
    '<link rel="canonical" href="https://quay.example/w">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Winter",'
    '"author":[{"@type":"Person","name":"Ann Lee"}],"datePublished":"2024-05-03"}</script>'
)
HTML = [
    page("Winter", head=_META, body="<ul><li>One</li></ul><table><tr><td>x</td></tr></table>").encode(),
    page(
        "Hafen",
        body='<figure><img src="a.jpg"><figcaption>The quay. | Ann Lee/AFP</figcaption></figure>'
        "<h2>Why</h2><blockquote>So.</blockquote><div class=sidebar><p>x</p></div>",
        language="de",
    ).encode(),
]  # fmt: skip
RSS = _RSS.replace("ENCODING", "utf-8").encode()
ATOM = _ATOM.encode()
WARC = [
    html("Winter"),
    resource(page("Two").encode(), "text/html"),
    resource(DUMPS[0], "text/plain", "conversion"),
    response(RSS, Content_Type="application/rss+xml"),
    response(b"", "404 Not Found"),
    archive(record("request", b"GET / HTTP/1.1\r\n\r\n"), html("One")),
]
WARC_WORDS = [
    *(b"Content-Length: 0", b"Content-Length: 99999999999999999", b"Content-Length: -1", b"WARC/1.0\r\n"),
    *(b"\r\n\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"HTTP/1.1 200 OK\r\n"),
    *(b"WARC-Type: response\r\n", b"WARC-Target-URI: ../../x\r\n", b"WARC-Truncated: length\r\n"),
    *(b"HTTP/1.1 abc\r\n", b"ffffffffffffffff\r\n", b"Content-Encoding: br\r\n"),
]  # fmt: skip
PAGE_WORDS = [
    *(b"<div>", b"</div>", b"<p>", b"</p>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>"),
    *(b"<table>", b"<frameset>", b"<svg>", b"<math>", b"<template>", b"<title>", b"&#0;", b"&#xd800;", b"&x;"),
    *(b"<base href=javascript:x>", b"<meta charset=utf-7>", b"<item>", b"</item>", b"<entry>", b"</channel>"),
    *(b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', b'<!ENTITY e SYSTEM "file:///etc/passwd">'),
    *(b"<time datetime=99999>", b"<a rel='tag license' href='http://['>", b"xml:base='x'", b"xmlns='y'"),
    *(b"Read more", b"Tag - ", b"By ANN LEE", b"May 3, 2024", b"Leave a comment", b"Home \xc2\xbb "),
]  # fmt: skip
ROW: dict[str, Any] = {
    "title": "A whale",
    "text": "\n\n".join(_EN),
    "published": "2024-05-03",
    "url": "https://quay.example/a",
    "authors": ["Ann Lee"],
    "by": [{"name": "Ann Lee"}],
    "license": "CC0-1.0",
}
CSV = [
    b'title,text,published,url\nA whale,"The quay, closed.",2024-05-03,https://quay.example/a\n',
    b"\xef\xbb\xbftitle;text;published;url\r\nA whale;The quay.;2024-05-03;\r\n\r\nB;C;;\r\n",
    b'title\ttext\nA\t"B\n\nC ""D"""\n',
]
