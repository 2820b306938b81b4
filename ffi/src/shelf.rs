//! The rooms of small kinds: each has the same six methods.
use kinfolio_core::ids::LearnerId;
use kinfolio_core::shelf::Look;

/// Which items of a small kind. All that is given must hold at once.
#[uniffi::remote(Record)]
pub struct Look {
    /// This learner's, and those that are nobody's.
    #[uniffi(default)]
    pub learner: Option<LearnerId>,
    /// From this day on, `YYYY-MM-DD`. What has no day is then left out.
    #[uniffi(default)]
    pub first_day: Option<String>,
    /// Up to this day.
    #[uniffi(default)]
    pub last_day: Option<String>,
    /// What lies in the trash instead of what does not.
    #[uniffi(default)]
    pub trashed: bool,
}

/// The room of one small kind, and an item as it is kept.
macro_rules! shelf {
    ($(#[$doc:meta])* $client:ident of $item:ident by $id:ident, $(#[$kept_doc:meta])* $kept:ident) => {
        type $kept = kinfolio_core::shelf::Kept<$item>;

        $(#[$kept_doc])*
        #[uniffi::remote(Record)]
        pub struct $kept {
            /// Its id.
            pub id: $id,
            /// What was typed.
            pub item: $item,
            /// When it was written down, milliseconds since 1970. It never changes.
            pub recorded_at: i64,
        }

        $(#[$doc])*
        #[derive(uniffi::Object)]
        pub struct $client {
            pub(crate) room: kinfolio_core::shelf::Shelf<$item>,
        }

        #[uniffi::export]
        impl $client {
            /// Keeps a new one.
            ///
            /// # Errors
            /// As [`kinfolio_core::shelf::Shelf::add`].
            pub fn add(&self, item: $item) -> $crate::border::Result<$kept> {
                $crate::border::call(|| self.room.add(&item))
            }

            /// One of them, from the trash too.
            ///
            /// # Errors
            /// As [`kinfolio_core::shelf::Shelf::get`].
            pub fn get(&self, id: $id) -> $crate::border::Result<$kept> {
                $crate::border::call(|| self.room.get(id))
            }

            /// Those that match, the newest day first.
            ///
            /// # Errors
            /// As [`kinfolio_core::shelf::Shelf::list`].
            pub fn list(&self, look: kinfolio_core::shelf::Look) -> $crate::border::Result<Vec<$kept>> {
                $crate::border::call(|| self.room.list(&look))
            }

            /// Makes one read `now`. `base` is what the editor began with: what others changed since then stays.
            ///
            /// # Errors
            /// As [`kinfolio_core::shelf::Shelf::save`].
            pub fn save(&self, id: $id, base: $item, now: $item) -> $crate::border::Result<$kept> {
                $crate::border::call(|| self.room.save(id, &base, &now))
            }

            /// Puts one into the trash; an edit that another phone makes meanwhile brings it back.
            ///
            /// # Errors
            /// As [`kinfolio_core::shelf::Shelf::trash`].
            pub fn trash(&self, id: $id) -> $crate::border::Result<()> {
                $crate::border::call(|| self.room.trash(id))
            }

            /// Takes one out of the trash.
            ///
            /// # Errors
            /// As [`kinfolio_core::shelf::Shelf::restore`].
            pub fn restore(&self, id: $id) -> $crate::border::Result<()> {
                $crate::border::call(|| self.room.restore(id))
            }
        }
    };
}

pub(crate) use shelf;
