"""How does SQLite FTS5 answer?  bm25, top 10 and count only: it has neither facets nor a timeline."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from indexer.ranking import EVIDENCE, PARTS, ZONE_WEIGHTS
from tests.bench.needs import Clause, Need
from tests.bench.peers import KINDS, TOP, ZONES, Held, field

FILE = "fts5.db"
COLUMNS = [field(zone, kind) for zone in ZONES for kind in KINDS]
# FTS5 weighs columns, not terms: what a term's evidence and zone say together
KIND_WEIGHTS = {"written": EVIDENCE["exact"], "key": 0.8, "bare": 0.8, "beside": PARTS["words"]}
# All letters, digits and signs belong to terms; blanks part them. Text is handed over without punctuation.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"


class Writer:
    def __init__(self, folder: Path) -> None:
        self.database = sqlite3.connect(folder / FILE)
        self.database.execute("PRAGMA journal_mode = OFF")
        for table, columns in (("evidence", COLUMNS), ("plain", list(ZONES))):
            made = f"{', '.join(columns)}, content='', tokenize=\"{TOKENIZER}\""
            self.database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({made})")
        weights = ", ".join(str(ZONE_WEIGHTS[zone] * KIND_WEIGHTS[kind]) for zone in ZONES for kind in KINDS)
        self.weigh("evidence", weights)
        self.weigh("plain", ", ".join(str(ZONE_WEIGHTS[zone]) for zone in ZONES))

    def weigh(self, table: str, weights: str) -> None:
        self.database.execute(f"INSERT INTO {table}({table}, rank) VALUES ('rank', 'bm25({weights})')")

    def add(self, held: Held) -> None:
        cut = {name: text if name.endswith("beside") else letters(text) for name, text in held.fields.items()}
        self.insert("evidence", held.number, [cut[name] for name in COLUMNS])
        self.insert("plain", held.number, [cut[field(zone, "written")] for zone in ZONES])

    def insert(self, table: str, number: int, values: list[str]) -> None:
        marks = ", ".join("?" * (len(values) + 1))
        columns = ", ".join(COLUMNS if table == "evidence" else ZONES)
        self.database.execute(f"INSERT INTO {table}(rowid, {columns}) VALUES ({marks})", [number, *values])

    def close(self) -> None:
        for table in ("evidence", "plain"):
            self.database.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")
        self.database.commit()
        self.database.close()


def letters(text: str) -> str:
    return "".join(letter.lower() if letter.isalnum() else " " for letter in text)


class Fts5:
    """The syllables of a question as they are written, joined by OR or AND, over the zones."""

    def __init__(self, folder: Path, joined_by: str) -> None:
        self.database = sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)
        self.database.execute("PRAGMA mmap_size = 4000000000")
        self.joined_by, self.name, self.table = joined_by, f"FTS5 {joined_by}", "plain"

    def prepared(self, need: Need) -> str | None:
        """None for filters: a full-text table alone has none."""
        if need.query.filters:
            return None
        syllables = letters(need.query.q).split()
        return f" {self.joined_by} ".join(f'"{each}"' for each in dict.fromkeys(syllables))

    def ask(self, prepared: str) -> int:
        table = self.table
        self.database.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT {TOP}", (prepared,)
        ).fetchall()
        total = self.database.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH ?", (prepared,)).fetchone()
        return int(total[0])


class Evidence(Fts5):
    """All that speaks for an article, joined by OR, over the same zones and evidence as ours."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "OR")
        self.name, self.table = "FTS5 OR over all evidence", "evidence"

    def prepared(self, need: Need) -> str | None:
        if need.query.filters:
            return None
        groups: Iterable[Clause] = (*(clause for group in need.must for clause in group), *need.should)
        return " OR ".join(dict.fromkeys(map(told, groups)))


def told(clause: Clause) -> str:
    columns = " ".join(field(zone, clause.kind) for zone in ZONES)
    quoted = " ".join(clause.terms).replace('"', '""')
    return f'({{{columns}}} : "{quoted}")'
