//! What every route shares: configuration, store, clock, randomness, secrets.

use std::ops::Deref;
use std::os::unix::fs::DirBuilderExt as _;
use std::sync::{Arc, Weak};

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use crate::accounts::breached::Breached;
use crate::accounts::password::Hasher;
use crate::clock::{Clock, OsRandomness, Randomness, SystemClock};
use crate::config::{AddressBlock, Config, Environment, StartError};
use crate::error::TurnedAway;
use crate::legal::Legal;
use crate::limits::Limits;
use crate::mail::{self, Mail, Sender};
use crate::origin::Origin;
use crate::planted;
use crate::secrets::Secrets;
use crate::store::{PostgresUrls, Store, migrate_postgres};
use crate::upstream::Upstream;
use crate::{stamp, sweep, tls};

/// The running server, cheap to clone. Its parts are read through it: `state.store`, `state.clock`, …
#[derive(Clone)]
pub struct State(Arc<Parts>);

/// The parts of [`State`].
pub struct Parts {
    /// Flags and limits.
    pub config: Config,
    /// The public URL.
    pub origin: Origin,
    /// Development or production.
    pub environment: Environment,
    /// The store.
    pub store: Store,
    /// Sealed blobs: a folder now, an S3 bucket by the same interface later.
    pub blobs: Arc<dyn ObjectStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Randomness>,
    /// What only this server knows.
    pub secrets: Secrets,
    /// Buckets of tries by address.
    pub limits: Limits,
    /// Where passwords are hashed.
    pub hasher: Hasher,
    /// Passwords that nobody may choose, where the operator has a list.
    pub breached: Option<Arc<Breached>>,
    /// Requests that a busy server turned away.
    pub turned_away: TurnedAway,
    /// Wakes the mail worker.
    pub mail: Mail,
    /// The operator's privacy page and terms.
    pub legal: Legal,
    /// Who else may sign people in.
    pub upstream: Upstream,
}

impl Parts {
    /// Whether programs on a computer may sign in.
    #[must_use]
    pub fn desktop_client(&self) -> bool {
        self.config.desktop_client || self.origin.is_loopback()
    }
}

impl Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl State {
    /// What a background task holds: it does not keep the server alive.
    #[must_use]
    pub fn downgrade(&self) -> Weak<Parts> {
        Arc::downgrade(&self.0)
    }

    /// Opens everything a server needs, with the machine's clock and randomness. No listener: give the
    /// state to [`crate::app`].
    ///
    /// # Errors
    /// [`StartError::Config`] for what the operator has to change, [`StartError::Store`] for what did not answer.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        Self::start_with(config, Arc::new(SystemClock), Arc::new(OsRandomness)).await
    }

    /// As [`State::start`], with a clock and randomness of the caller's.
    ///
    /// # Errors
    /// As [`State::start`].
    pub async fn start_with(
        config: Config,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Randomness>,
    ) -> Result<Self, StartError> {
        let origin = match &config.public_url {
            Some(url) => Origin::parse(url)?,
            None => Origin::of_listener(config.listen, config.tls_cert.is_some())?,
        };
        tls::check_origin(&config, &origin)?;
        let by_address =
            if origin.is_loopback() { Environment::Development } else { Environment::Production };
        let environment = config.environment.unwrap_or(by_address);
        let listens_here = config.listen.ip().is_loopback() && origin.is_loopback();
        if config.weak_hash && !may_hash_weakly(cfg!(feature = "weak-hash"), listens_here) {
            return Err(StartError::Config("weak password hashes are for tests on this machine only".into()));
        }
        if planted::any() && !listens_here {
            return Err(StartError::Config("planted faults are for tests on this machine only".into()));
        }
        let breached = config.breached_passwords.as_deref().map(Breached::open).transpose()?.map(Arc::new);
        // What is wrong with the flags is said before anything is made that belongs to the address in them.
        let sender = Sender::open(&config, &origin)?;
        let upstream = Upstream::open(&config.upstream, &origin)?;
        let limits = Limits::new(&config.limits)?;
        let folder = |error| StartError::Config(format!("the data folder cannot be used: {error}"));
        // Others on the machine have no business in it.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(config.data.join("blobs"))
            .map_err(folder)?;
        let secrets_path = config.secrets.clone().unwrap_or_else(|| config.data.join("secrets.json"));
        let (secrets, made_now) = stamp::open_secrets(&secrets_path, environment, &config, random.as_ref())?;
        let store = open_store(&config, &secrets, &clock, &random).await?;
        if let Err(error) = stamp::stamp(&store, environment, &secrets, clock.now_us()).await {
            if made_now && matches!(error, StartError::Config(_)) {
                // The store belongs to others: the next look into the folder shows that the right ones are missing.
                // After any other failure (a full disk) a store may have been made under these.
                let _ = std::fs::remove_file(&secrets_path);
            }
            return Err(error);
        }
        let blobs = LocalFileSystem::new_with_prefix(config.data.join("blobs"))
            // A part that was acknowledged survives a pulled plug.
            .map(|folder| folder.with_fsync(true).with_automatic_cleanup(true))
            .map_err(|error| StartError::Config(format!("the blob folder cannot be used: {error}")))?;
        let hash_random = Arc::clone(&random);
        let hasher = Hasher::new(&secrets, config.limits.hash_queue, config.weak_hash, hash_random)?;
        let legal = Legal::read(&config.data.join("pages"));
        if !origin.is_loopback() && (legal.privacy.is_none() || legal.terms.is_none()) {
            tracing::warn!("pages/privacy.txt or pages/terms.txt is missing in the data folder");
        }
        if config.trusted_proxy.iter().any(AddressBlock::is_everything) {
            tracing::warn!("--trusted-proxy names every address: anybody may say where a request comes from");
        }
        let mail = Mail::default();
        let parts = Arc::new(Parts {
            limits,
            config,
            origin,
            environment,
            store,
            blobs: Arc::new(blobs),
            clock,
            random,
            secrets,
            hasher,
            breached,
            turned_away: TurnedAway::default(),
            mail: mail.clone(),
            legal,
            upstream,
        });
        // They end with the last handle on the state.
        tokio::spawn(mail::work(Arc::downgrade(&parts), mail, sender));
        tokio::spawn(sweep::work(Arc::downgrade(&parts)));
        Ok(Self(parts))
    }
}

async fn open_store(
    config: &Config,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Randomness>,
) -> Result<Store, StartError> {
    let Some(app) = &config.database_url else {
        let (clock, random) = (Arc::clone(clock), Arc::clone(random));
        return Store::open_embedded(&config.data, secrets, clock, random, config.open_families.get()).await;
    };
    if let Some(migrator) = &config.migrator_database_url {
        migrate_postgres(migrator).await?;
    }
    let accounts = match &config.accounts_database_url {
        Some(url) => url.clone(),
        None => app.replacen("kinfolio_app", "kinfolio_accounts", 1),
    };
    let urls = PostgresUrls { app: app.clone(), accounts, connections: config.database_connections.get() };
    Store::open_postgres(&urls, secrets, Arc::clone(clock)).await
}

/// Whether passwords may be hashed with next to no work: in a program that was built for tests, on this machine alone.
const fn may_hash_weakly(built_for_tests: bool, listens_here: bool) -> bool {
    built_for_tests && listens_here
}

#[cfg(test)]
mod tests {
    use super::may_hash_weakly;

    #[test]
    fn weak_hashes_are_refused_by_a_program_for_people_wherever_it_listens() {
        assert!(may_hash_weakly(true, true));
        for (built_for_tests, listens_here) in [(false, true), (true, false), (false, false)] {
            assert!(!may_hash_weakly(built_for_tests, listens_here));
        }
    }
}
