-- What documents say of a family beside nicknames, if somebody asked this phone to remember it: no record, never synced,
-- exported or backed up.
CREATE TABLE remembered (
    learner       BLOB NOT NULL PRIMARY KEY CHECK (length(learner) = 16),
    name          TEXT NOT NULL,                -- printed instead of the nickname; each of these may be empty
    name_in_title TEXT NOT NULL,
    born          TEXT NOT NULL,
    sender        TEXT NOT NULL,
    recipient     TEXT NOT NULL,
    reference     TEXT NOT NULL,
    educated_by   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Of a learner who goes nothing is remembered, however they go. Writing a learner anew does not fire it.
CREATE TRIGGER remembered_goes AFTER DELETE ON learner
BEGIN
    DELETE FROM remembered WHERE learner = OLD.rid;
END;
