-- SPDX-License-Identifier: Apache-2.0
-- Step 1: everything a store holds. migrations.py turns this into SQLite's and PostgreSQL's words.
-- `audit` columns name the audit row that covers a row with its hash.

--! postgresql
CREATE SCHEMA boneflare;

--! both
CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE patients (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    patient_id TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (seq)
) STRICT;

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    content BLOB NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (seq)
) STRICT;
CREATE INDEX sources_sha256 ON sources (sha256);

CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    patient INTEGER NOT NULL REFERENCES patients (id),
    version INTEGER NOT NULL CHECK (version > 0),
    made_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    source INTEGER REFERENCES sources (id),
    issues TEXT NOT NULL,
    losses TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    content TEXT NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    UNIQUE (patient, version)
) STRICT;

CREATE TABLE assessments (
    id INTEGER PRIMARY KEY,
    patient INTEGER NOT NULL,
    version INTEGER NOT NULL,
    as_of TEXT NOT NULL,
    rulebook TEXT NOT NULL,
    replay INTEGER NOT NULL,
    state TEXT NOT NULL,
    p_flare INTEGER,
    p_progression INTEGER,
    low INTEGER,
    high INTEGER,
    alarms INTEGER NOT NULL,
    questions INTEGER NOT NULL,
    urgency INTEGER NOT NULL,
    next_step TEXT NOT NULL,
    due TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    json TEXT NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    FOREIGN KEY (patient, version) REFERENCES records (patient, version)
) STRICT;
CREATE INDEX assessments_of ON assessments (patient, version, as_of);

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    patient INTEGER NOT NULL,
    version INTEGER NOT NULL,
    assessment INTEGER REFERENCES assessments (id),
    status INTEGER NOT NULL CHECK (status BETWEEN 1 AND 4),
    as_of TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL,
    note TEXT NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    FOREIGN KEY (patient, version) REFERENCES records (patient, version)
) STRICT;
CREATE INDEX reviews_of ON reviews (patient, id);

-- What the work list shows of a patient: the ends of the lists above.
CREATE TABLE latest (
    patient INTEGER PRIMARY KEY REFERENCES patients (id),
    version INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    assessment INTEGER REFERENCES assessments (id),
    review INTEGER REFERENCES reviews (id)
) STRICT;

CREATE TABLE users (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'admin')),
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (seq)
) STRICT;

CREATE TABLE sessions (
    token BLOB PRIMARY KEY,
    name TEXT NOT NULL REFERENCES users (name),
    csrf TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
    token BLOB PRIMARY KEY,
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE jtis (
    issuer TEXT NOT NULL,
    jti TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (issuer, jti)
) STRICT;

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    card TEXT NOT NULL,
    outcome TEXT NOT NULL,
    json TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (seq)
) STRICT;

--! append-only audit patients sources records assessments reviews feedback

--! sqlite
CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = "unicode61 remove_diacritics 0", prefix = '2 3');

--! postgresql
CREATE TABLE search (
    rowid BIGINT PRIMARY KEY,
    words TEXT NOT NULL,
    vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED
);
CREATE INDEX search_vector ON search USING gin (vector);
