-- From here on `space.bytes` counts the replaced versions that are still kept.
UPDATE space SET bytes = bytes + (
    SELECT COALESCE(sum(length(ct)), 0) FROM record_old
     WHERE record_old.family_id = space.family_id AND record_old.space_id = space.space_id);
