//! A negative test counts only if it turns red when its defence is taken away: for each group of sign-in.md 5.3 a
//! switch does that (feature `planted-faults`, in a debug build), and this program runs itself again with it.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;

use support::postgres::ScratchPostgres;

use crate::house::sources;

/// A defence that can be taken away, and tests that must notice.
pub struct Switch {
    /// As `planted::off` names it.
    pub name: &'static str,
    /// The tests, below `sign_in`.
    pub tests: &'static [&'static str],
}

const fn switch(name: &'static str, tests: &'static [&'static str]) -> Switch {
    Switch { name, tests }
}

/// Every switch there is.
pub const SWITCHES: &[Switch] = &[
    switch(
        "redirect-uri",
        &[
            "authorize::rfc_9700_1_asvs_10_4_1_a_redirect_that_is_not_registered_gets_a_page_and_never_a_redirect",
        ],
    ),
    switch(
        "client",
        &[
            "authorize::rfc_9700_2_an_unknown_client_gets_a_page_and_never_a_redirect",
            "authorize::rfc_9700_20_asvs_10_3_3_an_account_is_no_client_and_a_client_is_no_account",
        ],
    ),
    switch("loopback", &["authorize::rfc_9700_3_a_loopback_redirect_may_choose_its_port_and_nothing_else"]),
    switch(
        "response-type",
        &["authorize::rfc_9700_4_asvs_10_4_12_another_type_or_mode_of_response_is_refused"],
    ),
    switch(
        "challenge",
        &["authorize::rfc_9700_5_asvs_10_4_6_a_challenge_is_there_is_s256_and_has_its_shape"],
    ),
    switch("downgrade", &["authorize::rfc_9700_8_no_request_and_no_code_without_a_challenge_can_be_kept"]),
    switch(
        "verifier",
        &[
            "tokens::rfc_9700_6_7_a_code_works_for_its_client_redirect_and_verifier_only_and_any_attempt_burns_it",
            "injection::rfc_9700_10_asvs_10_2_1_a_code_of_somebody_else_signs_nobody_in",
        ],
    ),
    switch(
        "code-binding",
        &[
            "tokens::rfc_9700_6_7_a_code_works_for_its_client_redirect_and_verifier_only_and_any_attempt_burns_it",
        ],
    ),
    switch("code-time", &["tokens::rfc_9700_7_asvs_10_4_3_a_code_lives_for_a_minute"]),
    switch(
        "code-once",
        &[
            "tokens::rfc_9700_7_asvs_10_4_2_a_code_used_twice_by_its_app_ends_the_sign_in_and_by_a_stranger_does_not",
            "tokens::rfc_9700_7_asvs_10_4_2_of_twenty_redemptions_at_once_exactly_one_wins",
        ],
    ),
    switch(
        "code-session",
        &[
            "tokens::rfc_9700_7_a_code_dies_with_the_browser_session_that_made_it",
            "account::rfc_9700_7_asvs_6_2_2_6_2_3_6_3_7_7_4_3_a_new_password_needs_the_old_one_and_ends_what_stood_on_it",
        ],
    ),
    switch(
        "issuer",
        &[
            "injection::rfc_9700_9_asvs_10_2_2_an_answer_that_names_another_issuer_or_none_is_refused",
            "foreign::rfc_9700_9_asvs_10_2_2_a_no_and_an_answer_of_another_issuer_are_believed_and_refused_at_a_foreign_server_too",
        ],
    ),
    switch("state", &["injection::rfc_9700_10_asvs_10_2_1_a_code_of_somebody_else_signs_nobody_in"]),
    switch(
        "csrf",
        &["pages::rfc_9700_11_asvs_3_5_1_3_5_3_a_form_that_our_page_did_not_send_changes_nothing"],
    ),
    switch(
        "cross-site",
        &[
            "pages::rfc_9700_11_asvs_3_5_1_3_5_3_a_form_that_our_page_did_not_send_changes_nothing",
            "upstream_again::rfc_9700_11_another_site_sends_nobody_to_a_provider",
        ],
    ),
    switch(
        "browser",
        &[
            "authorize::rfc_9700_12_asvs_10_1_2_nobody_continues_somebody_elses_request",
            "reset::rfc_9700_27_a_reset_code_has_five_tries_one_browser_ten_minutes_and_one_purpose",
            "upstream_lies::rfc_9700_28_a_state_counts_once_in_its_own_browser_for_ten_minutes",
        ],
    ),
    switch(
        "renewed-browser",
        &[
            "renewed::rfc_9700_12_a_noted_cookie_is_worthless_once_its_person_typed_a_right_code",
            "renewed::rfc_9700_12_a_noted_cookie_continues_no_request_once_its_person_signed_in_or_out",
        ],
    ),
    switch(
        "see-other",
        &["headers::rfc_9700_13_what_a_form_leads_to_is_asked_for_anew_and_never_posted_again"],
    ),
    switch("framing", &["headers::rfc_9700_14_asvs_3_4_6_no_answer_can_be_framed"]),
    switch(
        "referrer",
        &["headers::rfc_9700_15_asvs_3_4_5_no_answer_lets_a_referrer_out_or_loads_from_elsewhere"],
    ),
    switch(
        "token-in-header",
        &[
            "tokens::rfc_9700_16_asvs_7_2_1_14_2_1_an_access_token_works_in_its_header_for_a_quarter_of_an_hour",
        ],
    ),
    switch(
        "refresh-reuse",
        &[
            "refresh::rfc_9700_17_asvs_10_4_5_a_lost_answer_costs_nothing_and_a_used_old_token_ends_the_sign_in_with_a_mail",
            "refresh::rfc_9700_17_of_twenty_refreshes_at_once_one_pair_lives",
        ],
    ),
    switch(
        "refresh-client",
        &["refresh::rfc_9700_17_asvs_10_4_11_a_refresh_token_is_for_its_own_client_and_scope"],
    ),
    switch(
        "refresh-scope",
        &["refresh::rfc_9700_17_asvs_10_4_11_a_refresh_token_is_for_its_own_client_and_scope"],
    ),
    switch(
        "refresh-time",
        &[
            "refresh::rfc_9700_17_asvs_10_4_8_a_sign_in_ends_after_180_days_of_silence_and_after_400_days_in_any_case",
        ],
    ),
    switch("disabled", &["refresh::rfc_9700_17_asvs_7_4_2_a_disabled_account_is_out_at_once"]),
    switch("owner", &["tokens::rfc_9700_18_19_another_persons_sign_in_is_like_one_that_never_existed"]),
    switch(
        "revoking",
        &[
            "tokens::rfc_9700_17_19_asvs_10_4_9_revoking_ends_the_whole_sign_in_and_an_unknown_token_is_no_news",
            "tokens::rfc_9700_18_19_another_persons_sign_in_is_like_one_that_never_existed",
            "account::rfc_9700_18_19_asvs_7_5_2_10_4_9_10_7_3_a_phone_is_listed_renamed_and_signed_out_at_once",
            "reset::rfc_9700_27_a_reset_sets_a_password_once_and_ends_browsers_and_stray_phones",
        ],
    ),
    switch("proxy", &["proxies::rfc_9700_21_asvs_4_1_3_nobody_but_a_trusted_proxy_says_who_is_asking"]),
    switch(
        "parameters",
        &["account::rfc_9700_22_asvs_3_7_2_no_parameter_of_signing_in_leads_to_another_site"],
    ),
    switch("other-origins", &["headers::rfc_9700_23_no_script_of_another_site_may_read_an_answer"]),
    switch(
        "same-answer",
        &[
            "pages::rfc_9700_24_asvs_6_3_8_an_address_with_an_account_and_one_without_get_the_same_answers",
            "reset::rfc_9700_24_asvs_6_3_8_a_reset_of_an_unknown_address_looks_the_same",
            "limits::rfc_9700_24_asvs_6_3_8_an_unknown_address_is_slowed_down_in_the_same_way",
        ],
    ),
    switch(
        "totp-once",
        &[
            "two_step::rfc_9700_25_26_asvs_6_5_1_of_twenty_posts_of_one_code_at_once_exactly_one_signs_in",
            "two_step::rfc_9700_25_asvs_6_5_5_6_5_8_a_used_an_old_a_future_and_another_persons_code_are_refused",
        ],
    ),
    switch(
        "totp-window",
        &[
            "two_step::rfc_9700_25_asvs_6_5_5_6_5_8_a_used_an_old_a_future_and_another_persons_code_are_refused",
        ],
    ),
    switch(
        "backup-once",
        &["two_step::rfc_9700_26_asvs_6_5_6_a_backup_code_works_once_in_any_case_and_new_ones_void_the_old"],
    ),
    switch(
        "code-tries",
        &["reset::rfc_9700_27_a_reset_code_has_five_tries_one_browser_ten_minutes_and_one_purpose"],
    ),
    switch(
        "reset-second-step",
        &[
            "reset::rfc_9700_27_asvs_6_4_3_a_reset_does_not_pass_by_two_step_sign_in_and_changes_nothing_without_it",
        ],
    ),
    switch(
        "provider-state",
        &[
            "upstream_lies::rfc_9700_28_a_state_counts_once_in_its_own_browser_for_ten_minutes",
            "upstream_lies::rfc_9700_28_of_twenty_uses_of_one_state_at_once_exactly_one_signs_in",
            "upstream_lies::rfc_9700_28_the_answer_of_one_provider_is_nothing_at_anothers_address",
        ],
    ),
    switch(
        "provider-signature",
        &[
            "upstream_lies::rfc_9700_28_asvs_6_8_2_9_1_2_10_5_1_10_5_2_10_5_3_10_5_4_a_token_that_is_not_wholly_right_signs_nobody_in",
        ],
    ),
    switch(
        "provider-nonce",
        &[
            "upstream_lies::rfc_9700_28_asvs_6_8_2_9_1_2_10_5_1_10_5_2_10_5_3_10_5_4_a_token_that_is_not_wholly_right_signs_nobody_in",
        ],
    ),
    switch(
        "provider-audience",
        &[
            "upstream_lies::rfc_9700_28_asvs_6_8_2_9_1_2_10_5_1_10_5_2_10_5_3_10_5_4_a_token_that_is_not_wholly_right_signs_nobody_in",
        ],
    ),
    switch(
        "provider-issuer",
        &[
            "upstream_lies::rfc_9700_28_asvs_6_8_2_9_1_2_10_5_1_10_5_2_10_5_3_10_5_4_a_token_that_is_not_wholly_right_signs_nobody_in",
        ],
    ),
    switch(
        "provider-expiry",
        &[
            "upstream_lies::rfc_9700_28_asvs_6_8_2_9_1_2_10_5_1_10_5_2_10_5_3_10_5_4_a_token_that_is_not_wholly_right_signs_nobody_in",
        ],
    ),
    switch(
        "provider-time",
        &[
            "upstream_again::asvs_6_8_4_7_5_1_who_comes_by_a_provider_that_does_not_say_when_it_saw_them_changes_nothing_without_showing_more",
        ],
    ),
    switch(
        "provider-address",
        &[
            "upstream::rfc_9700_28_an_address_that_a_provider_only_claims_takes_a_mailed_code",
            "upstream::rfc_9700_28_an_address_that_has_an_account_is_never_linked_by_it",
        ],
    ),
    switch(
        "provider-verified",
        &[
            "upstream::rfc_9700_28_an_address_that_its_provider_calls_unverified_links_and_proves_nothing",
            "upstream_certified::rfc_9700_28_a_certified_provider_that_calls_an_address_unverified_links_and_proves_nothing",
        ],
    ),
    switch(
        "new-session",
        &[
            "pages::rfc_9700_29_asvs_7_2_4_a_new_session_begins_at_every_authentication_and_the_old_one_is_dead",
            "two_step::rfc_9700_29_asvs_7_2_4_switching_two_step_sign_in_on_begins_a_new_session_and_the_old_one_is_dead",
        ],
    ),
    switch(
        "encoding",
        &[
            "authorize::rfc_9700_30_a_state_of_any_characters_comes_back_as_it_was_and_an_endless_one_is_refused",
        ],
    ),
    switch("password-length", &["storm::rfc_9700_31_a_password_that_is_too_long_costs_no_hash"]),
    switch(
        "quiet-log",
        &[
            "canaries::rfc_9700_32_asvs_16_2_5_no_secret_of_a_walk_through_all_of_sign_in_is_in_an_address_an_error_the_log_or_the_store",
            "start::rfc_9700_32_asvs_16_2_5_the_servers_log_holds_no_password_code_token_cookie_or_address",
        ],
    ),
];

/// Negatives whose defence is no line of this code that could be taken away, and why.
const WITHOUT_A_SWITCH: &[(&str, &str)] = &[
    ("rfc_9700_21_forwarded_host_and_scheme_change_no_byte", "nothing reads those headers"),
    (
        "rfc_9700_9_asvs_10_2_2_a_client_that_nobody_here_wrote_discovers_signs_in_refreshes_revokes_and_checks_the_issuer",
        "the check is that client's own",
    ),
];

/// The last word of each test's line: `ok` or `FAILED`. A promise that is held on each engine has two lines.
fn verdicts(
    planted: Option<&str>,
    tests: &BTreeSet<&str>,
    postgres: &(&str, String),
) -> Vec<(String, String)> {
    let mut run = Command::new(std::env::current_exe().expect("this program has a path"));
    run.arg("--exact").env_remove("KINFOLIO_PLANTED").env(postgres.0, &postgres.1);
    for test in tests {
        run.args(["", "::on_the_embedded_store", "::on_postgres"].map(|on| format!("sign_in::{test}{on}")));
    }
    run.args(["--test-threads", "2"]).envs(planted.map(|name| ("KINFOLIO_PLANTED", name)));
    let output = run.output().expect("this program runs once more");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().filter_map(|line| line.strip_prefix("test sign_in::")?.split_once(" ... "));
    let mut found: Vec<_> = lines.map(|(test, word)| (test.to_owned(), word.to_owned())).collect();
    found.sort();
    for test in tests {
        let engines = found.iter().filter(|(name, _)| name.starts_with(&format!("{test}::on_"))).count();
        let alone = found.iter().filter(|(name, _)| name == test).count();
        assert!(matches!((engines, alone), (2, 0) | (0, 1)), "{planted:?}: {test}: {text}");
    }
    found
}

#[tokio::test]
async fn every_negative_turns_red_without_its_defence_and_is_green_with_all() {
    let postgres = ScratchPostgres::shared().variable().await;
    let all = SWITCHES.iter().flat_map(|switch| switch.tests.iter().copied()).collect();
    let with_all = verdicts(None, &all, &postgres);
    assert!(with_all.iter().all(|(_, word)| word == "ok"), "{with_all:?}");
    let (next, unnoticed) = (Mutex::new(SWITCHES.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(switch) = next.lock().unwrap().next() else { break };
                    let tests = switch.tests.iter().copied().collect();
                    let words = verdicts(Some(switch.name), &tests, &postgres);
                    let green = words.into_iter().filter(|(_, word)| word != "FAILED");
                    unnoticed.lock().unwrap().extend(green.map(|(test, _)| (switch.name, test)));
                }
            });
        }
    });
    let unnoticed = unnoticed.into_inner().unwrap();
    assert!(unnoticed.is_empty(), "green without the defence: {unnoticed:#?}");
}

#[test]
fn every_switch_stands_in_the_code_and_every_one_of_the_code_is_tried() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = sources::read_all(&root, &["core/src", "sync-server/src"], ".rs").expect("the sources");
    files.retain(|file| file.text.contains("planted::off(") && !file.path.ends_with("planted.rs"));
    for switch in SWITCHES {
        let named = format!("\"{}\"", switch.name);
        assert!(files.iter().any(|file| file.text.contains(&named)), "{named}");
    }
    for file in &files {
        for rest in file.text.split("planted::off(\"").skip(1) {
            let name = rest.split('"').next().unwrap_or_default();
            assert!(SWITCHES.iter().any(|switch| switch.name == name), "{}: {name}", file.path);
        }
    }
}

#[test]
fn every_negative_of_the_whole_server_is_tried_without_its_defence() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut untried = Vec::new();
    for file in sources::read_all(&root, &["tests/it/sign_in"], ".rs").expect("the sources") {
        let names = file.text.split("fn rfc_9700_").skip(1).filter_map(|rest| rest.split('(').next());
        let module = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        for name in names.map(|name| format!("rfc_9700_{name}")).filter(|_| module != "planted") {
            let tried = SWITCHES.iter().any(|switch| switch.tests.contains(&&*format!("{module}::{name}")));
            let cannot = WITHOUT_A_SWITCH.iter().any(|(other, _)| *other == name);
            if tried == cannot {
                untried.push(name);
            }
        }
    }
    assert!(untried.is_empty(), "{untried:#?}");
}
