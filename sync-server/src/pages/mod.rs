//! The pages of sign-in: HTML made here, no JavaScript, one tap or form at a time.

pub(crate) mod account;
mod address;
mod again;
mod assets;
mod authorize;
mod code;
mod code_mail;
mod confirm;
mod cookies;
mod entering;
mod fault;
mod form;
mod legal;
mod login;
mod logout;
mod lost;
mod new_password;
mod next;
mod onward;
mod render;
mod reset_password;
mod second_step;
mod sign_in_code;
mod undo;
mod upstream;
mod visitor;

pub(crate) use address::{ask as ask_address, show as show_address};
pub(crate) use again::ask as ask_again;
pub(crate) use assets::{font, stylesheet};
pub(crate) use authorize::authorize;
pub(crate) use code::{again as code_again, enter as enter_code, show as show_code};
pub(crate) use confirm::{decide, show as show_confirm};
pub(crate) use fault::PageFault;
pub(crate) use legal::{privacy, terms};
pub(crate) use login::{log_in, show as show_login};
pub(crate) use logout::{log_out, show as show_signed_in};
pub(crate) use lost::{ask as ask_removal, enter_approved, show as show_lost};
pub(crate) use new_password::{set as create_account, show as show_new_password};
pub(crate) use render::frame;
pub(crate) use reset_password::{set as reset_password, show as show_reset_password};
pub(crate) use second_step::{enter_backup, enter_totp, show_backup, show_totp};
pub(crate) use undo::{show as show_undo, take_back};
pub(crate) use upstream::{
    callback as upstream_callback, create as create_linked, show_create as show_create_linked,
    start as upstream_start,
};
pub(crate) use visitor::Visitor;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::hex::hex;
use crate::planted;

/// A page's address, with the authorization request it belongs to.
pub(crate) fn link(path: &str, request: Option<[u8; 16]>) -> String {
    match request {
        Some(id) => format!("{path}?tx={}", hex(&id)),
        None => path.to_owned(),
    }
}

/// 303: whatever the method was, the next request is a GET.
pub(crate) fn redirect(url: &str) -> Response {
    let status =
        if planted::off("see-other") { StatusCode::TEMPORARY_REDIRECT } else { StatusCode::SEE_OTHER };
    match HeaderValue::from_str(url) {
        Ok(location) => (status, [(header::LOCATION, location)]).into_response(),
        Err(_) => PageFault::unknown_app().into_response(),
    }
}
