//! The second step of signing in: a code from the authenticator app, or one of the backup codes.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::account::CHANGED;
use super::entering::{enter, enter_to};
use super::fault::waiting;
use super::form::Posted;
use super::login::start_again;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, redirect};
use crate::accounts::second_step::{self, Kind, Passed, Pending, Refused, Try, Way};
use crate::accounts::{sessions, tokens, users};
use crate::error::ApiError;
use crate::state::State;
use crate::store::Tx;

/// More is no code: cut before anything is computed.
const CODE_CHARS: usize = 64;
/// Whoever knows the password can cause that wait, and its person gets around it.
const WRONG_CODES: &str = "There were too many wrong codes, perhaps somebody else’s. A backup code works at once. So does your code once \
                           you set a new password by “Forgot your password?” on the sign-in page. Phones that are signed in go on \
                           working.";
/// The same behind a mailed code, where no new password helps.
const WRONG_CODES_OF_RESET: &str =
    "There were too many wrong codes. A backup code works at once. Phones that are signed in go on working.";

#[derive(Template)]
#[template(path = "totp.html")]
struct TotpPage {
    frame: Frame,
    action: String,
    backup: String,
    lost: String,
    resets: bool,
}

#[derive(Template)]
#[template(path = "backup_code.html")]
struct BackupPage {
    frame: Frame,
    action: String,
    totp: String,
    lost: String,
    resets: bool,
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
        Some(pending) => draw(state, visitor, StatusCode::OK, kind, &pending, None),
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
    let (browser, now_us) = (visitor.browser_hash(), state.clock.now_us());
    let (mail_id, of_code) = (state.random.make(), state.random.make());
    let (this, of) = (state.clone(), pending.clone());
    let taken = take(state, &visitor, &pending, move |tx| {
        let way = Way { browser, host: this.origin.host(), mail_id, now_us };
        let per_hour = this.config.limits.totp_per_hour;
        let code = Try { way, kind, typed: &typed, throttle, per_hour, mail_id: of_code };
        second_step::judge(tx, &this.secrets, &of, &code)
    });
    let refused = match taken.await? {
        Ok(signed_in) => return Ok(signed_in),
        Err(refused) => refused,
    };
    match refused {
        Refused::Over => start_again(state, &visitor),
        Refused::Wait(seconds) => {
            let alert = Alert::wait(seconds, if pending.resets { WRONG_CODES_OF_RESET } else { WRONG_CODES });
            Ok(waiting(
                draw(state, &visitor, StatusCode::TOO_MANY_REQUESTS, kind, &pending, Some(alert))?,
                seconds,
            ))
        }
        Refused::Wrong(left) => {
            let advice = match kind {
                Kind::Totp => "Wait for the next code in your app, then type it.",
                Kind::Backup => "Each code works once.",
            };
            let left = if left == 1 { "1 try".to_owned() } else { format!("{left} tries") };
            let alert = Alert::new("That code did not match", &format!("{advice} You have {left} left."));
            draw(state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, kind, &pending, Some(alert))
        }
    }
}

/// Takes a second step, by a code or let through by somebody: where `judge` finds it right, a session begins in the same moment,
/// and this is the answer that hands it over. A new password leads to what it has ended.
pub(super) async fn take<R: Send + 'static>(
    state: &State,
    visitor: &Visitor,
    pending: &Pending,
    judge: impl Fn(&mut Tx<'_>) -> Result<Result<Passed, R>, ApiError> + Send + 'static,
) -> Result<Result<Response, R>, ApiError> {
    let (user, amr) = (pending.user, sessions::with_code(&pending.amr));
    let secret = tokens::secret(state.random.as_ref());
    let (cookie, before) = (secret.clone(), visitor.sid());
    let (renewal, now) = (visitor.renewal(), state.clock.now_us());
    let judged = state
        .store
        .account(move |tx| {
            tx.lock(&user)?;
            let judged = judge(tx)?;
            if judged.is_ok() {
                renewal.carry(tx)?;
                sessions::begin(tx, &secret, before.as_ref(), user, &amr, now)?;
            }
            Ok(judged)
        })
        .await?;
    state.mail.wake();
    let email_ci = users::fold(&pending.email);
    Ok(match judged {
        Ok(Passed::SignIn) => Ok(enter(state, visitor, &email_ci, &cookie).await?),
        Ok(Passed::Reset) => Ok(enter_to(state, visitor, &email_ci, &cookie, &visitor.way(CHANGED)).await?),
        Err(refused) => Err(refused),
    })
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    kind: Kind,
    pending: &Pending,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let frame = Frame::form(state, visitor, alert);
    let (totp, backup) = (visitor.way("/login/totp"), visitor.way("/login/backup-code"));
    let (lost, resets) = (visitor.way("/login/lost"), pending.resets);
    match kind {
        Kind::Totp => visitor.draw(state, status, &TotpPage { frame, action: totp, backup, lost, resets }),
        Kind::Backup => {
            visitor.draw(state, status, &BackupPage { frame, action: backup, totp, lost, resets })
        }
    }
}
