//! A phone for tests: a real encrypted store in a scratch folder, a fixed clock, repeatable randomness.

use crate::changes::Changes;
use crate::clock::{FixedClock, SeededRandomness};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::host::MemorySecretStore;
use crate::http::{Door, Method, Response, SignedIn};
use crate::keys::{KeysClient, found};
use crate::storage::{Storage, StoreKey};
use futures::future::BoxFuture;
use std::sync::Arc;

pub(super) const NOW_MS: i64 = 1_790_000_000_000;

pub(super) struct Phone {
    pub context: Arc<Context>,
    pub keys: KeysClient,
    pub clock: Arc<FixedClock>,
    seed: u64,
    dir: tempfile::TempDir,
}

impl Phone {
    pub fn new(seed: u64) -> Self {
        Self::signed_in(seed, Arc::new(NoDoor))
    }

    pub fn signed_in(seed: u64, door: Arc<dyn Door>) -> Self {
        Self::open(tempfile::tempdir().unwrap(), seed, seed, door)
    }

    /// The process dies; another one opens the same store.
    pub fn restart(self, door: Arc<dyn Door>, fresh: u64) -> Self {
        let Self { dir, seed, context, keys, .. } = self;
        drop((context, keys));
        Self::open(dir, seed, fresh, door)
    }

    fn open(dir: tempfile::TempDir, seed: u64, random: u64, door: Arc<dyn Door>) -> Self {
        let key = StoreKey::make(&SeededRandomness::new(seed));
        let storage = Storage::open(&dir.path().join("kinfolio.db"), &key).unwrap();
        let random = SeededRandomness::new(random ^ 0x5eed_0000_0000);
        let clock = Arc::new(FixedClock::at(NOW_MS));
        storage.write(|tx| found(tx, &random, NOW_MS, &format!("phone {seed}"))).unwrap();
        let context = Arc::new(Context {
            storage,
            clock: Arc::clone(&clock) as _,
            random: Arc::new(random),
            changes: Changes::default(),
            secrets: Arc::new(MemorySecretStore::default()),
            images: None,
            dir: dir.path().to_path_buf(),
            rooms: vec![],
            text_client: seed,
        });
        let keys = KeysClient::new(Arc::clone(&context), door);
        Self { context, keys, clock, seed, dir }
    }
}

/// Nobody is signed in.
struct NoDoor;

impl Door for NoDoor {
    fn who(&self) -> Result<SignedIn> {
        Err(Error::SignedOut)
    }

    fn note_sign_in(&self, _: &[u8; 16]) -> Result<()> {
        Err(Error::SignedOut)
    }

    fn send<'a>(
        &'a self,
        _: Method,
        _: &'a str,
        _: Vec<(String, String)>,
        _: Vec<u8>,
    ) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async { Err(Error::SignedOut) })
    }
}
