"""What of an article may be taken away?  All of it; of a newspaper's article what it is and a passage (pure)."""

from dataclasses import dataclass

from indexer.article import Article, Kept
from indexer.passages import Passage
from indexer.personal import veiled
from web.citing.letters import one_line
from web.citing.record import Citation


@dataclass(frozen=True, slots=True)
class Item:
    """An article on its way out. ``reprint`` names the newspaper it was copied from; ``whole``: its text goes along."""

    kept: Kept
    citation: Citation
    reprint: str = ""
    whole: bool = True
    passages: tuple[str, ...] = ()

    @property
    def article(self) -> Article:
        """Its texts as they leave: the numbers of private people hidden."""
        return veiled(self.kept.article)


def quoted(passage: Passage) -> str:
    """A passage as it is printed, with dots where it was cut."""
    return one_line(f"{'… ' if passage.cut_before else ''}{passage.text}{' …' if passage.cut_after else ''}")
