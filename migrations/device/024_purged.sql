-- Files of the server that a purge, or a photograph that was burnt, left without an entry: to be told to it.
CREATE TABLE blob_left (
    blob  BLOB NOT NULL PRIMARY KEY CHECK (length(blob) = 16),
    entry BLOB NOT NULL CHECK (length(entry) = 16)             -- the record that gave it up; told once the server has that
) STRICT, WITHOUT ROWID;
