"""From which newspaper was an article copied?  What its byline or its last lines say (pure)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from indexer.article import Article

# A source line is the last line, or stands above the name of who took the pictures.
LAST_LINES = 2
# "Huyền Lê (Theo AFP)" and the like; a sentence that begins with "Theo" is longer.
LONGEST_LINE = 80
LINE = re.compile(r"(?i)(?:^|\(|[-–—] *)(?:theo|nguồn(?: tin)?|source|according to) *:? *(?P<name>.+?)\)?[.\s]*$")
# "Báo Lạng Sơn", "PV Báo Xây dựng", "Lan Anh - Báo Lạng Sơn"; not "dự báo", "thông báo", "Báo cáo năm 2020".
KIND = re.compile(
    r"(?i)(?:^|[-–—,/] *|\b(?:theo|pv|phóng viên) +)(?P<name>(?:báo(?! (?:cáo|giá|hiệu|động)\b)|tạp chí|thời báo"
    r"|đài (?:phát thanh|truyền hình|pt|th)|thông tấn xã)\b.*)"
)
HOST = re.compile(r"(?i)(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:vn|com|net|org)\b")
# Offices write at these addresses; baochinhphu.vn, the government's own newspaper, is one all the same.
OFFICES = (".gov.vn", ".chinhphu.vn", ".quochoi.vn")
# Newspapers and agencies that are named without the word for what they are.
TITLES = frozenset(
    name
    for line in """
    ttxvn, vna, vietnam+, vietnamplus, vietnam plus, vnexpress, vne, vietnamnet, vnn, dân trí, tuổi trẻ,
    tuổi trẻ online, thanh niên, nhân dân, lao động, người lao động, tiền phong, dân việt, zing, zing news, znews,
    vov, vtv, vtc, vtc news, an ninh thủ đô, tổ quốc, tri thức trực tuyến, sài gòn giải phóng, sggp, hà nội mới,
    quân đội nhân dân, công an nhân dân, pháp luật tp. hcm, kinh tế và đô thị, kinh tế & đô thị, đại đoàn kết,
    tin tức, đầu tư, người đưa tin, soha, cafef, kênh 14, infonet, giáo dục và thời đại, afp, ap, reuters, bbc, cnn,
    tass, sputnik, scmp, tân hoa xã, xinhua, al jazeera
    """.splitlines()
    for name in (each.strip() for each in line.split(","))
    if name
)


def newspaper(article: Article) -> str:
    """The newspaper that the article says it was copied from; "" when it names none, or only the one it stands in."""
    found = next((name for said in said_sources(article) if (name := named(said))), "")
    return "" if found and host(article.address).endswith(bare(found)) else found


def said_sources(article: Article) -> Iterator[str]:
    """What the byline and the last lines give as the source."""
    yield article.author
    lines = [line.strip() for line in article.body.split("\n") if line.strip()]
    for line in reversed(lines[-LAST_LINES:]):
        said = LINE.search(line) if len(line) <= LONGEST_LINE else None
        if said:
            yield said["name"]


def named(said: str) -> str:
    """The newspaper in a source line, as it is written there."""
    said = said.strip(" ().:")
    if len(said) > LONGEST_LINE:
        return ""
    hosts = [each[0] for each in HOST.finditer(said) if not f".{each[0].lower()}".endswith(OFFICES)]
    if hosts:
        return hosts[0]
    kind = KIND.search(said)
    if kind:
        return kind["name"]
    return next((part.strip() for part in re.split(r" */ *| [-–—] |[,;]", said) if title(part) in TITLES), "")


def title(part: str) -> str:
    return re.sub(r"^theo\b", "", part.strip(" .:").lower()).strip()


def bare(name: str) -> str:
    return name.lower().removeprefix("www.")


def host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
