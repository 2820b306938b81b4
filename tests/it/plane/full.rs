//! A full disk on the server is an error that stores nothing, and then everything works again.

use kinfolio_protocol::sync::PushItem;
use support::plane::{Body, Family, Server, record, sealed};
use support::postgres::ScratchPostgres;

use super::repeats::snapshot;
use super::routes::Household;

/// Nothing more fits, then there is room again: what a family's push, log and blobs answer.
async fn fills_up(server: &Server, fill: impl AsyncFn(&Family), empty: impl AsyncFn(&Family)) {
    let home = Household::new(server, "ann@example.org").await;
    let (phone, family) = (&home.phone, &home.family);
    let large = || PushItem { ciphertext: sealed(100_000), ..record() };
    let before = snapshot(server, family.id).await;
    fill(family).await;
    for _ in 0..3 {
        let refused = family.push(server, phone, vec![large()]).await.is(507);
        assert_eq!(refused.code(), "storage_full");
    }
    assert_eq!(snapshot(server, family.id).await, before, "nothing of it was stored");
    server.call(&phone.who, "GET", &family.path("/quota"), Body::None).await.is(200);
    empty(family).await;
    family.stored(server, phone, vec![large()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_that_stores_nothing_and_then_works_again_on_the_embedded_store() {
    let server = Server::embedded().await;
    // SQLite refuses to grow a file the way it refuses on a full disk. The family's file stays open meanwhile.
    let pages = async |family: &Family, sql: &'static str| {
        server.state.store.family(family.id, move |tx| tx.query(sql, &[])).await.unwrap();
    };
    fills_up(
        &server,
        async |family| pages(family, "PRAGMA max_page_count = 1").await,
        async |family| pages(family, "PRAGMA max_page_count = 1000000").await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_that_stores_nothing_and_then_works_again_on_postgres() {
    let database = ScratchPostgres::shared().database();
    let server = Server::on(&database).await;
    // What Postgres raises when its disk is full.
    let raise = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
                 CREATE TRIGGER full_disk BEFORE INSERT ON family.record EXECUTE FUNCTION full_disk()";
    fills_up(
        &server,
        async |_| drop(database.psql(raise)),
        async |_| drop(database.psql("DROP TRIGGER full_disk ON family.record")),
    )
    .await;
}
