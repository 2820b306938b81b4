-- Sign-ins that a newer one on this phone replaced, until the server was told that they are over.

CREATE TABLE replaced_sign_in (
    refresh_token TEXT NOT NULL PRIMARY KEY,
    client_id     TEXT NOT NULL,
    revoke_url    TEXT NOT NULL
) STRICT;
