//! What the record calls by a name of its own: titles, authors and places, in which a nickname may be another's name.

use std::sync::Arc;

use crate::context::Context;
use crate::error::Result;
use crate::providers::Provider;
use crate::reading::Reading;
use crate::shelf::{Item, Look, Shelf};
use crate::trips::Trip;

/// All of them, of everybody.
pub fn works(context: &Arc<Context>) -> Result<Vec<String>> {
    let mut works = Vec::new();
    for Reading { title, author, .. } in all(context)? {
        works.push(title);
        // An author of one word may be the learner, who wrote a book.
        works.extend(Some(author).filter(|author| author.contains(' ')));
    }
    for Provider { name, place, .. } in all(context)? {
        works.extend([name, place]);
    }
    for Trip { title, place, .. } in all(context)? {
        works.extend([title, place]);
    }
    Ok(works)
}

fn all<T: Item>(context: &Arc<Context>) -> Result<impl Iterator<Item = T> + use<T>> {
    let kept = Shelf::<T>::new(Arc::clone(context)).list(&Look::default())?;
    Ok(kept.into_iter().map(|one| one.item))
}
