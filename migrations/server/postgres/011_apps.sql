-- What a sign-in's app last said of itself, and the coarse network that it last came from: /24 of IPv4, /48 of IPv6.

ALTER TABLE accounts.signins ADD COLUMN platform TEXT;
ALTER TABLE accounts.signins ADD COLUMN app_version TEXT;
ALTER TABLE accounts.signins ADD COLUMN network TEXT;
