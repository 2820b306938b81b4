-- What screens ask for in SQL: learners, subjects and entries, kept level with the records' cells.

CREATE TABLE learner (
    rid      BLOB    NOT NULL PRIMARY KEY CHECK (length(rid) = 16),
    nickname TEXT    NOT NULL,              -- two learners may share one; no table has a legal name
    colour   TEXT    NOT NULL,              -- #rrggbb, or empty
    emoji    TEXT    NOT NULL,
    position INTEGER NOT NULL,
    archived INTEGER NOT NULL CHECK (archived IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
    rid      BLOB    NOT NULL PRIMARY KEY CHECK (length(rid) = 16),
    name     TEXT    NOT NULL,
    colour   TEXT    NOT NULL,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The id orders entries by day of learning, then by when they were written down (entries::order): so a timeline
-- page, one learner's or one subject's too, is a range of ids, and the search index walks newest first by itself.
CREATE TABLE entry (
    id          INTEGER PRIMARY KEY,
    rid         BLOB    NOT NULL UNIQUE CHECK (length(rid) = 16),
    title       TEXT    NOT NULL,
    note        TEXT    NOT NULL,
    lines       TEXT    NOT NULL,           -- the learners' own lines, for the search index
    tags        TEXT    NOT NULL,           -- tags and captions, for the search index
    learned_on  TEXT    NOT NULL,           -- YYYY-MM-DD
    recorded_at INTEGER NOT NULL,           -- ms since 1970
    minutes     INTEGER,
    on_record   INTEGER NOT NULL CHECK (on_record IN (0, 1)),
    starred     INTEGER NOT NULL CHECK (starred IN (0, 1)),
    trashed_at  INTEGER,                    -- ms since 1970; NULL: not in the trash
    attachments BLOB    NOT NULL            -- attachment ids, 16 bytes each, in order
) STRICT;

CREATE INDEX entry_trashed ON entry (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX entry_starred ON entry (id) WHERE starred = 1;
CREATE INDEX entry_draft ON entry (id) WHERE on_record = 0;

-- Clustered by entry for showing a page, and once more the other way round for filtering.
CREATE TABLE entry_learner (
    entry   INTEGER NOT NULL,
    learner BLOB    NOT NULL CHECK (length(learner) = 16),
    line    TEXT    NOT NULL,
    PRIMARY KEY (entry, learner)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_learner_by_learner ON entry_learner (learner, entry);

CREATE TABLE entry_subject (
    entry   INTEGER NOT NULL,
    subject BLOB    NOT NULL CHECK (length(subject) = 16),
    PRIMARY KEY (entry, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_subject_by_subject ON entry_subject (subject, entry);

CREATE TABLE entry_tag (
    entry INTEGER NOT NULL,
    tag   TEXT    NOT NULL,
    PRIMARY KEY (entry, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_tag_by_tag ON entry_tag (tag, entry);

-- Full text, accents folded. Entries in the trash are not in it. The index of two-letter beginnings is what makes the
-- first keystrokes of a search fast: without it every word that begins so is merged before the first hit.
CREATE VIRTUAL TABLE entry_text USING fts5 (
    title, note, lines, tags,
    content = 'entry', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2'
);
