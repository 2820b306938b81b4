-- What small things (books, trips, letters, …) are found by, beside the search index of entries. Needs notes and
-- assessments have no row here.

CREATE TABLE shelf_words (
    id    INTEGER PRIMARY KEY,
    rid   BLOB    NOT NULL UNIQUE CHECK (length(rid) = 16),
    title TEXT    NOT NULL,
    words TEXT    NOT NULL           -- authors, places, notes, one after the other
) STRICT;

CREATE VIRTUAL TABLE shelf_text USING fts5 (
    title, words,
    content = 'shelf_words', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2'
);
