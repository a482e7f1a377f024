"""How is an address spelled?  What trackers and sessions hang on it is dropped; nothing here asks a server (pure)."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}

# What trackers, portals and sessions hang on an address without changing the page.
NOISE = re.compile(
    r"^(utm_\w+|fbclid|gclid|zarsrc|_ga|p_p_\w+|_\d+_INSTANCE_\w+|p_auth|redirect|inheritredirect|destination"
    r"|jsessionid|phpsessid|sid|session_?id|sess|cfid|cftoken|asp\.net_sessionid|aspxautodetectcookiesupport"
    r"|replytocom|share|ref)$",
    re.I,
)
SESSION = re.compile(r"s=[0-9a-f]{32}", re.I)  # a forum's
HOST = re.compile(r"[\w.-]+", re.A)
SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|sessionid)=[^/?#]*|/\((?:[ASFX]\([^/)]*\))+\)", re.I)
FIRST_PAGE = ("page", "0")  # pagers link back to the first page as page=0, which is the address without it
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
SAFE = "/%:@!$&'()*+,;=-._~"
ESCAPE = re.compile("%([0-9A-Fa-f]{2})")


def canonical(address: str, base: str | None = None, query_keep: Collection[str] = ()) -> str:
    """The one spelling of an address; empty when it is no web address.

    ``query_keep`` names the only query keys that count (`*_cur`: all that end so); without it the known noise is
    dropped.
    """
    try:
        parts = urlsplit(urljoin(base or "", address.strip()))
        host = netloc(parts)
    except ValueError:
        return ""
    if parts.scheme.lower() not in DEFAULT_PORTS or not host:
        return ""
    path = spelled(SESSION_IN_PATH.sub("", parts.path)) or "/"
    return urlunsplit((parts.scheme.lower(), host, path, query(parts.query, query_keep), ""))


def netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if not HOST.fullmatch(host):
        return ""
    return host if parts.port in (None, DEFAULT_PORTS.get(parts.scheme.lower())) else f"{host}:{parts.port}"


def query(text: str, keep: Collection[str]) -> str:
    pairs = [part.partition("=") for part in text.split("&") if part]
    kept = [pair for pair in pairs if counts(unquote(pair[0]), pair[2], keep)]
    return "&".join(sorted(spelled("".join(pair)) for pair in kept))


def counts(key: str, value: str, keep: Collection[str]) -> bool:
    if (key, value) == FIRST_PAGE:
        return False
    if not keep:
        return not (NOISE.match(key) or SESSION.fullmatch(f"{key}={value}"))
    return key in keep or any(each.startswith("*") and key.endswith(each[1:]) for each in keep)


def spelled(text: str) -> str:
    """Percent-encoding in one spelling; the bytes the server sees stay the same."""
    return ESCAPE.sub(escape, quote(text, safe=SAFE + "?"))


def escape(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter in UNRESERVED else found[0].upper()


def spellings(address: str) -> Iterator[str]:
    """An address as it may be known: as it is, without its fragment, with the other scheme, with or without a slash at
    its end, and in our own spelling."""
    yield address
    try:
        parts = urlsplit(address)._replace(fragment="")
    except ValueError:
        return
    if parts.scheme not in DEFAULT_PORTS:
        return
    for scheme in DEFAULT_PORTS:
        for path in dict.fromkeys((parts.path, parts.path.rstrip("/"), parts.path.rstrip("/") + "/")):
            spelling = urlunsplit(parts._replace(scheme=scheme, path=path))
            yield from (spelling, canonical(spelling))
