//! Whether time tells who has an account: signing in, with a mailed code too, registering and resetting, for known and
//! unknown addresses, on both engines.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use kinfolio_server::clock::SystemClock;
use kinfolio_server::store::Value;
use support::engine::Engine;
use support::phone::PASSWORD;
use support::server::InProcess;

use crate::Plan;
use crate::measure::{mann_whitney, median, ms};
use crate::table::{Budget, Row, Table};

const SAMPLES: usize = 200;
const OWNER: &str = "owner@example.org";
const WRONG: &[(&str, &str)] = &[("password", "a password of nobody")];

/// A page, and what is typed there beside the address.
struct Form {
    what: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// Wrong passwords were typed before: unknown browsers are mailed a code.
    guessed: bool,
}

const FORMS: [Form; 4] = [
    Form { what: "/login", path: "/login", fields: WRONG, guessed: false },
    Form { what: "/login by a mailed code", path: "/login", fields: WRONG, guessed: true },
    Form { what: "/register", path: "/register", fields: &[], guessed: false },
    Form { what: "/reset", path: "/reset", fields: &[], guessed: false },
];

/// The rows of this group.
pub fn rows(table: &mut Table, _plan: &Plan) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for engine in [Engine::Embedded, Engine::Postgres] {
        runtime.block_on(on(engine, table))?;
    }
    table.note(format!(
        "/login, /register, /reset: {SAMPLES} posts each, in turns, from an address of its own each"
    ));
    Ok(())
}

async fn on(engine: Engine, table: &mut Table) -> Result<()> {
    // Hashes as for people: 64 MiB each. One wrong password is many here.
    let change = |config: &mut kinfolio_server::Config| {
        config.weak_hash = false;
        config.limits.account_code_failures = 1;
    };
    let server = engine.server_with(change, Arc::new(SystemClock)).await;
    server.browser().register(OWNER, PASSWORD, &server.mail()).await;
    for (number, form) in FORMS.iter().enumerate() {
        let (known, unknown) = times(&server, number, form).await?;
        let p = mann_whitney(&known, &unknown);
        table.row(Row {
            work: format!("{engine:?}: {}, the address of an account", form.what),
            ours: median(known),
            unit: "ms",
            bare: Some((median(unknown), "an address without an account")),
            budget: Budget::None,
        });
        table.row(Row {
            work: format!("{engine:?}: {}, Mann-Whitney p of that difference", form.what),
            ours: p,
            unit: "",
            bare: None,
            // One run in a hundred falls below it by chance.
            budget: Budget::Least(0.01),
        });
    }
    Ok(())
}

/// Milliseconds of posts for known and for unknown addresses. Every address is used once: the limits stay out of it.
async fn times(server: &InProcess, nth: usize, form: &Form) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for sample in 0..SAMPLES {
        let number = nth * SAMPLES + sample;
        account(server, &format!("known{number:04}@example.org"), number).await?;
        // Now this one first, now the other: what one leaves to be done falls on both.
        for turn in [sample % 2 == 0, sample % 2 == 1] {
            let (times, word) = if turn { (&mut known, "known") } else { (&mut unknown, "other") };
            let email = format!("{word}{number:04}@example.org");
            if form.guessed {
                server.browser().log_in(&email, "a password of nobody").await;
            }
            let mut browser = server.browser();
            let page = browser.get(form.path).await;
            let csrf = page.csrf();
            let mut all = vec![("csrf", csrf.as_str()), ("email", email.as_str())];
            all.extend_from_slice(form.fields);
            let start = Instant::now();
            let answer = browser.post(form.path, &all).await;
            times.push(ms(start.elapsed()));
            ensure!(matches!(answer.status, 303 | 422), "{} answered {}", form.what, answer.status);
        }
    }
    Ok((known, unknown))
}

/// One more account, with the owner's password.
async fn account(server: &InProcess, email: &str, number: usize) -> Result<()> {
    let (id, email) = (u128::try_from(number)?.to_be_bytes(), email.to_owned());
    let add = move |tx: &mut kinfolio_server::store::Tx<'_>| {
        tx.execute(
            "INSERT INTO users (user_id, email, email_ci, email_verified_at, adult_at, adult_text, created_at)
             VALUES ($1, $2, $2, 0, 0, '', 0)",
            &[id.into(), Value::Text(email.clone())],
        )?;
        tx.execute(
            "INSERT INTO passwords (user_id, phc, set_at)
             SELECT $1, phc, 0 FROM passwords WHERE user_id = (SELECT user_id FROM users WHERE email_ci = $2)",
            &[id.into(), OWNER.into()],
        )
    };
    let added = server.state.store.account(add).await.ok().context("an account is added")?;
    ensure!(added == 1, "the owner has a password");
    Ok(())
}
