-- The ledger of the archive. Times are RFC 3339, UTC, whole seconds.

-- A cycle is one nightly run, however often it is interrupted.
CREATE TABLE IF NOT EXISTS cycle (
    id        INTEGER PRIMARY KEY,
    opened_at TEXT NOT NULL,
    closed_at TEXT              -- NULL while the cycle is open
);

-- The portals as their profiles name them at the latest crawl.
CREATE TABLE IF NOT EXISTS portal (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    region_code TEXT NOT NULL,
    provenance  TEXT NOT NULL   -- '' for a live portal
);

-- Every address ever found: the one work table.
CREATE TABLE IF NOT EXISTS address (
    url          TEXT PRIMARY KEY,
    portal       TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('list', 'document')),
    title        TEXT NOT NULL, -- as linked
    found_on     TEXT NOT NULL, -- '' for an entry point
    state        TEXT NOT NULL CHECK (state IN ('pending', 'fetched', 'failed', 'rejected')),
    reason       TEXT NOT NULL, -- codebook reason; '' when pending or fetched
    detail       TEXT NOT NULL,
    http_status  INTEGER,       -- of the answer kept or failed; NULL: none came
    sha256       TEXT,          -- of the current version; NULL: none stored
    checked_at   TEXT,          -- last time an outcome was recorded
    tries        INTEGER NOT NULL, -- requests for the latest outcome
    cycle        INTEGER NOT NULL, -- cycle of the latest outcome; 0: none yet
    code_version TEXT NOT NULL, -- version of the crawler that recorded it
    warc         TEXT,          -- WARC file with the latest exchange; NULL: none was kept
    warc_offset  INTEGER,       -- of the record of its answer, in bytes
    published_on TEXT NOT NULL DEFAULT '', -- day that the list gives it; '' if none
    published_as TEXT NOT NULL DEFAULT '', -- how the list prints that
    authority    TEXT NOT NULL DEFAULT ''  -- whose report it is by its address; '' if that does not say
);
CREATE INDEX IF NOT EXISTS address_work ON address (portal, kind, cycle);

-- Every byte string ever received at an address. Rows are only added.
CREATE TABLE IF NOT EXISTS version (
    url           TEXT NOT NULL REFERENCES address (url),
    sha256        TEXT NOT NULL,
    final_url     TEXT NOT NULL, -- after redirects; relative links refer to it
    http_status   INTEGER NOT NULL,
    content_type  TEXT NOT NULL, -- as the server declared it
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    fetched_at    TEXT NOT NULL, -- when these bytes first came from here
    warc          TEXT,          -- WARC file with the exchange that brought them
    warc_offset   INTEGER,
    PRIMARY KEY (url, sha256)
);

-- What a crawl owes the hosts, over restarts. Days are of China Standard Time.
CREATE TABLE IF NOT EXISTS request_count (
    host     TEXT NOT NULL, -- or 'group NAME' for a rate group
    day      TEXT NOT NULL, -- 2026-11-23
    requests INTEGER NOT NULL,
    PRIMARY KEY (host, day)
);

-- Addresses that failed and are not to be asked before a time.
CREATE TABLE IF NOT EXISTS next_attempt (
    url    TEXT PRIMARY KEY,
    due    TEXT NOT NULL,
    fails  INTEGER NOT NULL, -- runs in a row that failed
    reason TEXT NOT NULL     -- codebook reason of the latest
);

-- Hosts that refused or challenged the crawler and are left alone until a time. Rows
-- are only added, and cleared by a person.
CREATE TABLE IF NOT EXISTS circuit (
    id         INTEGER PRIMARY KEY,
    portal     TEXT NOT NULL,
    host       TEXT NOT NULL,
    address    TEXT NOT NULL, -- that was asked
    product    TEXT NOT NULL, -- that the signature names
    reason     TEXT NOT NULL, -- codebook reason
    status     INTEGER NOT NULL, -- of the answer
    opened_at  TEXT NOT NULL,
    until      TEXT NOT NULL,
    cleared_at TEXT,          -- NULL: not cleared
    cleared_by TEXT           -- the person, and why
);
CREATE INDEX IF NOT EXISTS circuit_host ON circuit (host);
CREATE INDEX IF NOT EXISTS circuit_portal ON circuit (portal);
-- The WARC records with the payload of an answer 200, so that the same bytes again, and
-- a 304, are kept as a reference to them.
CREATE TABLE IF NOT EXISTS payload (
    url         TEXT NOT NULL,   -- the one asked, after redirects
    digest      TEXT NOT NULL,   -- as in WARC-Payload-Digest
    warc        TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    record      TEXT NOT NULL,   -- WARC-Record-ID
    made_at     TEXT NOT NULL,   -- WARC-Date
    latest      INTEGER NOT NULL, -- cycle in which the payload last came
    PRIMARY KEY (url, digest)
) WITHOUT ROWID;

-- Objects found damaged or lost; they are to be fetched anew.
CREATE TABLE IF NOT EXISTS damaged (
    sha256 TEXT PRIMARY KEY
) WITHOUT ROWID;
