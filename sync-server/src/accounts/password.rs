//! Argon2id with a pepper, at most a few at a time (sign-in.md 4).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, KeyId, Params, ParamsBuilder, PasswordHasher, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use super::throttle;
use crate::clock::Randomness;
use crate::config::StartError;
use crate::error::ApiError;
use crate::secrets::Secrets;
use crate::state::State;

/// Longest password in bytes and in characters: checked before anything is computed.
pub(crate) const MAX_BYTES: usize = 1024;
/// See [`MAX_BYTES`].
pub(crate) const MAX_CHARS: usize = 256;
/// How long a hash may wait for its turn.
const WAIT: Duration = Duration::from_secs(4);

/// A password as it was posted. Wiped when dropped.
pub(crate) type Password = Zeroizing<String>;

/// The one place where passwords are hashed.
pub struct Hasher {
    core: Arc<Core>,
    turns: Arc<Semaphore>,
    waiting: AtomicU32,
    queue: u32,
    random: Arc<dyn Randomness>,
}

struct Core {
    /// Today's first.
    peppers: Vec<(KeyId, Zeroizing<[u8; 32]>)>,
    params: Params,
    /// Verified for addresses without an account, so that both cost the same.
    dummy: String,
    /// How many hashes were computed.
    computed: AtomicU32,
}

/// What a check of a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// The right one; `stale` asks to hash it anew with today's parameters.
    Right {
        /// Whether parameters or pepper have changed since.
        stale: bool,
    },
    /// The wrong one.
    Wrong,
}

impl Hasher {
    /// A hasher with RFC 9106's second recommended parameters, or with next to none for tests (`weak`).
    pub(crate) fn new(
        secrets: &Secrets,
        queue: u32,
        weak: bool,
        random: Arc<dyn Randomness>,
    ) -> Result<Self, StartError> {
        let wrong = |_| StartError::Config("the pepper's id is too long".into());
        let peppers = secrets
            .peppers()
            .iter()
            .map(|pepper| Ok((KeyId::new(pepper.id.as_bytes()).map_err(wrong)?, pepper.secret.clone())))
            .collect::<Result<Vec<_>, StartError>>()?;
        let today = peppers.first().map(|(id, _)| *id).unwrap_or_default();
        let (memory_kib, passes, lanes) = if weak { (64, 1, 1) } else { (64 * 1024, 3, 4) };
        let params = ParamsBuilder::new()
            .m_cost(memory_kib)
            .t_cost(passes)
            .p_cost(lanes)
            .keyid(today)
            .build()
            .map_err(wrong)?;
        let mut core = Core { peppers, params, dummy: String::new(), computed: AtomicU32::new(0) };
        core.dummy = core
            .hash(b"no account has this password", &random.make::<16>())
            .map_err(|error| StartError::Store(error.to_string()))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            core: Arc::new(core),
            turns: Arc::new(Semaphore::new((cores / 2).max(1))),
            waiting: AtomicU32::new(0),
            queue,
            random,
        })
    }

    /// How many hashes were computed since the start: what a refused try must not cost.
    pub fn computed(&self) -> u32 {
        self.core.computed.load(Ordering::SeqCst)
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, ApiError> {
        let salt: [u8; 16] = self.random.make();
        let core = Arc::clone(&self.core);
        self.in_turn(move || core.hash(password.as_bytes(), &salt)).await?
    }

    /// Checks `password` against `phc`; without one it does the same work and says wrong.
    pub(crate) async fn check(&self, phc: Option<String>, password: Password) -> Result<Check, ApiError> {
        let core = Arc::clone(&self.core);
        self.in_turn(move || core.check(phc.as_deref(), password.as_bytes())).await
    }

    /// Runs `work` on a blocking thread, in a queue that never grows long: 503 when it would.
    pub(crate) async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = self.permit().await?;
        tokio::task::spawn_blocking(move || {
            // Inside: a client that goes away must not free the place while the work goes on.
            let _permit = permit;
            work()
        })
        .await
        .map_err(|error| ApiError::internal("a password hash stopped").with_source(error))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        if let Ok(permit) = Arc::clone(&self.turns).try_acquire_owned() {
            return Ok(permit);
        }
        let place = Place(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= self.queue {
            return Err(ApiError::busy(5).because("as many passwords as may wait for their hash do"));
        }
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        drop(place);
        let late = || ApiError::busy(5).because("a password waited too long for its hash");
        permit.map_err(|_| late())?.map_err(|_| late())
    }
}

/// Compares a password whose try was counted under `key`. One that the server was too busy to compare counts for nothing.
pub(crate) async fn compare(
    state: &State,
    key: [u8; 32],
    phc: Option<String>,
    password: Password,
) -> Result<Check, ApiError> {
    let check = state.hasher.check(phc, password).await;
    if check.is_err() {
        let now = state.clock.now_us();
        state.store.account(move |tx| throttle::give_back(tx, key, now)).await?;
    }
    check
}

/// A place in the queue, given back however the wait ends.
struct Place<'a>(&'a AtomicU32);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Core {
    /// For one hash, with the pepper that `keyid` names. None: the secrets file does not hold it.
    fn argon2(&self, keyid: &[u8]) -> Option<Argon2<'_>> {
        self.computed.fetch_add(1, Ordering::SeqCst);
        let (_, pepper) = self.peppers.iter().find(|(id, _)| id.as_bytes() == keyid)?;
        Argon2::new_with_secret(pepper.as_slice(), Algorithm::Argon2id, Version::V0x13, self.params.clone())
            .ok()
    }

    fn hash(&self, password: &[u8], salt: &[u8]) -> Result<String, ApiError> {
        let hash: PasswordHash = self
            .argon2(self.params.keyid())
            .ok_or_else(|| ApiError::internal("argon2 refuses its parameters"))?
            .hash_password_with_salt(password, salt)
            .map_err(|_| ApiError::internal("argon2 failed"))?;
        Ok(hash.to_string())
    }

    fn check(&self, phc: Option<&str>, password: &[u8]) -> Check {
        let Ok(stored) = PasswordHash::new(phc.unwrap_or(&self.dummy)) else { return Check::Wrong };
        let Ok(params) = Params::try_from(&stored) else { return Check::Wrong };
        let Some(argon2) = self.argon2(params.keyid()) else {
            tracing::error!("a password was hashed with a pepper that the secrets file does not hold");
            return Check::Wrong;
        };
        let matches = argon2.verify_password(password, &stored).is_ok();
        if !matches || phc.is_none() {
            return Check::Wrong;
        }
        let of = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        let same = of(&params) == of(&self.params) && params.keyid() == self.params.keyid();
        Check::Right { stale: !same }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandomness;
    use crate::config::Environment;

    fn hasher(folder: &std::path::Path, weak: bool, queue: u32) -> Hasher {
        let (secrets, _) =
            Secrets::open(&folder.join("secrets.json"), Environment::Development, &OsRandomness).unwrap();
        Hasher::new(&secrets, queue, weak, Arc::new(OsRandomness)).unwrap()
    }

    fn password(text: &str) -> Password {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn asvs_11_4_2_a_password_is_hashed_with_the_recommended_parameters_and_a_named_pepper() {
        let dir = tempfile::tempdir().unwrap();
        let hasher = hasher(dir.path(), false, 16);
        let phc = hasher.hash(password("four words and more")).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=65536,t=3,p=4,keyid="), "{phc}");
        let right = hasher.check(Some(phc.clone()), password("four words and more")).await.unwrap();
        assert_eq!(right, Check::Right { stale: false });
        let wrong = hasher.check(Some(phc), password("four words and mores")).await.unwrap();
        assert_eq!(wrong, Check::Wrong);
    }

    #[tokio::test]
    async fn without_the_pepper_a_stolen_hash_verifies_nothing() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let phc = hasher(one.path(), true, 16).hash(password("x")).await.unwrap();
        let elsewhere = hasher(two.path(), true, 16).check(Some(phc), password("x")).await.unwrap();
        assert_eq!(elsewhere, Check::Wrong);
    }

    #[tokio::test]
    async fn rfc_9700_24_asvs_6_3_8_an_unknown_account_costs_a_hash_and_never_matches() {
        let dir = tempfile::tempdir().unwrap();
        let hasher = hasher(dir.path(), true, 16);
        let dummy = password("no account has this password");
        let phc = hasher.hash(password("somebody's own words")).await.unwrap();
        let before = hasher.computed();
        assert_eq!(hasher.check(Some(phc), password("wrong")).await.unwrap(), Check::Wrong);
        assert_eq!(hasher.computed(), before + 1, "an account costs one");
        assert_eq!(hasher.check(None, dummy).await.unwrap(), Check::Wrong);
        assert_eq!(hasher.computed(), before + 2, "and no account costs one");
    }

    #[tokio::test]
    async fn weaker_parameters_of_the_past_are_renewed() {
        let dir = tempfile::tempdir().unwrap();
        let phc = hasher(dir.path(), true, 16).hash(password("x")).await.unwrap();
        let today = hasher(dir.path(), false, 16).check(Some(phc), password("x")).await.unwrap();
        assert_eq!(today, Check::Right { stale: true });
    }

    #[tokio::test]
    async fn a_new_pepper_leaves_old_passwords_right_and_has_them_hashed_anew() {
        let dir = tempfile::tempdir().unwrap();
        let before = hasher(dir.path(), true, 16).hash(password("x")).await.unwrap();
        let id = Secrets::renew_pepper(&dir.path().join("secrets.json"), &OsRandomness).unwrap();
        assert_eq!(id, "2");
        let today = hasher(dir.path(), true, 16);
        let right = today.check(Some(before.clone()), password("x")).await.unwrap();
        assert_eq!(right, Check::Right { stale: true });
        assert_eq!(today.check(Some(before), password("y")).await.unwrap(), Check::Wrong);
        let anew = today.hash(password("x")).await.unwrap();
        assert_eq!(
            today.check(Some(anew.clone()), password("x")).await.unwrap(),
            Check::Right { stale: false }
        );
        // A third keeps both, and each hash names its own.
        Secrets::renew_pepper(&dir.path().join("secrets.json"), &OsRandomness).unwrap();
        let third = hasher(dir.path(), true, 16).check(Some(anew), password("x")).await.unwrap();
        assert_eq!(third, Check::Right { stale: true });
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_queue_is_answered_busy_and_recovers() {
        let dir = tempfile::tempdir().unwrap();
        let hasher = Arc::new(hasher(dir.path(), true, 2));
        let slow = || std::thread::sleep(Duration::from_millis(300));
        let tasks: Vec<_> = (0..40)
            .map(|_| {
                let hasher = Arc::clone(&hasher);
                tokio::spawn(async move { hasher.in_turn(slow).await })
            })
            .collect();
        let mut refused = 0;
        for task in tasks {
            refused += u32::from(task.await.unwrap().is_err());
        }
        assert!(refused >= 30, "{refused}");
        hasher.in_turn(|| ()).await.unwrap();
        assert_eq!(hasher.waiting.load(Ordering::SeqCst), 0);
    }
}
