//! The last step of changing the address: its code was right.

use axum::response::Response;

use crate::accounts::address_change;
use crate::accounts::sessions::Session;
use crate::accounts::undo_links::{self, LinkMail};
use crate::accounts::users;
use crate::pages::next::Next;
use crate::pages::{PageFault, Visitor, address, entering, redirect};
use crate::state::State;

/// Gives the account the new address, tells the old one, and makes this browser known under the new one.
pub(crate) async fn change(
    state: &State,
    visitor: &Visitor,
    session: Session,
) -> Result<Response, PageFault> {
    let (browser, now_us) = (visitor.browser_hash(), state.clock.now_us());
    let (mail_id, link) = (state.random.make(), undo_links::make(state.random.as_ref()));
    let this = state.clone();
    let changed = super::change(state, session, Next::Email, move |tx, of| {
        let with = LinkMail { origin: &this.origin, mail_id, link: &link, now_us };
        address_change::change(tx, of.user, browser, &with)
    });
    let changed = changed.await?;
    state.mail.wake();
    let Some(email) = changed else { return address::taken(state, visitor) };
    let mut response = redirect(Next::Account.path());
    entering::make_known(state, &mut response, &users::fold(&email)).await?;
    Ok(response)
}
