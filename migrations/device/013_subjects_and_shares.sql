-- Year groups, for families that use them.
ALTER TABLE learner ADD COLUMN scheme INTEGER;       -- learners::Scheme
ALTER TABLE learner ADD COLUMN stage INTEGER;        -- place among its names
ALTER TABLE learner ADD COLUMN stage_on TEXT;        -- YYYY-MM-DD
ALTER TABLE learner ADD COLUMN moves_up_on TEXT;     -- MM-DD

-- Entries on record, for counting without reading them.
CREATE INDEX entry_on_record ON entry (on_record) WHERE trashed_at IS NULL;

-- Subjects that are hidden, that a law calls core, that became part of another.
ALTER TABLE subject ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));
ALTER TABLE subject ADD COLUMN core INTEGER NOT NULL DEFAULT 0 CHECK (core IN (0, 1));
ALTER TABLE subject ADD COLUMN merged_into BLOB CHECK (length(merged_into) = 16);
ALTER TABLE subject ADD COLUMN root BLOB NOT NULL DEFAULT x'';     -- the one it is shown as, mostly itself
UPDATE subject SET root = rid;

-- What each entry on record gives each of its learners and subjects: the year's sums are one walk over a learner's
-- rows, which hold no text. Minutes are split so that the parts add up to the whole.
CREATE TABLE entry_share (
    learner  BLOB    NOT NULL CHECK (length(learner) = 16),
    entry    INTEGER NOT NULL,
    subject  BLOB    NOT NULL,              -- empty: the entry names none
    minutes  INTEGER NOT NULL,
    whole    INTEGER NOT NULL CHECK (whole IN (0, 1)),  -- 1 on one row of an entry, so that it is counted once
    taught_by INTEGER,
    place    INTEGER,
    provider BLOB,
    PRIMARY KEY (learner, entry, subject)
) STRICT, WITHOUT ROWID;

INSERT INTO entry_share (learner, entry, subject, minutes, whole, taught_by, place, provider)
SELECT l.learner, e.id, coalesce(s.subject, x''),
       coalesce(e.minutes, 0) / coalesce(s.of, 1) + (coalesce(s.nth, 1) <= coalesce(e.minutes, 0) % coalesce(s.of, 1)),
       coalesce(s.nth, 1) = 1, e.taught_by, e.place, e.provider
  FROM entry e
  JOIN entry_learner l ON l.entry = e.id
  LEFT JOIN (SELECT entry, subject,
                    row_number() OVER (PARTITION BY entry ORDER BY subject) AS nth,
                    count(*) OVER (PARTITION BY entry) AS of
               FROM entry_subject) s ON s.entry = e.id
 WHERE e.on_record = 1 AND e.trashed_at IS NULL;
