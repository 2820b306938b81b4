//! The second step of signing in: a code from the authenticator app, or one of the backup codes.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::account::CHANGED;
use super::fault::{WAIT_TEXT, in_words, waiting};
use super::form::Posted;
use super::login::{enter, enter_to, start_again};
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, redirect};
use crate::accounts::second_step::{self, Kind, Outcome, Pending, Try};
use crate::accounts::{sessions, tokens, users};
use crate::state::State;

/// More is no code: cut before anything is computed.
const CODE_CHARS: usize = 64;
/// Whoever knows the password can cause that wait, and its person gets around it.
const WRONG_CODES: &str = "There were too many wrong codes, perhaps somebody else’s. Set a new password by “Forgot your password?” on \
                           the sign-in page: your code counts at once then. Phones that are signed in go on working.";

#[derive(Template)]
#[template(path = "totp.html")]
struct TotpPage {
    frame: Frame,
    action: String,
    backup: String,
    lost: String,
}

#[derive(Template)]
#[template(path = "backup_code.html")]
struct BackupPage {
    frame: Frame,
    action: String,
    totp: String,
    lost: String,
}

/// `GET /login/totp`.
pub(crate) async fn show_totp(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    show(&state, &visitor, Kind::Totp).await
}

/// `GET /login/backup-code`.
pub(crate) async fn show_backup(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    show(&state, &visitor, Kind::Backup).await
}

/// `POST /login/totp`.
pub(crate) async fn enter_totp(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    try_code(&state, posted, Kind::Totp).await
}

/// `POST /login/backup-code`.
pub(crate) async fn enter_backup(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    try_code(&state, posted, Kind::Backup).await
}

async fn show(state: &State, visitor: &Visitor, kind: Kind) -> Result<Response, PageFault> {
    visitor.request(state).await?;
    match pending(state, visitor).await? {
        Some(_) => draw(state, visitor, StatusCode::OK, kind, None),
        None => Ok(redirect(&visitor.way("/login"))),
    }
}

/// What this browser waits for, if it does.
pub(super) async fn pending(state: &State, visitor: &Visitor) -> Result<Option<Pending>, PageFault> {
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    Ok(state.store.account_read(move |tx| second_step::find(tx, browser, now)).await?)
}

async fn try_code(state: &State, posted: Posted, kind: Kind) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    visitor.request(state).await?;
    let Some(pending) = pending(state, &visitor).await? else { return start_again(state, &visitor) };
    let typed: Zeroizing<String> = Zeroizing::new(form.field("code").chars().take(CODE_CHARS).collect());
    let email_ci = users::fold(&pending.email);
    let known = visitor.known_to(state, &email_ci).await?;
    let throttle = second_step::bucket(&state.secrets, &pending, known.is_some());
    let secret = tokens::secret(state.random.as_ref());
    let (cookie, before) = (secret.clone(), visitor.sid().map(str::to_owned));
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    let mail_ids = [state.random.make(), state.random.make()];
    let (this, resets, renewal) = (state.clone(), pending.resets, visitor.renewal());
    let outcome = state
        .store
        .account(move |tx| {
            let per_hour = this.config.limits.totp_per_hour;
            let host = this.origin.host();
            let of = Try { browser, kind, typed: &typed, throttle, per_hour, host, mail_ids, now_us: now };
            tx.lock(&pending.user)?;
            let outcome = second_step::judge(tx, &this.secrets, &pending, &of)?;
            if matches!(outcome, Outcome::Right | Outcome::Reset) {
                renewal.carry(tx)?;
                let amr = sessions::with_code(&pending.amr);
                sessions::begin(tx, &secret, before.as_deref(), pending.user, &amr, now)?;
            }
            Ok(outcome)
        })
        .await?;
    state.mail.wake();
    match outcome {
        Outcome::Right => Ok(enter(state, &visitor, &email_ci, &cookie).await?),
        Outcome::Reset => Ok(enter_to(state, &visitor, &email_ci, &cookie, &visitor.way(CHANGED)).await?),
        Outcome::Over => start_again(state, &visitor),
        Outcome::Wait(seconds) => {
            let alert = if resets {
                Alert::new(&format!("Please wait {}", in_words(seconds)), WAIT_TEXT)
            } else {
                Alert::new(&format!("Please wait {}", in_words(seconds)), WRONG_CODES)
            };
            Ok(waiting(draw(state, &visitor, StatusCode::TOO_MANY_REQUESTS, kind, Some(alert))?, seconds))
        }
        Outcome::Wrong(left) => {
            let advice = match kind {
                Kind::Totp => "Wait for the next code in your app, then type it.",
                Kind::Backup => "Each code works once.",
            };
            let left = if left == 1 { "1 try".to_owned() } else { format!("{left} tries") };
            let alert = Alert::new("That code did not match", &format!("{advice} You have {left} left."));
            draw(state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, kind, Some(alert))
        }
    }
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    kind: Kind,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let frame = Frame::form(state, visitor, alert);
    let (totp, backup) = (visitor.way("/login/totp"), visitor.way("/login/backup-code"));
    let lost = visitor.way("/login/lost");
    match kind {
        Kind::Totp => visitor.draw(state, status, &TotpPage { frame, action: totp, backup, lost }),
        Kind::Backup => visitor.draw(state, status, &BackupPage { frame, action: backup, totp, lost }),
    }
}
