//! The SQL of catching up.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::scan::Seen;
use super::{
    DatedBy, Duplicate, Group, GroupNumber, Photo, PhotoNumber, PhotoState, Place, Settings, Source,
};
use crate::error::Result;
use crate::ids::{EntryId, LearnerId, SubjectId};

/// Column `stage` of a photo.
const NEW: u8 = 0;
const READY: u8 = 1;
const UNREADABLE: u8 = 2;
const TAKEN: u8 = 3;

/// A photo with what only this room needs to know of it.
pub(super) struct Stored {
    pub photo: Photo,
    pub source: Source,
    /// SHA-256 of the file, once it was looked at.
    pub hash: Option<[u8; 32]>,
    /// Somebody asked for it, duplicate or not.
    pub asked_for: bool,
}

pub(super) fn settings(tx: &Transaction<'_>) -> Result<Option<Settings>> {
    let row = tx.query_row("SELECT gap_hours, on_record, zone FROM catch_up", [], |row| {
        Ok(Settings { gap_hours: row.get(0)?, on_record: row.get(1)?, zone: row.get(2)? })
    });
    Ok(row.optional()?)
}

pub(super) fn begin(tx: &Transaction<'_>, settings: &Settings, now_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO catch_up (one, gap_hours, on_record, zone, begun_at) VALUES (1, ?1, ?2, ?3, ?4)",
        params![settings.gap_hours, settings.on_record, settings.zone, now_ms],
    )?;
    Ok(())
}

pub(super) fn keep_gap(tx: &Transaction<'_>, gap_hours: u32) -> Result<()> {
    tx.execute("UPDATE catch_up SET gap_hours = ?1", [gap_hours])?;
    Ok(())
}

pub(super) fn end(tx: &Transaction<'_>) -> Result<()> {
    for sql in ["DELETE FROM catch_up_photo", "DELETE FROM catch_up_group", "DELETE FROM catch_up"] {
        tx.execute(sql, [])?;
    }
    Ok(())
}

pub(super) fn add(tx: &Transaction<'_>, sources: &[Source]) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO catch_up_photo (place, by_path, name, modified_ms) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for source in sources {
        let (place, by_path) = match &source.place {
            Place::Path(path) => (path, true),
            Place::Reference(reference) => (reference, false),
        };
        insert.execute(params![place, by_path, source.name, source.modified_ms])?;
    }
    Ok(())
}

const PHOTO: &str =
    "SELECT number, place, by_path, name, modified_ms, stage, size, hash, taken_at, dated_by, twin, kept,
                            choice, in_group, why
                       FROM catch_up_photo";

fn photo(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let (place, by_path): (String, bool) = (row.get(1)?, row.get(2)?);
    let place = if by_path { Place::Path(place) } else { Place::Reference(place) };
    let name: String = row.get(3)?;
    let twin = row.get::<_, Option<u32>>(10)?.map(|number| Duplicate::Given(PhotoNumber(number)));
    let duplicate = if row.get(11)? { Some(Duplicate::Kept) } else { twin };
    let choice: Option<bool> = row.get(12)?;
    let photo = Photo {
        number: PhotoNumber(row.get(0)?),
        name: name.clone(),
        state: match row.get(5)? {
            NEW => PhotoState::New,
            UNREADABLE => PhotoState::Unreadable(row.get::<_, Option<_>>(14)?.unwrap_or_default()),
            TAKEN => PhotoState::Taken,
            _ => PhotoState::Ready,
        },
        taken_at: row.get(8)?,
        dated_by: match row.get(9)? {
            1_u8 => DatedBy::Camera,
            2 => DatedBy::File,
            _ => DatedBy::Nothing,
        },
        size: row.get(6)?,
        duplicate,
        left_out: !choice.unwrap_or(duplicate.is_none()),
        group: row.get::<_, Option<_>>(13)?.map(GroupNumber),
    };
    let source = Source { place, name, modified_ms: row.get(4)? };
    Ok(Stored { photo, source, hash: row.get(7)?, asked_for: choice == Some(true) })
}

pub(super) fn photos(tx: &Transaction<'_>) -> Result<Vec<Stored>> {
    let mut select = tx.prepare_cached(&format!("{PHOTO} ORDER BY number"))?;
    Ok(select.query_map([], photo)?.collect::<Result<_, _>>()?)
}

/// The next photos to be looked at.
pub(super) fn unseen(tx: &Transaction<'_>, most: u32) -> Result<Vec<Stored>> {
    let mut select = tx.prepare_cached(&format!("{PHOTO} WHERE stage = 0 ORDER BY number LIMIT ?1"))?;
    Ok(select.query_map([most], photo)?.collect::<Result<_, _>>()?)
}

/// Photos of a group, in the order of their times.
pub(super) fn of_group(tx: &Transaction<'_>, group: GroupNumber) -> Result<Vec<Stored>> {
    let sql = format!("{PHOTO} WHERE in_group = ?1 ORDER BY taken_at IS NULL, taken_at, number");
    let mut select = tx.prepare_cached(&sql)?;
    Ok(select.query_map([group.0], photo)?.collect::<Result<_, _>>()?)
}

/// Photos that were looked at and are in no group.
pub(super) fn ungrouped(tx: &Transaction<'_>) -> Result<Vec<Stored>> {
    let mut select =
        tx.prepare_cached(&format!("{PHOTO} WHERE stage = 1 AND in_group IS NULL ORDER BY number"))?;
    Ok(select.query_map([], photo)?.collect::<Result<_, _>>()?)
}

pub(super) fn seen(tx: &Transaction<'_>, number: PhotoNumber, seen: &Seen) -> Result<()> {
    // The same file, given before: the first of them stands for all.
    let mut first = tx.prepare_cached(
        "SELECT number FROM catch_up_photo WHERE hash = ?1 AND number < ?2 ORDER BY number LIMIT 1",
    )?;
    let twin: Option<u32> = first.query_row(params![seen.hash, number.0], |row| row.get(0)).optional()?;
    let dated_by: u8 = match seen.dated_by {
        DatedBy::Nothing => 0,
        DatedBy::Camera => 1,
        DatedBy::File => 2,
    };
    tx.prepare_cached(
        "UPDATE catch_up_photo SET stage = ?2, size = ?3, hash = ?4, taken_at = ?5, dated_by = ?6, twin = ?7, kept = ?8
          WHERE number = ?1",
    )?
    .execute(params![number.0, READY, seen.size, seen.hash, seen.taken_at, dated_by, twin, seen.kept])?;
    Ok(())
}

pub(super) fn unreadable(tx: &Transaction<'_>, number: PhotoNumber, why: &str) -> Result<()> {
    let sql =
        "UPDATE catch_up_photo SET stage = ?2, why = ?3, hash = NULL, in_group = NULL WHERE number = ?1";
    tx.prepare_cached(sql)?.execute(params![number.0, UNREADABLE, why])?;
    // The same file, given once more, may be read: the next of them stands for the others from now on.
    let mut next = tx.prepare_cached("SELECT min(number) FROM catch_up_photo WHERE twin = ?1")?;
    let next: Option<u32> = next.query_row([number.0], |row| row.get(0))?;
    tx.prepare_cached(
        "UPDATE catch_up_photo SET twin = CASE WHEN number = ?2 THEN NULL ELSE ?2 END WHERE twin = ?1",
    )?
    .execute(params![number.0, next])?;
    Ok(())
}

/// The same file as this photo, given later, that nobody asked for.
pub(super) fn twins(tx: &Transaction<'_>, number: PhotoNumber) -> Result<Vec<Stored>> {
    let sql = format!("{PHOTO} WHERE twin = ?1 AND stage = 1 AND choice IS NULL ORDER BY number");
    let mut select = tx.prepare_cached(&sql)?;
    Ok(select.query_map([number.0], photo)?.collect::<Result<_, _>>()?)
}

/// How many photos were given.
pub(super) fn count(tx: &Transaction<'_>) -> Result<usize> {
    Ok(tx.query_row("SELECT count(*) FROM catch_up_photo", [], |row| row.get(0))?)
}

/// It turned out to be a photo of the record.
pub(super) fn kept(tx: &Transaction<'_>, number: PhotoNumber) -> Result<()> {
    tx.prepare_cached("UPDATE catch_up_photo SET kept = 1 WHERE number = ?1")?.execute([number.0])?;
    Ok(())
}

pub(super) fn taken(tx: &Transaction<'_>, number: PhotoNumber) -> Result<()> {
    let sql = "UPDATE catch_up_photo SET stage = ?2 WHERE number = ?1";
    tx.prepare_cached(sql)?.execute(params![number.0, TAKEN])?;
    Ok(())
}

/// Says whether there is such a photo.
pub(super) fn choose(tx: &Transaction<'_>, number: PhotoNumber, wanted: bool) -> Result<bool> {
    let sql = "UPDATE catch_up_photo SET choice = ?2 WHERE number = ?1 AND stage = 1";
    Ok(tx.prepare_cached(sql)?.execute(params![number.0, wanted])? > 0)
}

pub(super) fn put_into(tx: &Transaction<'_>, number: PhotoNumber, group: Option<GroupNumber>) -> Result<()> {
    let sql = "UPDATE catch_up_photo SET in_group = ?2 WHERE number = ?1";
    tx.prepare_cached(sql)?.execute(params![number.0, group.map(|group| group.0)])?;
    Ok(())
}

/// A new group that says the same as `like`, or nothing yet.
pub(super) fn new_group(
    tx: &Transaction<'_>,
    like: Option<GroupNumber>,
    on_record: bool,
) -> Result<GroupNumber> {
    match like {
        None => tx.execute("INSERT INTO catch_up_group (on_record) VALUES (?1)", [on_record])?,
        Some(like) => tx.execute(
            "INSERT INTO catch_up_group (day, title, note, learners, subjects, tags, on_record, ticked)
             SELECT day, title, note, learners, subjects, tags, on_record, ticked FROM catch_up_group WHERE number = ?1",
            [like.0],
        )?,
    };
    Ok(GroupNumber(tx.query_row("SELECT last_insert_rowid()", [], |row| row.get(0))?))
}

/// Groups that no photo is in any more go; those that became entries stay.
pub(super) fn drop_empty(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(
        "DELETE FROM catch_up_group WHERE entry IS NULL
           AND NOT EXISTS (SELECT 1 FROM catch_up_photo WHERE in_group = catch_up_group.number)",
        [],
    )?;
    Ok(())
}

/// Takes every photo out of the groups that did not become entries.
pub(super) fn ungroup(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(
        "UPDATE catch_up_photo SET in_group = NULL
          WHERE in_group IN (SELECT number FROM catch_up_group WHERE entry IS NULL)",
        [],
    )?;
    drop_empty(tx)
}

/// What a group says; its photos stay.
pub(super) fn keep_group(tx: &Transaction<'_>, group: &Group, day: Option<&str>) -> Result<()> {
    let ids = |ids: &mut dyn Iterator<Item = [u8; 16]>| ids.flatten().collect::<Vec<u8>>();
    tx.prepare_cached(
        "UPDATE catch_up_group SET day = ?2, title = ?3, note = ?4, learners = ?5, subjects = ?6, tags = ?7, on_record = ?8,
                ticked = ?9, entry = ?10, why = ?11
          WHERE number = ?1",
    )?
    .execute(params![
        group.number.0,
        day,
        group.title,
        group.note,
        ids(&mut group.learners.iter().map(|id| id.0)),
        ids(&mut group.subjects.iter().map(|id| id.0)),
        group.tags.join("\n"),
        group.on_record,
        group.ticked,
        group.entry.map(|entry| entry.0),
        group.why,
    ])?;
    Ok(())
}

/// The day that somebody chose for a group.
pub(super) fn chosen_day(tx: &Transaction<'_>, group: GroupNumber) -> Result<Option<String>> {
    let row = tx.query_row("SELECT day FROM catch_up_group WHERE number = ?1", [group.0], |row| row.get(0));
    Ok(row.optional()?.flatten())
}

pub(super) fn groups(tx: &Transaction<'_>) -> Result<Vec<Group>> {
    let mut photos: HashMap<u32, Vec<Photo>> = HashMap::new();
    let sql = format!("{PHOTO} WHERE in_group IS NOT NULL ORDER BY taken_at IS NULL, taken_at, number");
    for stored in tx.prepare_cached(&sql)?.query_map([], photo)? {
        let photo = stored?.photo;
        photos.entry(photo.group.map_or(0, |group| group.0)).or_default().push(photo);
    }
    let mut select = tx.prepare_cached(
        "SELECT number, day, title, note, learners, subjects, tags, on_record, ticked, entry, why FROM catch_up_group",
    )?;
    let rows = select.query_map([], |row| {
        let ids =
            |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_blob()?.as_chunks::<16>().0.to_vec());
        let tags: String = row.get(6)?;
        Ok(Group {
            number: GroupNumber(row.get(0)?),
            day: row.get(1)?,
            photos: Vec::new(),
            wanted: 0,
            title: row.get(2)?,
            note: row.get(3)?,
            learners: ids(4)?.into_iter().map(LearnerId).collect(),
            subjects: ids(5)?.into_iter().map(SubjectId).collect(),
            tags: tags.split('\n').filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            on_record: row.get(7)?,
            ticked: row.get(8)?,
            entry: row.get::<_, Option<_>>(9)?.map(EntryId),
            why: row.get(10)?,
        })
    })?;
    let mut found = Vec::new();
    for row in rows {
        let group: Group = row?;
        let of_it = photos.remove(&group.number.0).unwrap_or_default();
        let first = of_it.first().and_then(|photo| photo.taken_at.clone());
        found.push((first.clone(), filled(group, &of_it, first)));
    }
    found.sort_by(|(a, one), (b, other)| (a.is_none(), a, one.number).cmp(&(b.is_none(), b, other.number)));
    Ok(found.into_iter().map(|(_, group)| group).collect())
}

fn filled(group: Group, photos: &[Photo], first: Option<String>) -> Group {
    let wanted = |photo: &&Photo| match photo.state {
        PhotoState::Ready => !photo.left_out,
        PhotoState::Taken => true,
        _ => false,
    };
    let first_day = first.map(|time| time.chars().take(10).collect());
    Group {
        wanted: photos.iter().filter(wanted).map(|_| 1).sum(),
        photos: photos.iter().map(|photo| photo.number).collect(),
        day: group.day.or(first_day),
        ..group
    }
}
