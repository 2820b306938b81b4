//! The download loop: rows by the gap-free cursor, newest first on a new phone; page and cursor in one transaction.

use std::sync::Arc;

use kinfolio_protocol::limits::PULL_RECORDS;
use kinfolio_protocol::sync::{PullResponse, Start};

use super::absorb::OpenedRows;
use super::engine::{Engine, Stop};
use super::queries::{self, Standing};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::progress::{Watch, blocking};

/// A page that was fetched and opened, not yet taken in.
struct Page {
    rows: OpenedRows,
    /// Where the space stands once the rows are in.
    then: Standing,
    /// It brings rows or ends something; an idle phone's pull writes nothing.
    moves: bool,
    /// Where the next page begins; `None` after the last.
    next: Option<Start>,
}

impl Engine {
    /// Takes in everything that the server has and this phone lacks: what is new first, then, on a phone that
    /// is still filling up, the older rows from the newest down.
    pub(super) async fn pull(self: &Arc<Self>, space: SpaceId, watch: &Watch) -> Result<(), Stop> {
        let at = self.first_contact(space).await?;
        self.pages(space, at, Start::After(at.cursor), watch).await?;
        let at = self.standing(space).await?.unwrap_or(at);
        if let Some(before) = at.backfill {
            self.pages(space, at, Start::Before(before), watch).await?;
        }
        Ok(())
    }

    /// Where the space stands; before its first pull, at the server's head with everything below still to come.
    pub(super) async fn first_contact(self: &Arc<Self>, space: SpaceId) -> Result<Standing, Stop> {
        if let Some(at) = self.standing(space).await? {
            return Ok(at);
        }
        let head = self.remote.head(space).await?;
        let at = Standing {
            incarnation: head.incarnation,
            cursor: head.head,
            backfill: (head.head > 0).then_some(head.head.saturating_add(1)),
        };
        let engine = Arc::clone(self);
        blocking(move || engine.context.storage.write(|tx| queries::stand(tx, space, &at))).await?;
        Ok(at)
    }

    async fn standing(self: &Arc<Self>, space: SpaceId) -> Result<Option<Standing>> {
        let engine = Arc::clone(self);
        blocking(move || engine.context.storage.read(|tx| queries::standing(tx, space))).await
    }

    /// Pages one way until the end: the next is fetched and opened while the last is taken in.
    async fn pages(
        self: &Arc<Self>,
        space: SpaceId,
        mut at: Standing,
        start: Start,
        watch: &Watch,
    ) -> Result<(), Stop> {
        let mut page = self.fetch(space, at, start, watch).await?;
        loop {
            at = page.then;
            let next = page.next;
            let take_in = self.take_in(space, page, watch);
            match next {
                None => return take_in.await,
                Some(start) => {
                    let (taken, fetched) = futures::join!(take_in, self.fetch(space, at, start, watch));
                    taken?;
                    page = fetched?;
                }
            }
        }
    }

    async fn fetch(
        self: &Arc<Self>,
        space: SpaceId,
        at: Standing,
        start: Start,
        watch: &Watch,
    ) -> Result<Page, Stop> {
        watch.cancel.check()?;
        let reply = self.remote.pull(space, start, PULL_RECORDS).await?;
        self.same_life(&at.incarnation, &reply.incarnation)?;
        if reply.head < at.cursor {
            // A head that went down without a new incarnation: compare, never trust the numbers again.
            return Err(Stop::OtherLife);
        }
        watch.expect(reply.head.saturating_sub(at.cursor));
        let (then, next) = after(&reply, at, start);
        let rows = self.open(space, reply.records).await?;
        Ok(Page { moves: !rows.is_empty() || then != at, rows, then, next })
    }

    async fn take_in(self: &Arc<Self>, space: SpaceId, page: Page, watch: &Watch) -> Result<(), Stop> {
        let count = page.rows.len() as u64;
        if !page.moves {
            return Ok(());
        }
        let engine = Arc::clone(self);
        blocking(move || {
            let changes = engine.context.storage.write(|tx| {
                // The cursor may have been moved meanwhile by our own pushes: it never goes back.
                let mut then = page.then;
                if let Some(now) = queries::standing(tx, space)? {
                    if now.incarnation != then.incarnation {
                        return Err(Error::internal("space changed hands during a pull"));
                    }
                    then.cursor = then.cursor.max(now.cursor);
                }
                let changes = engine.absorb(tx, space, page.rows)?;
                queries::stand(tx, space, &then)?;
                Ok(changes)
            })?;
            engine.context.changes.tell(changes);
            Ok(())
        })
        .await?;
        watch.did(count);
        Ok(())
    }
}

/// Where the space stands after this page, and where the next one begins.
fn after(reply: &PullResponse, at: Standing, start: Start) -> (Standing, Option<Start>) {
    let last = reply.records.last().map(|row| row.seq);
    match (start, last) {
        (Start::After(_), Some(seq)) => {
            let then = Standing { cursor: seq, ..at };
            (then, reply.more.then_some(Start::After(seq)))
        }
        (Start::After(_), None) => (at, None),
        (Start::Before(_), Some(seq)) if reply.more => {
            (Standing { backfill: Some(seq), ..at }, Some(Start::Before(seq)))
        }
        (Start::Before(_), _) => (Standing { backfill: None, ..at }, None),
    }
}
