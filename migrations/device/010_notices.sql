-- What the family's server told last: that its copy is to be erased, that somebody asked for the recovery grant.

CREATE TABLE notice (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    family  BLOB    NOT NULL CHECK (length(family) = 16),
    told    BLOB    NOT NULL,                       -- the server's answer (docs/formats.md 6)
    away_ms INTEGER NOT NULL DEFAULT 0              -- a recovery grant read until then was put away by the person
) STRICT;
