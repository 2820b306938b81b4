-- Which records hold earlier versions of which entry.
CREATE TABLE entry_versions (
    rid       BLOB    NOT NULL PRIMARY KEY CHECK (length(rid) = 16),
    entry     BLOB    NOT NULL CHECK (length(entry) = 16),  -- record id of the entry
    device_no INTEGER NOT NULL,             -- the device that keeps them
    oldest    INTEGER                       -- when the oldest was replaced, ms since 1970; NULL: none is left
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_versions_of_entry ON entry_versions (entry);
CREATE INDEX entry_versions_oldest ON entry_versions (oldest);

-- The family log, and by what was touched.
CREATE TABLE family_log (
    rid       BLOB    NOT NULL CHECK (length(rid) = 16),
    number    INTEGER NOT NULL,
    at        INTEGER NOT NULL,             -- ms since 1970
    device_no INTEGER NOT NULL,
    act       INTEGER NOT NULL,             -- family_log::Act
    kind      INTEGER NOT NULL,             -- records::Kind, 0 for a private note
    things    BLOB    NOT NULL,             -- record ids, 16 bytes each
    PRIMARY KEY (rid, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX family_log_by_time ON family_log (at, rid, number);
CREATE INDEX family_log_by_device ON family_log (device_no, at);

CREATE TABLE family_log_thing (
    thing  BLOB    NOT NULL CHECK (length(thing) = 16),
    rid    BLOB    NOT NULL CHECK (length(rid) = 16),
    number INTEGER NOT NULL,
    PRIMARY KEY (thing, rid, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX family_log_thing_of_record ON family_log_thing (rid);
