-- What lies in the trash, of every kind, and on how many days this phone saw it there (by the server's clock).
CREATE TABLE trash (
    rid        BLOB    NOT NULL PRIMARY KEY CHECK (length(rid) = 16),
    kind       INTEGER NOT NULL,            -- records::Kind
    trashed_at INTEGER NOT NULL,            -- ms since 1970
    first_day  INTEGER,                     -- days since 1970
    last_day   INTEGER,
    days       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- Learners and subjects that lie there have no rows elsewhere: the next opening of the store finds them.
INSERT INTO trash (rid, kind, trashed_at)
    SELECT rid, 2, trashed_at FROM entry WHERE trashed_at IS NOT NULL
    UNION ALL SELECT rid, kind, trashed_at FROM shelf WHERE trashed_at IS NOT NULL
    UNION ALL SELECT rid, kind, trashed_at FROM private_shelf WHERE trashed_at IS NOT NULL;

-- Who else names a file that an attachment leaves.
CREATE INDEX attachment_display ON attachment (display);
CREATE INDEX attachment_thumb ON attachment (thumb);
