"""What may anybody send?  Requests for every route of the site, put together by chance from what has broken others."""

import io
import json
import random
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.routing import Map, Rule

from tests.hostile import EVIL, FORMULA, LONG, MARKUP, TURNED

WEB = Path(__file__).parent.parent / "web"
SYLLABLES = (
    "nhà ở xã hội quy hoạch xây dựng giấy phép đất đai bê tông tổ chức y tế Lạng Sơn Mẫu Sơn hoà hòa Đồng Đăng "
    "cát sông thông báo quyết định nghị định tháng năm quý an toàn social housing permit conference the of to do"
).split()
SIGNS = (
    '"', "“", "”", "«", "»", "(", ")", "((((", "))))", " AND ", " OR ", " NOT ", " và ", " - ", "-", "title:",
    "số-hiệu:",
    "ngày:", "date:2023-01..2024-06", "date:..", "date:9999-99-99", "number:", "place:", "zzz:", "*", "x*", "?", "c?t",
    "~", '"a b"~5', '"a b"~99999999999999999999', "word~", "788/QĐ-UBND", "338 qd ttg", "tháng 9/2024", "quý III",
    "1.250.000", "m²", "!", "\\", "/", "..", "%", "%s", "%(name)s", "{{7*7}}", "{0}", "'", ";", "--", "\n", "\r\n",
    "\t",
)  # fmt: skip
ODD = (
    "", " ", "\u00a0\u200b", "\x00", "\x00\x01\x1b[31m", "\x7f\x9b", "\u0301\u0323", "e\u0302\u0301",
    "\u202ecát\u202c", TURNED,
    "\ufeff", "\ufffd", "\ud800", "🏠👩‍👩‍👧🇻🇳", "ﬁ", "İ", "ß", "Ⅷ", "٣", "𝟗", MARKUP, FORMULA, EVIL, LONG, "ơ" * 10_000,
    "cát " * 2_500, "(" * 3_000, '"' * 3_001, "*" * 500, "a" * 70_000,
)  # fmt: skip
NUMBERS = (
    "0", "-0", "1", "-1", "2", "1.5", "1e9", "NaN", "inf", "0x10", "١", "1_0", "+1", " 1 ", "2147483648",
    "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "9" * 60, "9" * 5_000, "",
)  # fmt: skip
DATES = (
    "2024", "2024-02-30", "2024-13", "0000", "0001-01-01", "9999-12-31", "10000", "-2024", "2024-1-1",
    "2024-01-01T00:00",
    "01/02/2024", "20240101", "31/12/9999", "..", "2024..2023", "٢٠٢٤",
)  # fmt: skip
CHOICES = (
    "vi", "en", "xx", "relevance", "newest", "oldest", "month", "csv", "jsonl", "zip", "bibtex", "ris", "csl",
    "link", "json",
    "section", "source", "year", "number", "unit", "kind", "place", "on-site", "off-site", "source-gone", "-section",
    "admin", "daily", "none", "0 2 * * *", "* * * * *", "0 0 31 2 *", "Asia/Ho_Chi_Minh", "../../etc/passwd",
    "/etc/passwd",
    "http://127.0.0.1:1/", "http://soxd.replica.test/tin-tuc", "https://a.example:99999/", "javascript:alert(1)",
    "file:///etc/passwd",
    "//evil.example/", "http://[::1", "http://user:pw@soxd.replica.test/", "lan@example.org", "lan@@example",
    "a\r\nBcc: b@example.org",
)  # fmt: skip
PARTS = (
    "..",
    ".",
    "%2e%2e",
    "%00",
    "%ff%fe",
    "%c0%af",
    "%zz",
    "%",
    "%25",
    ";x=1",
    "//",
    "\\",
    "%0d%0aX:%20y",
    "~",
    "*",
)
HEADERS: Mapping[str, Sequence[str]] = {
    "HTTP_ACCEPT": ("*/*", "application/json", "text/html;q=x", "," * 3_000, "\xff"),
    "HTTP_ACCEPT_LANGUAGE": ("vi", "en;q=0.5,vi;q=NaN", "xx-" * 1_000, "*", "\xe1"),
    "HTTP_ACCEPT_DATETIME": ("Thu, 31 May 2007 20:35:00 GMT", "yesterday", "Thu, 99 May 99999 20:35:00 GMT"),
    "HTTP_IF_NONE_MATCH": ('"x"', "*", "W/" * 500, '"' * 99),
    "HTTP_IF_MODIFIED_SINCE": ("Thu, 01 Jan 1970 00:00:00 GMT", "99999"),
    "HTTP_RANGE": ("bytes=0-1", "bytes=5-1", "bytes=-", "bytes=" + "0-1," * 500, "lines=1"),
    "HTTP_COOKIE": ("khotin=x", "khotin=" + "A" * 3_000, "language=xx; language=vi", "=;=;=", "device=\xff",
        "khotin=.e.e"),
    "HTTP_REFERER": ("http://evil.example/", "//", "\xff", "http://localhost/\x7f"),
    "HTTP_ORIGIN": ("null", "http://evil.example", "http://["),
    "HTTP_HOST": ("localhost", "evil.example", "localhost:99999", "[::1", "a b", ""),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4", "x" * 500, "::1, ::2"),
    "HTTP_X_FORWARDED_PROTO": ("https", "javascript"),
    "HTTP_USER_AGENT": ("", "\xff\xfe", "x" * 5_000),
    "CONTENT_LENGTH": ("0", "-1", "5", "x", "99999999999"),
}  # fmt: skip
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get", "X" * 200)
READ_NAMES = re.compile(r"""(?:form|args|given|asked|values)(?:\.get|\.getlist)?[\[(]"([\w-]+)\"""")
INPUT_NAMES = re.compile(r'name="([\w-]+)"')


def names() -> list[str]:
    """The names of all that forms and addresses of the site can carry, read from its own code and templates."""
    found = {"q", "page", "per_page", "cursor", "sort", "from", "to", "lang", "exact", "without", "explain", "collapse"}
    for file in WEB.rglob("*.py"):
        found |= set(READ_NAMES.findall(file.read_text(encoding="utf-8")))
    for file in WEB.rglob("*.html"):
        found |= set(INPUT_NAMES.findall(file.read_text(encoding="utf-8")))
    return sorted(found - {"csrf_token"})


@dataclass(slots=True)
class Sender:
    """One who sends; what comes is decided by the seed alone. `places` are things that an argument may truly be."""

    pick: random.Random
    rules: list[Rule]
    known: Sequence[str]
    names: list[str] = field(default_factory=names)

    def question(self) -> str:
        pieces = [
            self.pick.choice(self.pick.choice((SYLLABLES, SYLLABLES, SIGNS, ODD[:16]))) for _ in range(self.times(12))
        ]
        line = self.pick.choice(("", " ", " ")).join(pieces)
        return unicodedata.normalize("NFD", line) if self.one_in(5) else line

    def value(self) -> str:
        kind = self.pick.choice((self.question, self.question, NUMBERS, DATES, CHOICES, ODD, self.known))
        return kind() if callable(kind) else self.pick.choice(kind)

    def times(self, most: int) -> int:
        return self.pick.randint(1, most)

    def one_in(self, many: int) -> bool:
        return self.pick.randrange(many) == 0

    def spelled(self, text: str) -> str:
        """A text in an address: mostly rightly, else twice, in another encoding, or with broken signs in it."""
        raw = text.encode("utf-8", "surrogatepass")
        how = self.pick.randrange(12)
        if how == 0:
            return quote(quote(raw))
        if how == 1:
            return quote(text.encode("utf-16" if self.one_in(2) else "cp1258", "replace"))
        if how == 2:
            return quote(raw[: self.pick.randint(0, len(raw))]) + self.pick.choice(PARTS)
        return quote(raw)

    def pairs(self) -> list[tuple[str, str]]:
        """Names with values, some of them again and again."""
        found = [(self.pick.choice(self.names), self.value()) for _ in range(self.pick.randrange(5))]
        if self.one_in(3):
            found.append(("q", self.question()))
        if self.one_in(30):
            found *= 60
        if self.one_in(15):
            found.append((self.value()[:50], self.value()))
        return found

    def query(self) -> str:
        written = [f"{self.spelled(name)}={self.spelled(value)}" for name, value in self.pairs()]
        return self.pick.choice(("&", "&", "&", ";", "&&")).join(written) + self.pick.choice(
            ("", "", "", "&", "=", "%")
        )

    def path(self, rule: Rule) -> str:
        """A route with something in the place of each of its arguments."""
        written = re.sub(r"<(?:[^<>]+:)?\w+>", lambda _: self.argument(), rule.rule)
        if self.one_in(40):
            at = self.pick.randint(0, len(written))
            written = written[:at] + self.pick.choice(PARTS) + written[at:]
        return written

    def argument(self) -> str:
        kind = self.pick.randrange(10)
        if kind < 5:
            return str(self.pick.choice((1, 1, 2, 3, 7, 40)))
        if kind < 8:
            return quote(self.pick.choice(self.known), safe="/:?=&")
        return self.spelled(self.value()[:2_000])

    def body(self, token: str) -> tuple[str, bytes]:
        """A type and what is sent as it: forms with a right token mostly, else something else."""
        pairs = [*self.pairs(), *((name, self.value()) for name in self.pick.sample(self.names, self.times(8)))]
        how = self.pick.randrange(12)
        if how == 0:
            return "application/json", self.json()
        if how == 1:
            return self.pick.choice(("multipart/form-data", "text/plain", "\xff", "application/xml")), self.bytes()
        if how < 5:
            return "multipart/form-data; boundary=b", self.multipart([("csrf_token", token), *pairs])
        raw = [(name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass")) for name, value in pairs]
        return "application/x-www-form-urlencoded", urlencode([(b"csrf_token", token.encode()), *raw]).encode()

    def multipart(self, pairs: list[tuple[str, str]]) -> bytes:
        made = io.BytesIO()
        for name, value in pairs:
            file = f'; filename="{self.pick.choice(PARTS)}.tsv"' if self.one_in(4) else ""
            made.write(f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode("utf-8", "replace"))
            made.write(value.encode("utf-8", "surrogatepass") + b"\r\n")
        return made.getvalue() + (b"--b--\r\n" if not self.one_in(6) else b"--b")

    def json(self) -> bytes:
        told: Any = {
            name: self.pick.choice((self.value(), [self.value()] * 3, 10**30, None, {"a": []}))
            for name, _ in self.pairs()
        }
        deep = b"[" * 20_000 if self.one_in(20) else b""
        return deep + json.dumps(told).encode("utf-8", "surrogatepass")

    def bytes(self) -> bytes:
        return self.pick.randbytes(self.pick.choice((0, 1, 100, 20_000)))

    def request(self, token: str, cookie: str) -> dict[str, Any]:
        """One request as a server hands it on."""
        rule = self.pick.choice(self.rules)
        method = self.pick.choice([each for each in sorted(rule.methods or ()) if each not in ("HEAD", "OPTIONS")])
        method = self.pick.choice(METHODS) if self.one_in(25) else method
        sent, media_type = b"", ""
        if method != "GET" or self.one_in(50):
            media_type, sent = self.body(token)
        path, query = self.path(rule), self.query()
        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": unquoted(path), "QUERY_STRING": latin(query),
            "RAW_URI": latin(f"{path}?{query}"), "REQUEST_URI": latin(f"{path}?{query}"),
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": f"10.0.{self.pick.randrange(256)}.{self.pick.randrange(256)}", "HTTP_COOKIE": cookie,
            "CONTENT_TYPE": media_type, "CONTENT_LENGTH": str(len(sent)), "wsgi.input": io.BytesIO(sent),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        if self.one_in(6):
            name = self.pick.choice(sorted(HEADERS))
            environ[name] = self.pick.choice(HEADERS[name])
        return environ


def unquoted(path: str) -> str:
    """A path as servers give it: its bytes, each as one letter."""
    raw = re.sub(rb"%([0-9a-fA-F]{2})", lambda hexed: bytes([int(hexed[1], 16)]), path.encode("utf-8", "surrogatepass"))
    return raw.decode("latin-1")


def latin(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def sender(seed: int, routes: Map, known: Sequence[str]) -> Sender:
    return Sender(random.Random(seed), sorted(routes.iter_rules(), key=lambda rule: rule.rule), known)
