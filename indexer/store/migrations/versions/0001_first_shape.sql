CREATE TABLE accounts (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    password_hash VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    made_at DATETIME NOT NULL,
    disabled_at DATETIME,
    session_salt BLOB NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);

CREATE TABLE archive (
    store_id VARCHAR NOT NULL,
    made_at DATETIME,
    PRIMARY KEY (store_id)
);

CREATE TABLE decisions (
    id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    who VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE failed_sign_ins (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    at DATETIME NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX failed_sign_ins_by_name ON failed_sign_ins (name, at);

CREATE TABLE lanes (
    lane VARCHAR NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (lane)
);

CREATE TABLE leases (
    name VARCHAR NOT NULL,
    holder VARCHAR NOT NULL,
    job_id INTEGER,
    until DATETIME NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE sources (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    profile VARCHAR NOT NULL,
    overrides TEXT NOT NULL,
    delay_seconds FLOAT,
    allow_private BOOLEAN NOT NULL,
    made_at DATETIME NOT NULL,
    removed_at DATETIME,
    PRIMARY KEY (id),
    UNIQUE (name)
);

CREATE TABLE articles (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL,
    external_id VARCHAR,
    address VARCHAR NOT NULL,
    title TEXT NOT NULL,
    lead TEXT NOT NULL,
    body TEXT NOT NULL,
    captions JSON NOT NULL,
    attachments JSON NOT NULL,
    author VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    section VARCHAR NOT NULL,
    tags JSON NOT NULL,
    language VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    published DATETIME,
    date_source VARCHAR NOT NULL,
    updated DATETIME,
    event_date DATE,
    profile VARCHAR NOT NULL,
    extractor INTEGER NOT NULL,
    first_seen DATETIME NOT NULL,
    last_seen DATETIME NOT NULL,
    gone_at DATETIME,
    restricted_at DATETIME,
    merged_into INTEGER,
    versions INTEGER NOT NULL,
    signature VARCHAR NOT NULL,
    lane VARCHAR NOT NULL,
    change INTEGER NOT NULL,
    UNIQUE (source_id, external_id),
    FOREIGN KEY(source_id) REFERENCES sources (id),
    FOREIGN KEY(merged_into) REFERENCES articles (id)
);

CREATE INDEX articles_by_change ON articles (lane, change);

CREATE INDEX articles_by_signature ON articles (source_id, signature);

CREATE INDEX articles_restricted ON articles (restricted_at);

CREATE TABLE jobs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind VARCHAR NOT NULL,
    lane VARCHAR NOT NULL,
    source_id INTEGER,
    schedule_id INTEGER,
    due_at DATETIME,
    arguments JSON NOT NULL,
    state VARCHAR NOT NULL,
    asked_by VARCHAR NOT NULL,
    made_at DATETIME NOT NULL,
    started_at DATETIME,
    finished_at DATETIME,
    worker VARCHAR NOT NULL,
    beat_at DATETIME,
    cancel_at DATETIME,
    joined_to INTEGER,
    progress JSON NOT NULL,
    report JSON NOT NULL,
    problem VARCHAR NOT NULL,
    UNIQUE (schedule_id, due_at),
    FOREIGN KEY(source_id) REFERENCES sources (id),
    FOREIGN KEY(joined_to) REFERENCES jobs (id)
);

CREATE INDEX jobs_by_state ON jobs (state, lane);

CREATE TABLE rounds (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    started_at DATETIME NOT NULL,
    finished_at DATETIME,
    report JSON NOT NULL,
    FOREIGN KEY(source_id) REFERENCES sources (id)
);

CREATE TABLE schedules (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL,
    cron VARCHAR NOT NULL,
    time_zone VARCHAR NOT NULL,
    enabled BOOLEAN NOT NULL,
    next_due DATETIME,
    made_at DATETIME NOT NULL,
    FOREIGN KEY(source_id) REFERENCES sources (id)
);

CREATE TABLE addresses (
    id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    address VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    depth INTEGER NOT NULL,
    found_on VARCHAR NOT NULL,
    link_text VARCHAR NOT NULL,
    list_date DATETIME,
    etag VARCHAR NOT NULL,
    last_modified VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    round_id INTEGER,
    tries INTEGER NOT NULL,
    status INTEGER,
    problem VARCHAR NOT NULL,
    first_seen DATETIME NOT NULL,
    last_fetched DATETIME,
    missing_since DATETIME,
    article_id INTEGER,
    PRIMARY KEY (id),
    UNIQUE (source_id, address),
    FOREIGN KEY(source_id) REFERENCES sources (id),
    FOREIGN KEY(article_id) REFERENCES articles (id)
);

CREATE INDEX addresses_by_round ON addresses (source_id, round_id);

CREATE TABLE aliases (
    source_id INTEGER NOT NULL,
    address VARCHAR NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (source_id, address),
    FOREIGN KEY(source_id) REFERENCES sources (id),
    FOREIGN KEY(article_id) REFERENCES articles (id)
);

CREATE INDEX aliases_by_article ON aliases (article_id);

CREATE TABLE captures (
    id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    round_id INTEGER NOT NULL,
    address VARCHAR NOT NULL,
    fetched_at DATETIME NOT NULL,
    status INTEGER NOT NULL,
    media_type VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    bytes INTEGER NOT NULL,
    warc_file VARCHAR NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    revisit BOOLEAN NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(source_id) REFERENCES sources (id),
    FOREIGN KEY(round_id) REFERENCES rounds (id)
);

CREATE INDEX captures_by_address ON captures (source_id, address);

CREATE UNIQUE INDEX captures_by_place ON captures (warc_file, warc_offset);

CREATE TABLE file_links (
    source_id INTEGER NOT NULL,
    address VARCHAR NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (source_id, address, article_id),
    FOREIGN KEY(source_id) REFERENCES sources (id),
    FOREIGN KEY(article_id) REFERENCES articles (id)
);

CREATE TABLE job_lines (
    id INTEGER NOT NULL,
    job_id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(job_id) REFERENCES jobs (id)
);

CREATE INDEX job_lines_by_job ON job_lines (job_id);

CREATE TABLE versions (
    id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    capture_id INTEGER,
    captured_at DATETIME NOT NULL,
    signature VARCHAR NOT NULL,
    title TEXT NOT NULL,
    lead TEXT NOT NULL,
    body TEXT NOT NULL,
    captions JSON NOT NULL,
    attachments JSON NOT NULL,
    extractor INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (article_id, number),
    FOREIGN KEY(article_id) REFERENCES articles (id),
    FOREIGN KEY(capture_id) REFERENCES captures (id)
);
