//! What the server's program says, and where (sign-in.md 2.3).

use serde_json::Value;
use support::browser::Browser;
use support::engine::Engine;
use support::on_each_engine;

on_each_engine!(stdout_holds_the_one_line_that_says_where_and_all_else_is_json_on_stderr);

async fn stdout_holds_the_one_line_that_says_where_and_all_else_is_json_on_stderr(engine: &Engine) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    let mut server = place.process(folder.path(), &["--listen", "127.0.0.1:0"], &[("KINFOLIO_LOG", "debug")]);
    let mut browser = Browser::new(server.base());
    for (path, status) in [("/login", 200), ("/nothing", 404), ("/api/v1/me", 401)] {
        assert_eq!(browser.get(path).await.status, status, "{path}");
    }
    assert_eq!((server.terminate(), server.printed().as_str()), (Some(0), ""));
    let log = server.log();
    assert!(log.contains("\"started\"") && log.contains("\"stopped\""), "{log}");
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()), "{line}");
    }
}
