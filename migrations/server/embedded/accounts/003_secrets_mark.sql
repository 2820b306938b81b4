-- Which secrets file this store belongs to: a MAC under its key. NULL until the first start that writes it.
ALTER TABLE server_stamp ADD COLUMN secrets_mark BLOB;
