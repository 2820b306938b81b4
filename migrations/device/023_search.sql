-- The search index again: it keeps in which column a word stands, not where in it, as nothing asks for phrases, and for
-- what that saves also the beginnings of three letters. Marks belong to words in every script, as in what is typed.
DROP TABLE entry_text;
CREATE VIRTUAL TABLE entry_text USING fts5 (
    title, note, lines, tags,
    content = 'entry', content_rowid = 'id', detail = 'column',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '2 3'
);
-- What lies in the trash is found by nothing.
INSERT INTO entry_text (rowid, title, note, lines, tags)
SELECT id, title, note, lines, tags FROM entry WHERE trashed_at IS NULL ORDER BY id;

DROP TABLE shelf_text;
CREATE VIRTUAL TABLE shelf_text USING fts5 (
    title, words,
    content = 'shelf_words', content_rowid = 'id', detail = 'column',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '2 3'
);
INSERT INTO shelf_text (shelf_text) VALUES ('rebuild');
