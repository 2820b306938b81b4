-- How far a photo's file has come is asked of the server, or seen by the length of the half file: nobody ever wrote it
-- here. State 1 of this table was never given either: a file is local (0) until it is being sent (2).

ALTER TABLE blob DROP COLUMN parts_done;
