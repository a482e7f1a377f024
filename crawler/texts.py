"""Which blocks are the text, which are captions, and which does the site print into every article?"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from crawler.addresses import file_of
from crawler.blocks import Block, prose
from crawler.byline import SENTENCE_ENDS, byline
from crawler.content import Content
from crawler.dates import is_date_line
from crawler.furniture import MOST
from crawler.profiles import Profile
from crawler.selectors import select
from crawler.tree import Element, attribute, inside, under, words_of

FURNITURE_LINE = re.compile(
    r"^(tác giả|nguồn( tin)?|thích và chia sẻ|tags?)\W*$"
    r"|^((số )?lượt (xem|truy cập)|đã xem|in (bài viết|trang)|bản in|gửi (email|bài viết)|chia sẻ|quay lại"
    r"|cỡ chữ|về trang trước|đầu trang|tổng số điểm của bài viết|đọc bài viết|facebook|zalo|twitter|print"
    r"|share|views?|captions?|text size|(published|posted|updated) \w{0,9}\s?\d"
    r"|quảng cáo|advert(isement)?|close|tags?:|continue reading|image \d+ of|story continues"
    r"|image (copyright|caption))"
    r"\b.{0,40}$",
    re.I,
)
# What news sites say about themselves under an article.
APPEAL = re.compile(
    r"^(sign up|subscribe|follow \w+|write to|email [\w ]+ at|reach the reporters?|click here|get (the|access)"
    r"|have a tip|additional reporting|\(?reporting by|listen to|like this story"
    r"|opinions expressed|our standards|tell us what you think|this (slideshow|video|document)|citation:)\b.{0,200}$",
    re.I,
)
# What editors type where a picture's description is asked for: a number, a file's name, a camera's number.
ALT = re.compile(r"^(\d{1,3}|\S+\.(jpe?g|png|gif|bmp|webp)|(IMG|DSC|DSCN|image|P)[_-]?\d{2,}\S*)$", re.I)
LITTLE = 0.3  # of the text: more before the heading belongs to it
BY = re.compile(r"^by [A-Z].{0,80}$", re.I)

CAPTION_WORDS = 40
CAPTION_REPEATED = 40  # letters: less may be a word that a sentence repeats
CAPTION_LENGTH = 200  # characters; captions of the kind seen have 60 to 105
NUMBERED = re.compile(r"^([-+*•]|\d+[.)]|[IVX]+\.)\s")
CREDIT = re.compile(r"^\W*(photo|image|picture|ảnh|nguồn ảnh)( by| credit| courtesy)?\s*:.{0,80}$", re.I)
GALLERY = re.compile(r"gallery|slideshow|carousel|slider|album", re.I)
CENTRED = re.compile(r"center|caption|italic", re.I)


def parted(content: Content, profile: Profile, title: str) -> tuple[list[Block], tuple[str, ...]]:
    """The text's blocks without furniture, and the captions apart."""
    marked = marked_captions(content, profile)
    texts: list[Block] = []
    captions: list[str] = []
    after_picture = False
    for block in behind_title(content, title):
        if block.kind == "picture":
            after_picture = True
        elif is_furniture_line(block, title, at_start=not texts) or names_a_file(block) or is_told(block, captions):
            continue
        elif is_caption(block, marked, after_picture):
            captions.append(block.text.removeprefix("- "))
            after_picture = False
        else:
            texts.append(block)
            after_picture = False
    return texts, tuple(dict.fromkeys(captions))


def behind_title(content: Content, title: str) -> Sequence[Block]:
    """A box that was guessed may begin before the article's heading, with what the site puts there."""
    if content.confidence == "high":
        return content.blocks
    headed = next((place for place, block in enumerate(content.blocks) if same(block.text, title)), 0)
    before, behind = content.blocks[:headed], content.blocks[headed:]
    return behind if prose(before) < LITTLE * prose(behind) else content.blocks


def marked_captions(content: Content, profile: Profile) -> frozenset[Element]:
    """The elements that hold captions, as the profile or their names say."""
    if content.part is None:
        return frozenset()
    told = select(content.part, ", ".join(profile.caption)) if profile.caption else []
    whole = len(words_of(content.part))
    named = (each for each in content.part.iterdescendants() if GALLERY.search(each.get("class", "")))
    return frozenset((*told, *(each for each in named if len(words_of(each)) < MOST * whole)))


def is_furniture_line(block: Block, title: str, *, at_start: bool) -> bool:
    if block.kind in ("row", "item"):
        return False
    if at_start and (is_title(block.text, title) or is_date_line(block.text) or BY.match(block.text)):
        return True
    return bool(ALT.match(block.text) or FURNITURE_LINE.match(block.text) or APPEAL.match(block.text))


def is_told(block: Block, captions: Sequence[str]) -> bool:
    """Galleries show a caption twice, and once more without its end."""
    words = letters(block.text) if captions else ""
    return len(words) >= CAPTION_REPEATED and any(letters(caption).startswith(words) for caption in captions)


def is_title(text: str, title: str) -> bool:
    """The title, alone or with its date on the same line."""
    words, named = letters(text), letters(title)
    return words == named or (bool(named) and words.startswith(named) and is_date_line(text[len(title) :]))


# As `letters` leaves it: "Tệp đính kèm:", "File đính kèm", "Tải về:".
FILES_LABEL = re.compile(
    r"^(các|những)?(tệp|tập|file|tài|văn)?(tin|liệu|bản)?(đính|gửi)?kèm(theo)?|^(tải|download)\w{0,6}"
)


def names_a_file(block: Block) -> bool:
    """Nothing but links to files, behind a label: files are kept under their names, beside the text."""
    links = block.tag.iter("a") if block.kind != "row" else ()
    files = [link for link in links if file_of(attribute(link, "href"))]
    named = letters("".join(map(words_of, files)))
    line = letters(words_of(block.tag))
    return bool(files) and named in (line, FILES_LABEL.sub("", line))


def is_caption(block: Block, marked: Collection[Element], after_picture: bool) -> bool:
    if block.kind == "caption" or inside(block.tag, marked) or CREDIT.match(block.text):
        return True
    return after_picture and looks_like_caption(block)


def looks_like_caption(block: Block) -> bool:
    """Right after a picture: a centred or italic line, or a short one without a full stop."""
    text = block.text
    if block.kind != "text" or len(text.split()) > CAPTION_WORDS or byline(text) or NUMBERED.match(text):
        return False
    look = " ".join(attribute(block.tag, name) for name in ("class", "style", "align"))
    if CENTRED.search(look) or wrapped_in(block, "em", "i"):
        return True
    short = len(text) <= CAPTION_LENGTH and not text.endswith(SENTENCE_ENDS)
    return short and not wrapped_in(block, "strong", "b")


def wrapped_in(block: Block, *names: str) -> bool:
    """Is all of the block's text inside elements of these names?"""
    inner = "".join(map(words_of, under(block.tag, names)))
    return block.tag.tag in names or same(inner, words_of(block.tag))


def same(one: str, other: str) -> bool:
    """The same words, whatever the case, spacing and signs between them."""
    if not one or len(one) > 3 * len(other) + 9 or len(other) > 3 * len(one) + 9:  # asked often, seldom so
        return False
    return letters(one) == letters(other)


SIGNS = re.compile(r"[\W_]+")


@lru_cache(1_000)  # a title is compared with every line of its page
def letters(text: str) -> str:
    return SIGNS.sub("", text.casefold())
