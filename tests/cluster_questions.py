"""What may be asked of an archive?  Questions of every kind, put together by chance from its own words."""

import random
from collections.abc import Callable, Iterator, Sequence

from indexer.article import Kept
from indexer.language import fold, words
from indexer.query import Query, from_parameters

ENGLISH = (
    "social housing", "construction permit", "urban planning", "land price", "bank", "the road to the border",
    "permits issued by the department", "water supply", "fire safety in buildings", "an", "to do", "covid-19",
)  # fmt: skip
FIXED = (
    "788/QĐ-UBND",
    "788",
    "338 qd ttg",
    "QĐ-UBND",
    "nghị định 15/2021",
    "15/2021/NĐ-CP",
    "tháng 9/2024",
    "quý III",
    "September 2024",
    "năm 2023",
    "1.250.000 đồng",
    "80 m²",
    "NOXH",
    "UBND tỉnh",
    "Lạng Sơn",
    "lang son",
    "huyện Cao Lộc",
    "nhà ở xã hội là gì",
    "thế nào là quy hoạch xây dựng",
    "ở đâu",
    "number:788",
    'place:"Lạng Sơn"',
    'section:"tin tức"',
    "source:soxd",
    "date:2024",
    "date:2023-05..2024-02",
    'title:"quy hoạch"',
    "body:xây",
    "author:hà",
    "!!!",
    "",
    "zzzz",
    "nhà AND (đất OR đường) -cầu",
    "NOT nhà",
    "-đất",
    "nha o xa hội",
    "hoà",
    "hòa bình",
    "quí",
    "Sở Xây dựng",
    "SỞ XÂY DỰNG",
)
FACET_NAMES = (
    "year",
    "section",
    "source",
    "unit",
    "language",
    "kind",
    "number",
    "place",
    "attachment",
    "state",
    "department",
)


class Asker:
    """One who asks; what comes is decided by the seed alone."""

    def __init__(self, kept: Sequence[Kept], facets: dict[str, list[tuple[str, int]]], seed: int = 7) -> None:
        self.pick = random.Random(seed)
        texts = (f"{each.article.title}\n{each.article.lead}\n{each.article.body}" for each in kept)
        self.lines = [found for text in texts for line in text.split("\n") if len(found := words.syllables(line)) > 3]
        self.facets = facets

    def run(self, most: int = 4) -> str:
        """Some syllables as they stand side by side."""
        line = self.pick.choice(self.lines)
        size = min(self.pick.randint(1, most), len(line))
        first = self.pick.randrange(len(line) - size + 1)
        return " ".join(token.term for token in line[first : first + size])

    def word(self) -> str:
        return self.run(1)

    def slip(self) -> str:
        word = self.word()
        at = self.pick.randrange(len(word))
        return word[:at] + self.pick.choice("aơbcđe") + word[at + self.pick.randint(0, 1) :]

    def line(self) -> str:
        ways: tuple[Callable[[], str], ...] = (
            self.run,
            self.run,
            lambda: self.run(8),
            lambda: fold.bare(self.run()),
            lambda: f"{self.run()} {self.run()}",
            lambda: fold.bare(f"{self.run()} {self.run(2)}"),
            lambda: f'"{self.run()}"',
            lambda: f'"{fold.bare(self.run())}" {self.word()}',
            lambda: f'"{self.word()} {self.word()}"~{self.pick.randint(1, 9)}',
            lambda: f'"{self.run(3)}"~{self.pick.randint(1, 30)}',
            lambda: f"{self.run()} -{self.word()}",
            lambda: f'{self.word()} -"{self.run(2)}"',
            lambda: f"{self.run(2)} OR {self.run(2)}",
            lambda: f"({self.word()} OR {self.word()}) {self.word()}",
            lambda: f"title:{self.word()} {self.word()}",
            lambda: f'body:"{self.run(3)}"',
            lambda: f"{self.word()[:3]}*",
            lambda: f"{fold.bare(self.word())[:2]}* {self.word()}",
            lambda: f"{self.slip()}~",
            lambda: fold.bare(self.slip()) + "~",
            self.slip,
            lambda: self.half(self.run()),
            lambda: self.run().upper(),
            lambda: self.run().title(),
            lambda: self.pick.choice(ENGLISH),
            lambda: f"{self.pick.choice(ENGLISH)} {self.run(1)}",
            lambda: self.pick.choice(FIXED),
            lambda: f"{self.pick.choice(FIXED)} {self.run(2)}",
        )
        return self.pick.choice(ways)()

    def half(self, text: str) -> str:
        return " ".join(fold.bare(each) if self.pick.random() < 0.5 else each for each in text.split())

    def parameters(self) -> dict[str, list[str]]:
        given = {"q": [self.line()]}
        chance = self.pick.random
        if chance() < 0.25:
            name = self.pick.choice(FACET_NAMES)
            values = [value for value, _ in self.facets.get(name, ()) if value]
            if values:
                chosen = self.pick.sample(values, min(self.pick.randint(1, 2), len(values)))
                given[name] = [("-" if chance() < 0.3 else "") + each for each in chosen]
        if chance() < 0.15:
            given["from"] = [str(self.pick.randint(2019, 2026))]
        if chance() < 0.1:
            given["to"] = [f"{self.pick.randint(2020, 2026)}-{self.pick.randint(1, 12):02}"]
        if chance() < 0.1:
            given["undated"] = [self.pick.choice("01")]
        if chance() < 0.1:
            given["exact"] = ["1"]
        if chance() < 0.3:
            given["sort"] = [self.pick.choice(("newest", "oldest", "relevance"))]
        if chance() < 0.2:
            given["page"] = [str(self.pick.randint(2, 4))]
        return given

    def queries(self, count: int) -> Iterator[Query]:
        for _ in range(count):
            yield from_parameters(self.parameters())[0]
