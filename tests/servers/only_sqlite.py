"""Which tests are about the file that SQLite writes, and so say nothing of an archive on PostgreSQL?  Each with why."""

ONLY_SQLITE: dict[str, str] = {}
