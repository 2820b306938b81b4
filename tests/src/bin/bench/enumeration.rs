//! Whether time tells who has an account: signing in, registering and resetting, for known and unknown addresses.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use kinfolio_server::clock::SystemClock;
use kinfolio_server::store::Value;
use support::phone::PASSWORD;
use support::server::InProcess;

use crate::Plan;
use crate::measure::{mann_whitney, median, ms};
use crate::table::{Budget, Row, Table};

const SAMPLES: usize = 200;
const OWNER: &str = "owner@example.org";
/// A page, and what is typed there beside the address.
const FORMS: [(&str, &[(&str, &str)]); 3] =
    [("/login", &[("password", "a password of nobody")]), ("/register", &[]), ("/reset", &[])];

/// The rows of this group.
pub fn rows(table: &mut Table, _plan: &Plan) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Hashes as for people: 64 MiB each.
        let server = InProcess::start_with(|config| config.weak_hash = false, Arc::new(SystemClock)).await;
        server.browser().register(OWNER, PASSWORD, &server.mail()).await;
        for (form, (path, fields)) in FORMS.into_iter().enumerate() {
            let (known, unknown) = times(&server, form, path, fields).await?;
            let p = mann_whitney(&known, &unknown);
            table.row(Row {
                work: format!("{path}, the address of an account"),
                ours: median(known),
                unit: "ms",
                bare: Some((median(unknown), "an address without an account")),
                budget: Budget::None,
            });
            table.row(Row {
                work: format!("{path}, Mann-Whitney p of that difference"),
                ours: p,
                unit: "",
                bare: None,
                // One run in a hundred falls below it by chance.
                budget: Budget::Least(0.01),
            });
        }
        anyhow::Ok(())
    })?;
    table.note(format!(
        "/login, /register, /reset: {SAMPLES} posts each, in turns, from an address of its own each"
    ));
    Ok(())
}

/// Milliseconds of posts for known and for unknown addresses. Every address is used once: the limits stay out of it.
async fn times(
    server: &InProcess,
    form: usize,
    path: &str,
    fields: &[(&str, &str)],
) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for sample in 0..SAMPLES {
        let number = form * SAMPLES + sample;
        account(server, &format!("known{number:04}@example.org"), number).await?;
        // Now this one first, now the other: what one leaves to be done falls on both.
        for turn in [sample % 2 == 0, sample % 2 == 1] {
            let (times, word) = if turn { (&mut known, "known") } else { (&mut unknown, "other") };
            let mut browser = server.browser();
            let page = browser.get(path).await;
            let csrf = page.csrf();
            let email = format!("{word}{number:04}@example.org");
            let mut all = vec![("csrf", csrf.as_str()), ("email", email.as_str())];
            all.extend_from_slice(fields);
            let start = Instant::now();
            let answer = browser.post(path, &all).await;
            times.push(ms(start.elapsed()));
            ensure!(matches!(answer.status, 303 | 422), "{path} answered {}", answer.status);
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
