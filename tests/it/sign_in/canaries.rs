//! No secret of signing in stands where it has no business: one walk through all of it, then a look at every address that
//! was asked for, every redirect, every error, every line of the log, and every row of the store.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_server::State;
use kinfolio_server::clock::{OsRandomness, SystemClock};
use kinfolio_server::store::{self, Tx};
use serde_json::Value;
use support::engine::{Engine, Place};
use support::on_each_engine;
use support::provider::{CLIENT_SECRET, Provider};
use support::server::config;

use super::EMAIL;
use super::canary_walk::walk;

on_each_engine!(
    rfc_9700_32_asvs_16_2_5_no_secret_of_a_walk_through_all_of_sign_in_is_in_an_address_an_error_the_log_or_the_store,
);

/// Where a secret has to stand, as there is no other way to hand it over: what kind of place, of which page, which secret.
const MUST: &[(&str, &str, &str)] = &[
    // RFC 6749: the code on its way to the app, by the answer of the page that lets it in.
    ("redirect", "/confirm", "authorization code"),
    // The same at the other service: a state goes there, and comes back with its code.
    ("redirect", "/upstream/owl/start", "state for the other service"),
    ("address", "/upstream/owl/callback", "state for the other service"),
    ("address", "/upstream/owl/callback", "code of the other service"),
    // A mail has no other way to carry it (docs/asvs.md, 14.2.1).
    ("address", "/undo", "key of a link in a mail"),
    // The page that offers a secret to an authenticator app shows it again after a mistyped code.
    ("error", "/account/two-step/new", "secret of the authenticator app"),
];

/// Every row of the embedded account plane, as text and as hex.
pub fn every_row(tx: &mut Tx<'_>) -> store::Result<String> {
    let mut text = String::new();
    let selects = tx.query(
        "SELECT 'SELECT ' || group_concat('coalesce(CAST(' || c.name || ' AS TEXT), '''') || '' '' || lower(hex('
                || c.name || '))', ' || '' '' || ') || ' FROM ' || m.name
           FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name",
        &[],
    )?;
    for select in selects {
        // Statements are written down in the code everywhere else; this one is read from the tables themselves.
        for row in tx.query(select.text(0)?.leak(), &[])? {
            text.push_str(&row.text(0)?);
            text.push('\n');
        }
    }
    Ok(text)
}

/// The same of a store that no server uses any more, whatever its engine.
async fn rows_of(folder: &Path, place: &Place) -> String {
    if let Some(database) = place.database() {
        return String::from_utf8_lossy(&database.dump()).into_owned();
    }
    let state = State::start_with(config(folder), Arc::new(SystemClock), Arc::new(OsRandomness)).await;
    state.expect("the store opens").store.account_read(every_row).await.expect("its rows")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How a secret could stand in a row, a line or an address: as it is, percent-encoded, as hex, and what it encodes.
fn shapes(secret: &str) -> Vec<String> {
    let mut shapes = vec![secret.to_owned(), support::browser::encode(secret), hex(secret.as_bytes())];
    let tail = secret.rsplit('_').next().unwrap_or(secret);
    if let Ok(bytes) = URL_SAFE_NO_PAD.decode(tail)
        && bytes.len() >= 16
    {
        shapes.push(hex(&bytes));
    }
    shapes
}

async fn rfc_9700_32_asvs_16_2_5_no_secret_of_a_walk_through_all_of_sign_in_is_in_an_address_an_error_the_log_or_the_store(
    engine: &Engine,
) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    let owl = Provider::start(Arc::new(SystemClock)).await;
    let mut variables = owl.variables("owl", true);
    variables.extend([("KINFOLIO_LOG".into(), "trace".into()), ("KINFOLIO_UPSTREAM".into(), "owl".into())]);
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
    let mut server = place.process(folder.path(), &["--listen", "127.0.0.1:0"], &variables);
    let (base, mail) = (server.base().to_owned(), folder.path().join("mail"));

    let mut walk = walk(&base, &mail, &owl).await;
    assert_eq!(server.terminate(), Some(0));

    walk.secrets.extend(owl.tokens().into_iter().map(|token| ("token of the other service", token)));
    walk.note("client secret", CLIENT_SECRET);
    let secrets = std::fs::read_to_string(folder.path().join("server/secrets.json")).unwrap();
    let secrets: Value = serde_json::from_str(&secrets).unwrap();
    for key in ["store_key", "mac_key", "pepper"] {
        walk.note("key of the server", secrets[key].as_str().unwrap());
    }
    let mut places: Vec<(&str, String, String)> = Vec::new();
    for answer in walk.trail.answers() {
        let path = answer.url.split('?').next().unwrap().to_owned();
        if let Some(location) = answer.location() {
            places.push(("redirect", path.clone(), location.to_owned()));
        }
        if answer.status >= 400 {
            let headers: Vec<_> = answer
                .headers
                .iter()
                .filter(|(name, _)| *name != "set-cookie")
                .map(|(_, value)| value.to_str().unwrap())
                .collect();
            places.push(("error", path.clone(), format!("{} {}", headers.join(" "), answer.text)));
        }
        places.push(("address", path, answer.url));
    }
    let kinds = |kind: &str| places.iter().filter(|(found, ..)| *found == kind).count();
    let (addresses, redirects, errors) = (kinds("address"), kinds("redirect"), kinds("error"));
    assert!(addresses > 120 && redirects > 30 && errors > 30, "{addresses} {redirects} {errors}");
    places.push(("log", String::new(), server.log()));
    let rows = rows_of(folder.path(), &place).await;
    assert!(rows.contains(EMAIL) && rows.contains("ida-at-owl"), "the rows are there");
    places.push(("store", String::new(), rows));

    let (mut held, mut must) = (Vec::new(), std::collections::BTreeSet::new());
    for (what, secret) in &walk.secrets {
        for shape in shapes(secret) {
            for (kind, path, text) in places.iter().filter(|(.., text)| text.contains(&shape)) {
                match MUST.iter().find(|one| (one.0, one.1, one.2) == (*kind, path.as_str(), *what)) {
                    Some(one) => drop(must.insert(one)),
                    None => held.push(format!("{kind} {path}: {what}: {shape} in {text:.300}")),
                }
            }
        }
    }
    assert!(held.is_empty(), "{} of {}: {held:#?}", held.len(), walk.secrets.len());
    assert_eq!(must.len(), MUST.len(), "the walk came by all of these, and looking finds them: {must:?}");
}
