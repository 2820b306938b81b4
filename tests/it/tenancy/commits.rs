//! A commit whose answer is lost may have happened: the store says so, and never runs the closure again (ADR 1).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kinfolio_server::store::Value;
use support::postgres::ScratchPostgres;
use support::server::InProcess;

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_never_repeated() {
    let database = ScratchPostgres::shared().database();
    let server = InProcess::start_on(&database).await;
    let family = [5; 16];
    server.state.store.create_family(family, |_| Ok(())).await.unwrap();
    // Ends the connection as a database that is restarted does, in the middle of the commit.
    database.psql(
        "CREATE FUNCTION restart() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER restart AFTER INSERT ON family.log_entry DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION restart()",
    );
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let lost = server.state.store.family(family, move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        tx.execute(
            "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, 1, $2, 0)",
            &[family.into(), Value::Bytes(vec![1])],
        )
    });
    assert_eq!(lost.await.unwrap_err().status().as_u16(), 500);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    // A connection that dies before the commit has stored nothing: that one is taken up again.
    database.psql("DROP TRIGGER restart ON family.log_entry");
    let (runs, counted) = (Arc::clone(&runs), Arc::clone(&runs));
    let again = server.state.store.family(family, move |tx| {
        if counted.fetch_add(1, Ordering::SeqCst) == 1 {
            tx.query("SELECT pg_terminate_backend(pg_backend_pid()) OR pg_sleep(1) IS NULL", &[])?;
        }
        tx.query("SELECT 1", &[])
    });
    again.await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 3);
}
