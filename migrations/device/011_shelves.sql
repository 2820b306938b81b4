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
