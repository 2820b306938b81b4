//! Field numbers inside each kind of record. A number never changes its meaning and is never used again.

/// Fields of a learner.
pub mod learner {
    /// Register: what the family calls this learner here. There is no field for a legal name.
    pub const NICKNAME: u32 = 1;
    /// Register: `#rrggbb`.
    pub const COLOUR: u32 = 2;
    /// Register: one emoji.
    pub const EMOJI: u32 = 3;
    /// Register: place in lists.
    pub const ORDER: u32 = 4;
    /// Register: no longer offered for new entries.
    pub const ARCHIVED: u32 = 5;
    /// Register: whose names of year groups, 1 UK, 2 US, 3 AU.
    pub const SCHEME: u32 = 6;
    /// Register: place among the scheme's names.
    pub const STAGE: u32 = 7;
    /// Register: the day on which that was so, `YYYY-MM-DD`.
    pub const STAGE_ON: u32 = 8;
    /// Register: the day of each year on which learners move up, `MM-DD`.
    pub const MOVES_UP_ON: u32 = 9;
    /// Register: id of the learner that they turned out to be.
    pub const MERGED_INTO: u32 = 10;
}

/// A field of the family's settings; those below 20 are named where they are set.
pub mod setting {
    /// Register: how long things stay in the trash, 1 30 days, 2 90 days, 3 for ever.
    pub const TRASH: u32 = 20;
}

/// Fields of what went along with a learner who was removed.
pub mod removal {
    /// Register: id of the learner.
    pub const LEARNER: u32 = 1;
    /// Register: id of the learner that they turned out to be.
    pub const INTO: u32 = 2;
    /// Keyed map: id of a record that went into the trash to true.
    pub const TRASHED: u32 = 3;
    /// Keyed map: id of a record that stayed to a list of `[field, what stood there, what stood there for the other]`.
    pub const TAKEN_OFF: u32 = 4;
    /// Register: all of it was brought back.
    pub const DONE: u32 = 5;
}

/// Fields of earlier versions.
pub mod versions {
    /// Register: id of the entry.
    pub const ENTRY: u32 = 1;
    /// Keyed map: a place, 0 to 9, to a list of `[replaced at, written at, document]`, times in milliseconds since 1970.
    pub const VERSIONS: u32 = 2;
    /// Register: number of the device that keeps them.
    pub const DEVICE: u32 = 3;
}

/// Fields of the family log. The first writing of each stays (see `merge`).
pub mod family_log {
    /// Register: number of the device.
    pub const DEVICE: u32 = 1;
    /// Keyed map: number of an event to a list of `[when in milliseconds since 1970, act, kind, ids of 16 bytes each]`.
    pub const EVENTS: u32 = 2;
}

/// Fields of a subject.
pub mod subject {
    /// Register: its name.
    pub const NAME: u32 = 1;
    /// Register: `#rrggbb`.
    pub const COLOUR: u32 = 2;
    /// Register: place in lists.
    pub const ORDER: u32 = 3;
    /// Register: not offered for new entries.
    pub const HIDDEN: u32 = 4;
    /// Register: one of those that a law calls core.
    pub const CORE: u32 = 5;
    /// Register: id of the subject that it became part of.
    pub const MERGED_INTO: u32 = 6;
}

/// Fields of an entry.
pub mod entry {
    /// Text cell: what happened, shared by all its learners.
    pub const NOTE: u32 = 1;
    /// Register.
    pub const TITLE: u32 = 2;
    /// Register: the day of the learning, `YYYY-MM-DD`.
    pub const LEARNED_ON: u32 = 3;
    /// Register, set once: when it was written down, milliseconds since 1970.
    pub const RECORDED_AT: u32 = 4;
    /// Register: minutes, or null.
    pub const MINUTES: u32 = 5;
    /// Register: on record; else a draft.
    pub const ON_RECORD: u32 = 6;
    /// Keyed map: learner id to that learner's own line, or "".
    pub const LEARNERS: u32 = 7;
    /// Keyed map: subject id to true.
    pub const SUBJECTS: u32 = 8;
    /// Keyed map: tag to true.
    pub const TAGS: u32 = 9;
    /// Keyed map: attachment id to a list, see [`attachment`].
    pub const ATTACHMENTS: u32 = 10;
    /// Register: starred.
    pub const STARRED: u32 = 11;
    /// Register: a sample of the learner's work.
    pub const SAMPLE: u32 = 12;
    /// Text cell: how it went.
    pub const WENT: u32 = 13;
    /// Text cell: what it shows.
    pub const SHOWS: u32 = 14;
    /// Text cell: what comes next.
    pub const NEXT: u32 = 15;
    /// Register: who taught, 1 parent, 2 provider, 3 somebody else, 4 nobody.
    pub const TAUGHT_BY: u32 = 16;
    /// Register: id of the provider.
    pub const PROVIDER: u32 = 17;
    /// Register: 1 at home, 2 away.
    pub const PLACE: u32 = 18;

    /// Places in the list that an attachment's element holds.
    pub mod attachment {
        /// Blob id of the 2048 px copy; its key, size and plaintext hash follow. Null, all four, where there is no picture.
        pub const DISPLAY: usize = 0;
        /// Blob id of the 512 px copy; its key, size and plaintext hash follow. Null where the other copy is.
        pub const THUMB: usize = 4;
        /// Pixels across.
        pub const WIDTH: usize = 8;
        /// Pixels down.
        pub const HEIGHT: usize = 9;
        /// BlurHash.
        pub const BLURHASH: usize = 10;
        /// When the picture was taken, camera's local time.
        pub const CAPTURED_AT: usize = 11;
        /// Media type of the copies.
        pub const MIME: usize = 12;
        /// Place among the entry's attachments.
        pub const ORDER: usize = 13;
        /// What is printed under it.
        pub const CAPTION: usize = 14;
        /// What is read out instead of it.
        pub const ALT: usize = 15;
        /// SHA-256 of the file that it was made from; null or absent when nobody kept it.
        pub const ORIGINAL: usize = 16;
        /// Blob id of a whole file that is no photo; its key, size and plaintext hash follow. Null or absent for a photo.
        pub const FILE: usize = 17;
        /// Media type of that file.
        pub const FILE_MIME: usize = 21;
        /// What the file is called.
        pub const FILE_NAME: usize = 22;
        /// Its pages, or how long it is heard or seen in milliseconds; null when nobody counted.
        pub const FILE_LENGTH: usize = 23;
    }
}
