//! A server that has no room or no time: the request under way is kept, byte by byte, until it is answered.

use kinfolio_core::Error;
use kinfolio_core::http::{Method, Response};

use super::two;
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(a_request_that_a_full_or_busy_server_puts_off_is_kept_and_goes_through_later,);

async fn a_request_that_a_full_or_busy_server_puts_off_is_kept_and_goes_through_later(server: &InProcess) {
    let (mut ann, ben) = two(server).await;
    for (status, name) in [(507, "Full"), (503, "Busy"), (429, "Slow down")] {
        ann.line.lie(move |request, reply| {
            let append = request.method == Method::Post && request.url.ends_with("/log");
            if append { Response { status, body: vec![], ..reply } } else { reply }
        });
        let expected = ann.keys.rename_device(name).await.unwrap_err();
        assert!(
            matches!((status, &expected), (507, Error::ServerFull) | (503 | 429, Error::Offline(_))),
            "{status}: {expected:?}"
        );
        assert!(ann.has_unanswered(), "{status}");
        // The person tries something else meanwhile: what is under way comes first and is put off again.
        assert_eq!(ann.keys.update().await, Err(expected), "{status}");
        ann = ann.restart();
        assert!(ann.has_unanswered(), "{status}");
        ann.line.be_honest();
        ann.keys.resume_pending().await.unwrap();
        assert!(!ann.has_unanswered(), "{status}");
        ben.keys.update().await.unwrap();
        assert_eq!(ben.keys.devices().unwrap()[0].name, name);
        assert_eq!(ben.log_head(), ann.log_head());
    }
}
