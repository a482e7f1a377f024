"""With which words are questions read now?  The glossary that comes with the program, and over it what people of the
department say."""

from dataclasses import dataclass
from functools import lru_cache

from indexer.glossary import Glossary, load
from indexer.glossary.laid_over import lay_over
from indexer.store import Store, words


@dataclass(frozen=True, eq=False, slots=True)
class Wordbook:
    """The glossary under its number."""

    number: int
    glossary: Glossary


def wordbook(store: Store) -> Wordbook:
    """The words of the store as they are now; read anew only when they changed."""
    with store.read() as connection:
        number = words.number(connection)
    return of_number(store, number)


@lru_cache(maxsize=4)  # one archive has one at a time; an old and a new one may be read with side by side
def of_number(store: Store, number: int) -> Wordbook:
    """Rows may be newer than their number by a moment; then the next look finds the next number, and reads again."""
    if not number:
        return Wordbook(0, load())
    with store.read() as connection:
        return Wordbook(number, lay_over(words.own(connection)))


def glossary_of(store: Store) -> Glossary:
    """What questions to this archive are read with."""
    return wordbook(store).glossary
