//! Details that this phone remembers because somebody asked it to: in a table that nothing syncs, exports or backs up.

use std::fmt;

use zeroize::Zeroizing;

use super::client::ReportsClient;
use super::details::Details;
use crate::error::{OrNotFound, Result};
use crate::export::queries;
use crate::export::renaming::Renaming;
use crate::ids::LearnerId;
use crate::learners;

/// What is remembered for documents about one learner.
#[derive(Default, Clone)]
pub struct Remembered {
    /// Printed instead of the nickname; may be empty.
    pub name: Zeroizing<String>,
    /// What a report says beside it.
    pub details: Details,
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remembered")
    }
}

impl ReportsClient {
    /// Remembers these on this phone only, in place of what was. From then on the name, where it is typed into a report, is
    /// kept there as the learner, as a nickname is. With nothing in it, forgets.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) for an unknown learner;
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a name or detail that could not be printed.
    pub fn remember(&self, learner: LearnerId, one: Remembered) -> Result<()> {
        let details = one.details.checked()?;
        let mut name = Zeroizing::new(String::new());
        if !one.name.trim().is_empty() {
            let mut checked = Renaming::none();
            checked.set(learner, &one.name)?;
            name.push_str(checked.get(learner).unwrap_or_default());
        }
        self.context.storage.write(|tx| {
            learners::list(tx)?.iter().find(|there| there.id == learner).or_not_found("learner")?;
            if name.is_empty() && details.is_empty() {
                return queries::forget(tx, learner);
            }
            queries::remember(tx, learner, &Remembered { name, details })
        })
    }

    /// What this phone remembers, to be shown in the fields of a document.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn remembered(&self, learner: LearnerId) -> Result<Option<Remembered>> {
        self.context.storage.read(|tx| queries::remembered(tx, learner))
    }

    /// Forgets it.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn forget(&self, learner: LearnerId) -> Result<()> {
        self.context.storage.write(|tx| queries::forget(tx, learner))
    }

    /// Forgets what is remembered of everybody.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn forget_all(&self) -> Result<()> {
        self.context.storage.write(queries::forget_all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entries::tests::Phone;
    use crate::error::Error;
    use crate::learners::LearnerEdit;
    use crate::reports::{ReportForm, Section, token};

    fn robin() -> Remembered {
        let details = Details {
            name_in_title: Zeroizing::new("Robina Marlow".into()),
            born: Zeroizing::new("3 March 2018".into()),
            sender: Zeroizing::new("Jo Marlow\n14 Canary Lane ".into()),
            ..Details::default()
        };
        Remembered { name: Zeroizing::new(" Robina ".into()), details }
    }

    #[test]
    fn what_is_remembered_comes_back_until_it_is_forgotten_and_makes_nothing_to_sync() {
        let phone = Phone::new(1);
        let bean = phone.learner("Bean").id;
        let room = phone.client.export().reports();
        assert!(room.remembered(bean).unwrap().is_none());
        let to_sync = || {
            let sql = "SELECT count(*) FILTER (WHERE dirty = 1) * 1000 + count(*) FROM record";
            room.context.storage.read(|tx| Ok(tx.query_row(sql, [], |row| row.get::<_, i64>(0))?)).unwrap()
        };
        let before = to_sync();
        room.remember(bean, robin()).unwrap();
        let back = room.remembered(bean).unwrap().unwrap();
        assert_eq!((&**back.name, &**back.details.sender), ("Robina", "Jo Marlow\n14 Canary Lane"));
        assert_eq!(format!("{back:?}"), "Remembered");
        assert_eq!(to_sync(), before, "no record, no event of the log");
        room.remember(bean, Remembered::default()).unwrap();
        assert!(room.remembered(bean).unwrap().is_none());
        room.remember(bean, robin()).unwrap();
        room.forget_all().unwrap();
        assert!(room.remembered(bean).unwrap().is_none());
        assert_eq!(room.remember(LearnerId([9; 16]), robin()), Err(Error::NotFound("learner")));
        let long = Remembered { name: Zeroizing::new("x".repeat(81)), ..Remembered::default() };
        assert!(room.remember(bean, long).is_err());
    }

    #[test]
    fn a_learner_who_goes_takes_it_along_and_one_who_is_changed_does_not() {
        let phone = Phone::new(2);
        let (bean, fern) = (phone.learner("Bean").id, phone.learner("Fern").id);
        let room = phone.client.export().reports();
        room.remember(bean, robin()).unwrap();
        room.remember(fern, robin()).unwrap();
        let edit = LearnerEdit { nickname: Some("Beanie".into()), ..LearnerEdit::default() };
        phone.client.learners().update(bean, edit).unwrap();
        assert!(room.remembered(bean).unwrap().is_some());
        phone.client.learners().remove(bean).unwrap();
        assert!(room.remembered(bean).unwrap().is_none());
        assert!(room.remembered(fern).unwrap().is_some());
    }

    #[test]
    fn a_remembered_name_that_is_typed_into_a_report_is_kept_as_the_learner() {
        let phone = Phone::new(3);
        let bean = phone.learner("Bean").id;
        let room = phone.client.export().reports();
        let kept = room.begin(ReportForm::England, bean, "2025-09-01", "2026-08-31", None).unwrap();
        let written = |text: &str| {
            let base = room.get(kept.id).unwrap().item;
            let mut now = base.clone();
            now.set(Section::About, text.into(), String::new());
            room.save(kept.id, &base, &now).unwrap().item.text(Section::About).to_owned()
        };
        assert_eq!(
            written("Robina Marlow reads."),
            "Robina Marlow reads.",
            "nobody asked this phone to know"
        );
        room.remember(bean, robin()).unwrap();
        assert_eq!(
            written("Robina Marlow reads. Robina's owl."),
            format!("{0} reads. {0}'s owl.", token(bean))
        );
    }
}
