//! Programs that nobody here wrote: what they do with the server and with the core by the RFCs alone.

#[test]
fn a_client_that_nobody_here_wrote_discovers_signs_in_refreshes_revokes_and_checks_the_issuer() {
    let program = support::server::binary();
    support::web::run("openid-client.test.mjs", &[("KINFOLIO_SERVER", program.as_os_str())]);
}
