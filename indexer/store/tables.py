"""Which tables does the database have?  Every column once; migrations bring older databases here."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC: SQLite itself forgets zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


# A whole number of 64 bits, as SQLite's are.
Integer = sqlalchemy.Integer().with_variant(BigInteger(), "postgresql")

metadata = MetaData()

# One row: the name of this archive, which every index carries.
archive = Table("archive", metadata, Column("store_id", String, primary_key=True), Column("made_at", Moment))

# The last change number given out in each lane.
lanes = Table("lanes", metadata, Column("lane", String, primary_key=True), Column("last", Integer, nullable=False))

# Whose sources they are: each with names and logo of its own. Most archives have none, and know of none.
departments = Table(
    "departments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("short", String, nullable=False, unique=True),  # in addresses
    Column("name_vi", String, nullable=False),
    Column("name_en", String, nullable=False),
    Column("logo", LargeBinary),
    Column("logo_digest", String, nullable=False, default="", server_default=""),
    Column("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("address", String, nullable=False, default=""),
    Column("profile", String, nullable=False, default=""),
    Column("overrides", Text, nullable=False, default=""),
    Column("delay_seconds", Float),
    Column("allow_private", Boolean, nullable=False, default=False),
    Column("made_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Column("hosts", String, nullable=False, default="", server_default=""),
    Column("ca_file", String, nullable=False, default="", server_default=""),
    Column("legacy_tls", Boolean, nullable=False, default=False, server_default=false()),
    Column("keep_images", Boolean, nullable=False, default=True, server_default=true()),
    Column("boilerplate", Text, nullable=False, default="", server_default=""),
    Column("probe", JSON, nullable=False, default=dict, server_default="{}"),
    Column("probed_at", Moment),
    Column("paused_at", Moment),
    Column("max_pages", Integer),
    Column("department_id", Integer),  # of `departments`; SQLite takes no constraint with a later column
    Index("sources_by_department", "department_id"),
)

# What the crawler knows of each address: its frontier and its memory between rounds.
addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("address", String, nullable=False),
    Column("kind", String, nullable=False),  # start, list, article, file, other, image, feed
    Column("state", String, nullable=False),  # waiting, kept, failed, gone, ignored, alias, stored, shut
    Column("depth", Integer, nullable=False, default=0),
    Column("found_on", String, nullable=False, default=""),
    Column("link_text", String, nullable=False, default=""),
    Column("list_date", Moment),
    Column("etag", String, nullable=False, default=""),
    Column("last_modified", String, nullable=False, default=""),
    Column("digest", String, nullable=False, default=""),
    Column("round_id", Integer),  # the last round that settled it
    Column("tries", Integer, nullable=False, default=0),
    Column("status", Integer),
    Column("problem", String, nullable=False, default=""),
    Column("first_seen", Moment, nullable=False),
    Column("last_fetched", Moment),
    Column("missing_since", Moment),
    Column("article_id", ForeignKey("articles.id")),
    Column("same_since", Moment),
    Column("rest_until", Moment),
    UniqueConstraint("source_id", "address"),
    Index("addresses_by_round", "source_id", "round_id"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("state", String, nullable=False),  # running, done, failed, cancelled, interrupted
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("report", JSON, nullable=False, default=dict),
    sqlite_autoincrement=True,
)

captures = Table(
    "captures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("round_id", ForeignKey("rounds.id"), nullable=False),
    Column("address", String, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", String, nullable=False, default=""),
    Column("digest", String, nullable=False, default=""),
    Column("bytes", Integer, nullable=False, default=0),
    Column("warc_file", String, nullable=False),
    Column("warc_offset", Integer, nullable=False),
    Column("warc_length", Integer, nullable=False),
    Column("revisit", Boolean, nullable=False, default=False),
    # What the bytes were digested to when they came, where words of a destroyed article were taken out of them since.
    Column("came_as", String, nullable=False, default="", server_default=""),
    Index("captures_by_address", "source_id", "address"),
    Index("captures_by_place", "warc_file", "warc_offset", unique=True),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("external_id", String),
    Column("address", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("captions", JSON, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("author", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("section", String, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("language", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("published", Moment),
    Column("date_source", String, nullable=False),
    Column("updated", Moment),
    Column("event_date", Date),
    Column("profile", String, nullable=False),
    Column("extractor", Integer, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("gone_at", Moment),
    Column("restricted_at", Moment),
    Column("merged_into", ForeignKey("articles.id")),
    Column("destroyed_at", Moment),
    Column("versions", Integer, nullable=False),
    Column("signature", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("change", Integer, nullable=False),
    UniqueConstraint("source_id", "external_id"),
    Index("articles_by_change", "lane", "change"),
    Index("articles_by_signature", "source_id", "signature"),
    Index("articles_restricted", "restricted_at"),
    Index("articles_merged", "merged_into"),
    Index("articles_by_arrival", "source_id", "first_seen"),
    Index("articles_first_seen", "first_seen", "source_id", "merged_into"),
    Index("articles_gone", "gone_at", "source_id", "merged_into"),
    sqlite_autoincrement=True,  # an article's number is never used again
)

# Every address under which a page was met leads to its article.
aliases = Table(
    "aliases",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("address", String, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Index("aliases_by_article", "article_id"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("capture_id", ForeignKey("captures.id")),
    Column("captured_at", Moment, nullable=False),
    Column("signature", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("captions", JSON, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("extractor", Integer, nullable=False),
    UniqueConstraint("article_id", "number"),
    Index("versions_by_time", "captured_at", "number", "article_id"),
)

# Which articles link to which file, so that a file's text reaches them when it arrives.
file_links = Table(
    "file_links",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("address", String, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("cron", String, nullable=False),
    Column("time_zone", String, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("next_due", Moment),
    Column("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("lane", String, nullable=False),  # round, short
    Column("source_id", ForeignKey("sources.id")),
    Column("schedule_id", Integer),
    Column("due_at", Moment),
    Column("arguments", JSON, nullable=False),
    Column("state", String, nullable=False),  # waiting, running, done, failed, cancelled, interrupted, joined
    Column("asked_by", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("worker", String, nullable=False, default=""),
    Column("beat_at", Moment),
    Column("cancel_at", Moment),
    Column("joined_to", ForeignKey("jobs.id")),
    Column("progress", JSON, nullable=False),
    Column("report", JSON, nullable=False),
    Column("problem", String, nullable=False, default=""),
    UniqueConstraint("schedule_id", "due_at"),
    Index("jobs_by_state", "state", "lane"),
    sqlite_autoincrement=True,
)

job_lines = Table(
    "job_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("line", Text, nullable=False),  # English, with places for the values
    Column("values", JSON, nullable=False, default=dict, server_default="{}"),
    Column("detail", Text, nullable=False, default="", server_default=""),  # as machines told it
    Index("job_lines_by_job", "job_id"),
)

# Who holds what, and until when, unless renewed: the round of a host, a running job.
leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("job_id", Integer),
    Column("until", Moment, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("password_hash", String, nullable=False),
    Column("role", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("session_salt", LargeBinary, nullable=False),
    Column("signed_in_at", Moment),
)

# Which admins and editors look after some departments alone; who stands here nowhere looks after the whole archive.
keepers = Table(
    "keepers",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("department_id", ForeignKey("departments.id"), primary_key=True),
)

failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("failed_sign_ins_by_name", "name", "at"),
)

# Who decided what about which article or setting, and why.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("before", JSON),  # what was changed, by the names of the fields: as it was
    Column("after", JSON),  # and as it is now
)

# What an admin should know of until it is over: one row for each time that a cause arose.
alarms = Table(
    "alarms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cause", String, nullable=False),  # "quiet source 3": the same words for the same trouble
    Column("message", Text, nullable=False),  # English, with places for the values
    Column("values", JSON, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("told_at", Moment),  # when letters to the admins were written; and that it is over
    Column("end_told_at", Moment),
    Index("alarms_by_cause", "cause", "ended_at"),
    sqlite_autoincrement=True,
)

# What readers report of articles: mistakes, wishes that one be taken down.
requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("kind", String, nullable=False),  # personal-data, wrong, copyright, other
    Column("text", Text, nullable=False),
    Column("contact", String, nullable=False),
    Column("answered_at", Moment),
    Column("answered_by", String, nullable=False, default=""),
    Column("answer", Text, nullable=False, default=""),  # what was done about it, and why
    Column("state", String, nullable=False, server_default="new"),  # new, examined, granted, partly, refused, answered
    Column("due_at", Moment),
    Index("requests_by_answer", "answered_at"),
    sqlite_autoincrement=True,
)

# What the archive taught about its words, each time it was asked; numbers are never reused.
lessons = Table(
    "lessons",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("articles", Integer, nullable=False),  # how many there were
    Column("compounds", LargeBinary, nullable=False),  # compressed: a word of several syllables a line
    Column("accents", LargeBinary, nullable=False),  # compressed: plain pair, accented pair, how often
    sqlite_autoincrement=True,
)

# Where letters to a person go; nothing but the letter that asks for it is sent before the address is confirmed.
mailboxes = Table(
    "mailboxes",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("address", String, nullable=False),
    Column("language", String, nullable=False),
    Column("nonce", String, nullable=False, unique=True),  # what signed links name: another with each address
    Column("confirmed_at", Moment),
    Column("refusals", Integer, nullable=False, default=0),
    Column("off_at", Moment),
    Column("problem", String, nullable=False, default=""),
    Column("notices", Boolean, nullable=False, default=True, server_default=true()),  # of troubles, to admins
)

# Letters that have not left yet.
letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # confirm, reset, invite, digest, notice
    Column("account_id", ForeignKey("accounts.id")),
    Column("content", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_try", Moment, nullable=False),
    Index("letters_by_time", "next_try"),
    sqlite_autoincrement=True,
)

# Who may make an account by a link that works once.
invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("nonce", String, nullable=False, unique=True),
    Column("made_by", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# How often something was asked for lately; the buckets are digests, so that they name nobody.
knocks = Table(
    "knocks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bucket", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("knocks_by_bucket", "bucket", "at"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("question", Text, nullable=False),  # as the address of its results has it
    Column("alert", String, nullable=False),  # none, daily, weekly
    Column("made_at", Moment, nullable=False),
    Column("known_up_to", Integer, nullable=False),  # articles up to this number were there before
    Column("due_at", Moment),
    Index("saved_searches_by_account", "account_id"),
    Index("saved_searches_due", "due_at"),
    sqlite_autoincrement=True,
)

# Which articles a search was told of already.
announced = Table(
    "announced",
    metadata,
    Column("search_id", ForeignKey("saved_searches.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
)

collections = Table(
    "collections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("made_at", Moment, nullable=False),
    Index("collections_by_account", "account_id"),
    sqlite_autoincrement=True,
)

collected = Table(
    "collected",
    metadata,
    Column("collection_id", ForeignKey("collections.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("note", Text, nullable=False, default=""),
    Column("tags", JSON, nullable=False),
    Column("added_at", Moment, nullable=False),
)

# Who is signed in, and on which device. A session ends by itself when its account's fingerprint changes.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("digest", String, nullable=False, unique=True),  # of the secret in the cookie
    Column("fingerprint", String, nullable=False),
    Column("device", String, nullable=False, default=""),  # "Firefox, Windows"
    Column("network", String, nullable=False, default=""),  # shortened, or nothing
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("sessions_by_account", "account_id"),
    sqlite_autoincrement=True,
)

# What a person proves beside the password. The secret is sealed with a key that is made of the data folder's own.
second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("confirmed_at", Moment),  # it counts from then on
    Column("last_step", Integer, nullable=False, default=0),  # no code up to this one is taken again
)

# What opens in place of a code, once each; only their Argon2 hashes are kept.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("hash", String, nullable=False),
    Index("recovery_codes_by_account", "account_id"),
)

# What programs show in place of a password; only a digest is kept.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    Index("tokens_by_account", "account_id"),
    sqlite_autoincrement=True,
)

# Who came in, who was refused, whose way in was changed: apart from the decisions, and kept for a shorter time.
security_events = Table(
    "security_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String, nullable=False),
    Column("who", String, nullable=False),  # the account; empty for a name that there is not
    Column("about", String, nullable=False, default=""),
    Column("network", String, nullable=False, default=""),
    Index("security_events_by_time", "at"),
    sqlite_autoincrement=True,
)

# Each time that all records of fetched pages were read again, how far that came and what it found.
fixity_checks = Table(
    "fixity_checks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("last_capture", Integer, nullable=False, default=0),
    Column("records", Integer, nullable=False, default=0),
    Column("damaged", JSON, nullable=False),
)

# Which articles are to be, or were, destroyed by whose decision, and how far that has come.
destructions = Table(
    "destructions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("decision", String, nullable=False),  # its number
    Column("decided_on", Date, nullable=False),
    Column("signed_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("step", String, nullable=False),  # the next one: see indexer/destroy.py
    Column("left_over", JSON, nullable=False, default=list),  # files that nothing names any more
    Column("tried_at", Moment),
    Column("finished_at", Moment),
    Index("destructions_by_article", "article_id"),
    sqlite_autoincrement=True,
)

# What never comes in again: addresses of destroyed pages and files, and digests of what they said.
barred = Table(
    "barred",
    metadata,
    Column("mark", String, primary_key=True),
    Column("destruction_id", ForeignKey("destructions.id"), nullable=False),
)

# What people of the department say about words, over the glossary that comes with the program: terms of their own,
# terms that are switched off, compounds. Names of one kind stand in one cell, `|` between them.
words = Table(
    "words",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # term, off, compound
    Column("vi", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("short", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String, nullable=False),
    UniqueConstraint("kind", "vi", "en", "short"),
    sqlite_autoincrement=True,
)

# One row for each change of the words; the last number tells every process whether what it holds is still right.
word_changes = Table(
    "word_changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# What was asked on which day; nobody's name, nobody's address.
questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("folded", Text, nullable=False),  # without accents, capitals and spare blanks: one question
    Column("text", Text, nullable=False),  # as it was typed last, with accents where somebody typed them
    Column("asked", Integer, nullable=False),
    Column("missed", Integer, nullable=False),  # how often it found nothing
    Column("sessions", Integer, nullable=False),  # how many people of that day
    Column("last_at", Moment, nullable=False),
    UniqueConstraint("day", "folded"),
    Index("questions_missed", "folded", sqlite_where=text("missed > 0"), postgresql_where=text("missed > 0")),
    sqlite_autoincrement=True,
)

# Only of the running day: which questions came from the same place. Salted and of one question each, so that no two
# questions of a person can be put together; emptied when the day is over.
question_sessions = Table(
    "question_sessions",
    metadata,
    Column("question_id", ForeignKey("questions.id"), primary_key=True),
    Column("session", LargeBinary, primary_key=True),
)

question_days = Table(
    "question_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
)

# How many answers of a day took about so long.
question_times = Table(
    "question_times",
    metadata,
    Column("day", Date, primary_key=True),
    Column("milliseconds", Integer, primary_key=True),
    Column("answers", Integer, nullable=False),
)

# One row, written over each day: yesterday's salt is nowhere any more.
question_salt = Table(
    "question_salt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)

# What became of a question that found nothing.
missed_marks = Table(
    "missed_marks",
    metadata,
    Column("folded", Text, primary_key=True),
    Column("ignored_at", Moment),
    Column("tested_at", Moment),
    Column("found", Integer, nullable=False, default=0),  # when it was last asked again
    Column("mended_at", Moment),  # since when it finds something
)
# What an admin says of a field of an article, beside what its source says; a later word on the field withdraws it.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("field", String, nullable=False),  # title, lead, body, date, author, section, unit
    Column("text", Text, nullable=False),
    Column("was", Text, nullable=False),  # what the source said then
    Column("reason", Text, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index("corrections_by_article", "article_id", "withdrawn_at"),
    sqlite_autoincrement=True,
)

# Where personal data was found, by the text that holds it, and what was decided about that text.
findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("part", String, nullable=False),  # a file's address; empty for the page itself
    Column("signature", String, nullable=False),
    Column("kinds", JSON, nullable=False),  # how many of each kind
    Column("state", String, nullable=False),  # listed, withheld: to be decided; public, kept: decided
    Column("found_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", String, nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),  # of a withheld file: kept here and nowhere else
    Column("problem", String, nullable=False, default=""),  # what had been said of the file beside its text
    Column("digest", String, nullable=False, default=""),  # of the file's bytes
    UniqueConstraint("article_id", "part", "signature"),
    Index("findings_by_state", "state"),
    Index("findings_by_signature", "signature"),
    sqlite_autoincrement=True,
)

# A look at a site before it is crawled, or before it is read in another way: nothing of it is in the archive.
previews = Table(
    "previews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id")),  # none: it is not yet a source
    Column("settings", JSON, nullable=False),
    Column("report", JSON, nullable=False),
    Column("trial", JSON, nullable=False),  # lines for its profile that are tried on the kept pages, and what they give
    Column("job_id", Integer),
    Column("made_by", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

preview_pages = Table(
    "preview_pages",
    metadata,
    Column("preview_id", ForeignKey("previews.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # 0: the start page
    Column("address", String, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("listed_at", Moment),  # the date that a list shows beside its link
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),  # packed by zlib
)
# Hours in which no site is crawled, or one is not.
blackouts = Table(
    "blackouts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id")),  # none: the whole archive
    Column("days", String, nullable=False),  # on which they begin: 1 is Monday, 7 Sunday
    Column("begins", Integer, nullable=False),  # minute of the day in Vietnam
    Column("ends", Integer, nullable=False),  # on the next day when it is not later
    sqlite_autoincrement=True,
)
