//! Every URL of the server, in one table that tests walk.

use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, post, put};
use kinfolio_protocol::limits;
use serde_json::json;

use crate::error::ApiError;
use crate::state::State;
use crate::{erase, oauth, pages};

/// What a URL belongs to, and so what must hold for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// Anybody: health, metadata, and what a signature alone proves.
    Open,
    /// HTML pages and what they load.
    Page,
    /// The token endpoints.
    OAuth,
    /// JSON about the own account, by bearer token.
    Account,
    /// Ciphertext of a family, by bearer token, membership and device.
    Family,
}

/// One row of the table.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{…}` for ids.
    pub path: &'static str,
    /// What it belongs to.
    pub plane: Plane,
    pub(crate) handler: MethodRouter<State>,
}

impl Route {
    /// A row. `body` is the most bytes that a request may carry.
    pub(crate) fn new(
        method: Method,
        path: &'static str,
        plane: Plane,
        body: usize,
        handler: MethodRouter<State>,
    ) -> Self {
        Self { method, path, plane, handler: handler.layer(DefaultBodyLimit::max(body)) }
    }
}

/// The table.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut table = vec![
        Route::new(Method::GET, "/healthz", Plane::Open, NOTHING, get(healthz)),
        Route::new(
            Method::GET,
            "/.well-known/oauth-authorization-server",
            Plane::Open,
            NOTHING,
            get(oauth::metadata::metadata),
        ),
    ];
    table.extend(well_known_routes());
    table.extend(page_routes());
    table.extend(account_page_routes());
    table.extend(account_routes());
    table.extend(family_routes());
    table.extend(space_routes());
    table
}

/// The most bytes of a body: none at all, and a form, be it one of our pages' or an app's at the token endpoints.
const NOTHING: usize = 0;
/// See [`NOTHING`].
const FORM: usize = 16 << 10;

fn well_known_routes() -> Vec<Route> {
    use crate::well_known;
    let show = |path, handler| Route::new(Method::GET, path, Plane::Open, NOTHING, handler);
    vec![
        show("/.well-known/security.txt", get(well_known::security)),
        show("/.well-known/apple-app-site-association", get(well_known::apple)),
        show("/.well-known/assetlinks.json", get(well_known::android)),
        show("/.well-known/change-password", get(async || pages::redirect("/account/password"))),
    ]
}

fn page_routes() -> Vec<Route> {
    use crate::accounts::email_codes::Purpose;
    let show = |path, handler| Route::new(Method::GET, path, Plane::Page, NOTHING, handler);
    let send = |path, handler| Route::new(Method::POST, path, Plane::Page, FORM, handler);
    vec![
        show("/", get(async || pages::redirect("/login"))),
        show("/oauth/authorize", get(pages::authorize)),
        show("/login", get(pages::show_login)),
        send("/login", post(pages::log_in)),
        show("/login/code", get(|state, visitor| pages::show_code(Purpose::SignIn, state, visitor))),
        send("/login/code", post(|state, posted| pages::enter_code(Purpose::SignIn, state, posted))),
        send("/login/code/new", post(|state, posted| pages::code_again(Purpose::SignIn, state, posted))),
        send("/login/again", post(pages::ask_again)),
        show("/login/again/code", get(|state, visitor| pages::show_code(Purpose::Again, state, visitor))),
        send("/login/again/code", post(|state, posted| pages::enter_code(Purpose::Again, state, posted))),
        send("/login/again/code/new", post(|state, posted| pages::code_again(Purpose::Again, state, posted))),
        show("/login/totp", get(pages::show_totp)),
        send("/login/totp", post(pages::enter_totp)),
        show("/login/backup-code", get(pages::show_backup)),
        send("/login/backup-code", post(pages::enter_backup)),
        show("/register", get(|state, visitor| pages::show_address(Purpose::Register, state, visitor))),
        send("/register", post(|state, posted| pages::ask_address(Purpose::Register, state, posted))),
        show("/register/code", get(|state, visitor| pages::show_code(Purpose::Register, state, visitor))),
        send("/register/code", post(|state, posted| pages::enter_code(Purpose::Register, state, posted))),
        send("/register/code/new", post(|state, posted| pages::code_again(Purpose::Register, state, posted))),
        show("/register/password", get(pages::show_new_password)),
        send("/register/password", post(pages::create_account)),
        show("/register/linked", get(|state, visitor| pages::show_address(Purpose::Linked, state, visitor))),
        send("/register/linked", post(|state, posted| pages::ask_address(Purpose::Linked, state, posted))),
        show(
            "/register/linked/code",
            get(|state, visitor| pages::show_code(Purpose::Linked, state, visitor)),
        ),
        send(
            "/register/linked/code",
            post(|state, posted| pages::enter_code(Purpose::Linked, state, posted)),
        ),
        send(
            "/register/linked/code/new",
            post(|state, posted| pages::code_again(Purpose::Linked, state, posted)),
        ),
        show("/register/linked/account", get(pages::show_create_linked)),
        send("/register/linked/account", post(pages::create_linked)),
        show("/upstream/{provider}/start", get(pages::upstream_start)),
        show("/upstream/{provider}/callback", get(pages::upstream_callback)),
        show("/reset", get(|state, visitor| pages::show_address(Purpose::Reset, state, visitor))),
        send("/reset", post(|state, posted| pages::ask_address(Purpose::Reset, state, posted))),
        show("/reset/code", get(|state, visitor| pages::show_code(Purpose::Reset, state, visitor))),
        send("/reset/code", post(|state, posted| pages::enter_code(Purpose::Reset, state, posted))),
        send("/reset/code/new", post(|state, posted| pages::code_again(Purpose::Reset, state, posted))),
        show("/reset/password", get(pages::show_reset_password)),
        send("/reset/password", post(pages::reset_password)),
        show("/login/lost", get(pages::show_lost)),
        send("/login/lost", post(pages::ask_removal)),
        send("/login/approved", post(pages::enter_approved)),
        show("/undo", get(pages::show_undo)),
        send("/undo", post(pages::take_back)),
        show("/confirm", get(pages::show_confirm)),
        send("/confirm", post(pages::decide)),
        show("/signed-in", get(pages::show_signed_in)),
        send("/logout", post(pages::log_out)),
        show("/privacy", get(pages::privacy)),
        show("/terms", get(pages::terms)),
        show("/assets/pages.css", get(pages::stylesheet)),
        show("/assets/fonts/{name}", get(pages::font)),
    ]
}

fn account_page_routes() -> Vec<Route> {
    use crate::accounts::email_codes::Purpose;
    use crate::pages::account;
    let show = |path, handler| Route::new(Method::GET, path, Plane::Page, NOTHING, handler);
    let send = |path, handler| Route::new(Method::POST, path, Plane::Page, FORM, handler);
    vec![
        show("/account", get(account::show)),
        show("/account/email", get(|state, visitor| pages::show_address(Purpose::Address, state, visitor))),
        send("/account/email", post(|state, posted| pages::ask_address(Purpose::Address, state, posted))),
        show("/account/email/code", get(|state, visitor| pages::show_code(Purpose::Address, state, visitor))),
        send("/account/email/code", post(|state, posted| pages::enter_code(Purpose::Address, state, posted))),
        send(
            "/account/email/code/new",
            post(|state, posted| pages::code_again(Purpose::Address, state, posted)),
        ),
        show("/account/password", get(account::show_password)),
        send("/account/password", post(account::change_password)),
        show("/account/password/changed", get(account::password_changed)),
        send("/account/password/changed", post(account::end_phones)),
        show("/account/two-step", get(account::show_two_step)),
        send("/account/two-step", post(account::begin_two_step)),
        show("/account/two-step/new", get(account::offer_two_step)),
        send("/account/two-step/new", post(account::confirm_two_step)),
        send("/account/two-step/keep", post(account::keep_two_step)),
        send("/account/two-step/codes", post(account::make_codes)),
        show("/account/two-step/off", get(account::ask_two_step_off)),
        send("/account/two-step/off", post(account::two_step_off)),
        show("/account/devices", get(account::show_devices)),
        send("/account/devices/browsers", post(account::end_browsers)),
        show("/account/devices/{id}", get(account::ask_device)),
        send("/account/devices/{id}/name", post(account::rename_device)),
        send("/account/devices/{id}/sign-out", post(account::sign_out_device)),
        show("/account/linked", get(account::show_linked)),
        show("/account/linked/new", get(account::ask_link)),
        send("/account/linked/new", post(account::link)),
        show("/account/linked/{id}", get(account::ask_unlink)),
        send("/account/linked/{id}/unlink", post(account::unlink)),
        show("/account/activity", get(account::show_activity)),
        show("/account/data", get(account::show_data)),
        show("/account/data/kinfolio-account.json", get(account::data_file)),
        show("/account/delete", get(account::ask_delete)),
        send("/account/delete", post(account::begin_delete)),
        send("/account/delete/stop", post(account::keep_account)),
    ]
}

fn account_routes() -> Vec<Route> {
    use crate::accounts::api;
    vec![
        Route::new(Method::POST, "/oauth/token", Plane::OAuth, FORM, post(oauth::token::token)),
        Route::new(Method::POST, "/oauth/revoke", Plane::OAuth, FORM, post(oauth::revoke::revoke)),
        Route::new(Method::GET, "/api/v1/me", Plane::Account, NOTHING, get(api::me)),
        Route::new(
            Method::POST,
            "/api/v1/me/deletion",
            Plane::Account,
            limits::SMALL_BODY,
            post(erase::end_account),
        ),
        Route::new(Method::DELETE, "/api/v1/me/deletion", Plane::Account, NOTHING, delete(api::keep_account)),
        Route::new(Method::GET, "/api/v1/sign-ins", Plane::Account, NOTHING, get(api::list)),
        Route::new(Method::DELETE, "/api/v1/sign-ins/{id}", Plane::Account, NOTHING, delete(api::revoke)),
    ]
}

fn family_routes() -> Vec<Route> {
    use crate::{families, keyring, links};
    let show = |path, handler| Route::new(Method::GET, path, Plane::Family, NOTHING, handler);
    let send = |method, path, body, handler| Route::new(method, path, Plane::Family, body, handler);
    vec![
        send(Method::POST, "/api/v1/families", limits::FAMILY_BODY, post(families::found)),
        show("/api/v1/families", get(families::list)),
        show("/api/v1/families/{family}/log", get(families::log)),
        send(Method::POST, "/api/v1/families/{family}/log", limits::FAMILY_BODY, post(families::append)),
        show("/api/v1/families/{family}/keyring", get(keyring::keyring)),
        send(
            Method::PUT,
            "/api/v1/families/{family}/keyring",
            limits::FAMILY_BODY,
            put(keyring::put_keyring),
        ),
        show("/api/v1/families/{family}/recovery", get(keyring::recovery)),
        send(
            Method::PUT,
            "/api/v1/families/{family}/recovery",
            limits::FAMILY_BODY,
            put(keyring::put_recovery),
        ),
        show("/api/v1/families/{family}/grants", get(keyring::grants)),
        send(Method::PUT, "/api/v1/families/{family}/grants", limits::FAMILY_BODY, put(keyring::put_grants)),
        send(
            Method::DELETE,
            "/api/v1/families/{family}/grants/{number}",
            NOTHING,
            delete(keyring::acknowledge),
        ),
        show("/api/v1/families/{family}/quota", get(families::quota)),
        show("/api/v1/families/{family}/notices", get(erase::notices)),
        send(Method::POST, "/api/v1/families/{family}/erasure", limits::SMALL_BODY, post(erase::order)),
        send(
            Method::POST,
            "/api/v1/families/{family}/erasure/cancel",
            limits::SMALL_BODY,
            post(erase::cancel),
        ),
        // By signature alone: no bearer.
        Route::new(
            Method::POST,
            "/api/v1/second-step",
            Plane::Open,
            limits::SMALL_BODY,
            post(families::approve),
        ),
        send(Method::POST, "/api/v1/device-proof/nonce", NOTHING, post(families::nonce)),
        send(Method::POST, "/api/v1/device-proof", limits::SMALL_BODY, post(families::prove)),
        send(Method::PUT, "/api/v1/links/{link}", limits::LINK_BODY, put(links::open)),
        send(Method::PUT, "/api/v1/links/{link}/post", limits::LINK_BODY, put(links::post)),
        show("/api/v1/links/{link}", get(links::look)),
    ]
}

fn space_routes() -> Vec<Route> {
    use crate::{blobs, records};
    let show = |path, handler| Route::new(Method::GET, path, Plane::Family, NOTHING, handler);
    let send = |method, path, body, handler| Route::new(method, path, Plane::Family, body, handler);
    vec![
        show("/api/v1/families/{family}/spaces/{space}/head", get(records::head)),
        send(
            Method::POST,
            "/api/v1/families/{family}/spaces/{space}/push",
            limits::PUSH_BODY,
            post(records::push),
        ),
        show("/api/v1/families/{family}/spaces/{space}/pull", get(records::pull)),
        show("/api/v1/families/{family}/spaces/{space}/digest", get(records::digest)),
        show("/api/v1/families/{family}/spaces/{space}/bucket/{bucket}", get(records::bucket)),
        show("/api/v1/families/{family}/spaces/{space}/purged", get(records::purged)),
        show("/api/v1/families/{family}/spaces/{space}/purged/blobs", get(blobs::list)),
        send(
            Method::POST,
            "/api/v1/families/{family}/spaces/{space}/purged/blobs",
            limits::SMALL_BODY,
            post(blobs::leave),
        ),
        send(
            Method::POST,
            "/api/v1/families/{family}/spaces/{space}/purged/blobs/keep",
            limits::SMALL_BODY,
            post(blobs::keep),
        ),
        send(Method::POST, "/api/v1/families/{family}/blobs", limits::SMALL_BODY, post(blobs::announce)),
        show("/api/v1/families/{family}/blobs/{blob}", get(blobs::look)),
        send(
            Method::POST,
            "/api/v1/families/{family}/blobs/{blob}/complete",
            limits::SMALL_BODY,
            post(blobs::complete),
        ),
        send(
            Method::PUT,
            "/api/v1/families/{family}/blobs/{blob}/parts/{part}",
            limits::BLOB_PART,
            put(blobs::put_part),
        ),
        show("/api/v1/families/{family}/blobs/{blob}/parts/{part}", get(blobs::get_part)),
    ]
}

/// 200 when the store answers. Mail that does not get out is a word in it: phones sync without mail.
async fn healthz(
    axum::extract::State(state): axum::extract::State<State>,
) -> Result<Json<serde_json::Value>, ApiError> {
    state.store.account_read(|tx| tx.query_one("SELECT 1 FROM server_stamp", &[])).await?;
    let mail = if state.mail.is_failing() { "failing" } else { "ok" };
    Ok(Json(json!({ "status": "ok", "mail": mail })))
}
