//! `GET /upstream/{provider}/callback`: a browser is back from the other service. One address for each provider, and
//! an answer counts once, in the browser that asked for it.

use axum::extract::{RawQuery, State as AxumState};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::{Said, provider_of, say};
use crate::accounts::renewal::Renewal;
use crate::accounts::tokens;
use crate::accounts::{linked, second_step, sessions, totp, users};
use crate::audit::{self, Event};
use crate::body::Params as Path;
use crate::oauth::params::Params;
use crate::pages::entering::enter;
use crate::pages::next::Next;
use crate::pages::render::Alert;
use crate::pages::{PageFault, Visitor, redirect};
use crate::planted;
use crate::state::State;
use crate::store::{Result as StoreResult, Tx};
use crate::upstream::arrivals::{self, Arrival};
use crate::upstream::transactions::{self, Goal};
use crate::upstream::{Identity, Provider};

/// Longest code that is sent on.
const CODE_BYTES: usize = 4096;

pub(crate) async fn callback(
    AxumState(state): AxumState<State>,
    path: Path,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let provider = provider_of(&state, &path)?;
    let query = query.and_then(|query| Params::parse(query.as_bytes())).ok_or_else(PageFault::too_old)?;
    let secret = query.field("state").to_owned();
    if query.has_doubles() || !tokens::is_secret(&secret) {
        return Err(PageFault::too_old());
    }
    let (given, browser, name) = (secret.clone(), visitor.browser_hash(), provider.name().to_owned());
    let now = state.clock.now_us();
    let journey =
        state.store.account(move |tx| transactions::finish(tx, &given, browser, &name, now)).await?;
    let journey = journey.ok_or_else(PageFault::too_old)?;
    let goal = journey.goal;
    let visitor = visitor.back_on(journey.request, journey.next.as_deref().and_then(Next::of));
    // RFC 9207: an answer that says whose it is must be this provider's.
    let foreign = !matches!(query.field("iss"), iss if iss.is_empty() || iss == provider.issuer());
    let code = query.field("code");
    if foreign || code.is_empty() || code.len() > CODE_BYTES {
        log(provider.name(), foreign, query.field("error"));
        return say(&state, &visitor, goal, Said::declined(provider.label())).await;
    }
    let identity = match provider.redeem(&state.secrets, &secret, code, now).await {
        Ok(identity) => identity,
        Err(fault) => return say(&state, &visitor, goal, Said::fault(provider, fault)).await,
    };
    match goal {
        Goal::Link => link(&state, &visitor, provider, identity).await,
        Goal::SignIn | Goal::Again => sign_in(&state, &visitor, provider, identity, goal).await,
    }
}

/// Tells the operator why a provider sent nobody: a word of RFC 6749's form, and nothing else of what came.
fn log(provider: &str, foreign: bool, error: &str) {
    let is_word = error.len() <= 64 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let error = if is_word { error } else { "unreadable" };
    match (foreign, error) {
        (true, _) => tracing::warn!(provider, "an answer for this provider says that it is another's"),
        (false, "access_denied") => tracing::info!(provider, "somebody did not let the provider answer"),
        (false, error) => tracing::warn!(provider, error, "the provider sent nobody back"),
    }
}

/// What somebody who came back is here.
enum Came {
    /// Signed in; the address of the account.
    In(String),
    /// The account asks for its second step.
    OwesCode,
    /// Not linked here; whether their address is trusted, and has an account.
    New { trusted: bool, taken: Option<String> },
    /// Not to be let in: what to say, with `{}` for the service.
    Not(&'static str, &'static str),
}

async fn sign_in(
    state: &State,
    visitor: &Visitor,
    provider: &Provider,
    identity: Identity,
    goal: Goal,
) -> Result<Response, PageFault> {
    let session = if goal == Goal::Again { visitor.session(state).await? } else { None };
    let (secret, now) = (tokens::secret(state.random.as_ref()), state.clock.now_us());
    let entry = Entry {
        renewal: visitor.renewal(),
        cookie: secret.clone(),
        before: visitor.sid(),
        again: (goal == Goal::Again).then_some(session.map(|session| session.user)),
        now_us: now,
    };
    let this = state.clone();
    let came = state.store.account(move |tx| entry.of(tx, &this, &identity)).await?;
    let label = provider.label();
    let said = match came {
        Came::In(email) => return Ok(enter(state, visitor, &users::fold(&email), &secret).await?),
        Came::OwesCode => return Ok(visitor.renew(state, redirect(&visitor.way("/login/totp")))),
        Came::New { trusted: true, taken: None } => {
            return Ok(visitor.renew(state, redirect(&visitor.way("/register/linked/account"))));
        }
        Came::New { trusted: false, .. } => {
            return Ok(visitor.renew(state, redirect(&visitor.way("/register/linked"))));
        }
        Came::New { trusted: true, taken: Some(email) } => return has_account(state, visitor, label, &email),
        Came::Not(head, text) => {
            Said(StatusCode::UNPROCESSABLE_ENTITY, Alert::new(&head.replace("{}", label), text))
        }
    };
    say(state, visitor, goal, said).await
}

/// One address never opens another's account: who has one signs in to it first.
pub(super) fn has_account(
    state: &State,
    visitor: &Visitor,
    label: &str,
    email: &str,
) -> Result<Response, PageFault> {
    let text = format!(
        "{email} has one here. Sign in as you did before, with your password for example. Then you can link {label} on your \
         account page."
    );
    let alert = Alert::new("You have an account already", &text);
    crate::pages::login::draw(state, visitor, StatusCode::CONFLICT, email, Some(alert))
}

/// What is needed to let somebody in.
struct Entry {
    renewal: Renewal,
    cookie: Zeroizing<String>,
    before: Option<Zeroizing<String>>,
    /// The account whose person is to show that they are there, if there still is a session.
    again: Option<Option<[u8; 16]>>,
    now_us: i64,
}

impl Entry {
    fn of(&self, tx: &mut Tx<'_>, state: &State, identity: &Identity) -> StoreResult<Came> {
        let now = self.now_us;
        let owner = linked::owner(tx, &identity.issuer, &identity.subject)?;
        if self.again.is_some_and(|account| account.is_none() || account != owner) {
            return Ok(Came::Not(
                "That is somebody else at {}",
                "Who signed in there is not linked to this account. Try again as the one who is, or type your password.",
            ));
        }
        let Some(user) = owner else { return self.newcomer(tx, identity) };
        tx.lock(&user)?;
        if linked::owner(tx, &identity.issuer, &identity.subject)? != owner {
            // It was unlinked in this very moment.
            return self.newcomer(tx, identity);
        }
        let Some(email) = users::enabled_email_of(tx, user)? else {
            return Ok(Came::Not(
                "This account is switched off",
                "The people who run this server can say why.",
            ));
        };
        // Where it does not say when it saw its person, only what is asked for here shows that they are there.
        let seen = identity.auth_time_us.map(|at| at.min(now));
        let two_step = totp::is_on(tx, user)?;
        let recent =
            seen.map_or(two_step, |at| sessions::is_recent(at, now)) || planted::off("provider-time");
        if self.again.is_some() && !recent {
            return Ok(Came::Not("{} does not say that it asked you again", "Show it another way, below."));
        }
        self.renewal.carry(tx)?;
        audit::record(tx, now, Event::LinkedOk, Some(user), None)?;
        if two_step {
            second_step::begin(tx, &state.secrets, self.renewal.to, user, sessions::LINKED, None, now)?;
            return Ok(Came::OwesCode);
        }
        let before = self.before.as_ref();
        sessions::begin_linked(tx, &self.cookie, before, user, seen, now)?;
        Ok(Came::In(email))
    }

    fn newcomer(&self, tx: &mut Tx<'_>, identity: &Identity) -> StoreResult<Came> {
        let trusted = identity.email.clone().filter(|_| identity.trusted);
        let taken = match &trusted {
            Some(email) => users::exists(tx, &users::fold(email))?,
            None => false,
        };
        if !taken {
            let arrival = Arrival { identity: identity.clone(), links_to: None };
            self.renewal.carry(tx)?;
            arrivals::keep(tx, self.renewal.to, &arrival, self.now_us)?;
        }
        Ok(Came::New { trusted: trusted.is_some(), taken: trusted.filter(|_| taken) })
    }
}

/// Back to be linked: asked about once more, so that nobody is made to link a stranger's identity to their account.
async fn link(
    state: &State,
    visitor: &Visitor,
    provider: &Provider,
    identity: Identity,
) -> Result<Response, PageFault> {
    let session = visitor.signed_in(state, Next::Linked).await?;
    let (user, browser, now) = (session.user, visitor.browser_hash(), state.clock.now_us());
    let arrival = Arrival { identity, links_to: Some(user) };
    let owner = state
        .store
        .account(move |tx| {
            let owner = linked::owner(tx, &arrival.identity.issuer, &arrival.identity.subject)?;
            if owner.is_none() {
                arrivals::keep(tx, browser, &arrival, now)?;
            }
            Ok(owner)
        })
        .await?;
    match owner {
        None => Ok(redirect("/account/linked/new")),
        Some(owner) if owner == user => Ok(redirect(Next::Linked.path())),
        Some(_) => {
            let head = format!("{} has another account here", provider.label());
            let text = "Who signed in there just now has an account of its own here. Nothing has changed.";
            say(state, visitor, Goal::Link, Said(StatusCode::CONFLICT, Alert::new(&head, text))).await
        }
    }
}
