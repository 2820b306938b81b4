-- Records of the small kinds (books, goals, letters, …): in which order they are listed, and whose they are. What is
-- in them stays in their cells.

CREATE TABLE shelf (
    rid         BLOB    NOT NULL PRIMARY KEY CHECK (length(rid) = 16),
    kind        INTEGER NOT NULL,           -- records::Kind
    day         TEXT    NOT NULL,           -- YYYY-MM-DD, or empty
    recorded_at INTEGER NOT NULL,           -- ms since 1970
    trashed_at  INTEGER                     -- ms since 1970; NULL: not in the trash
) STRICT, WITHOUT ROWID;
CREATE INDEX shelf_listed ON shelf (kind, day, recorded_at);

CREATE TABLE shelf_learner (
    rid     BLOB NOT NULL CHECK (length(rid) = 16),
    learner BLOB NOT NULL CHECK (length(learner) = 16),
    PRIMARY KEY (rid, learner)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelf_learner_by_learner ON shelf_learner (learner, rid);

-- The same for needs notes and assessments, which nothing else reads.
CREATE TABLE private_shelf (
    rid         BLOB    NOT NULL PRIMARY KEY CHECK (length(rid) = 16),
    kind        INTEGER NOT NULL,           -- records::Kind
    day         TEXT    NOT NULL,           -- YYYY-MM-DD, or empty
    recorded_at INTEGER NOT NULL,           -- ms since 1970
    trashed_at  INTEGER                     -- ms since 1970; NULL: not in the trash
) STRICT, WITHOUT ROWID;
CREATE INDEX private_shelf_listed ON private_shelf (kind, day, recorded_at);

CREATE TABLE private_shelf_learner (
    rid     BLOB NOT NULL CHECK (length(rid) = 16),
    learner BLOB NOT NULL CHECK (length(learner) = 16),
    PRIMARY KEY (rid, learner)
) STRICT, WITHOUT ROWID;
CREATE INDEX private_shelf_learner_by_learner ON private_shelf_learner (learner, rid);

-- What an entry may say beyond its text.
ALTER TABLE entry ADD COLUMN sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1));
ALTER TABLE entry ADD COLUMN went TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN shows TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN next TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN taught_by INTEGER;                  -- entries::TaughtBy
ALTER TABLE entry ADD COLUMN provider BLOB CHECK (length(provider) = 16);
ALTER TABLE entry ADD COLUMN place INTEGER;                      -- entries::Place
ALTER TABLE entry ADD COLUMN photos INTEGER NOT NULL DEFAULT 0;     -- how many of its attachments are pictures
-- There were no others before.
UPDATE entry SET photos = length(attachments) / 16 WHERE length(attachments) > 0;
CREATE INDEX entry_sample ON entry (id) WHERE sample = 1;
CREATE INDEX entry_photo ON entry (id) WHERE photos > 0;
