-- What a photo was made from, so that the same file is not taken in twice.
ALTER TABLE attachment ADD COLUMN original BLOB;      -- SHA-256 of that file; NULL: an older version took it in
