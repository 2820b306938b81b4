//! TLS on the server's own listener, its certificate read again when the files change; without it, no listener beyond
//! this machine unless a proxy in front is named.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use zeroize::Zeroizing;

use crate::config::{Config, StartError};
use crate::origin::Origin;

/// How often the two files are looked at. They are compared by content: a renewal may keep size and time, and on a
/// network folder nobody tells of a change.
const LOOK: Duration = Duration::from_secs(5);

/// What makes a plain connection a TLS one. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tls(TlsAcceptor);

impl Tls {
    /// The handshake.
    pub(crate) async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.0.accept(stream).await
    }
}

/// The listener's TLS, if it has any. Refuses a listener that would take passwords in the clear from elsewhere.
pub(crate) fn open(config: &Config) -> Result<Option<Tls>, StartError> {
    let (chain, key) = match (&config.tls_cert, &config.tls_key) {
        (Some(chain), Some(key)) => (chain.clone(), key.clone()),
        (None, None) if config.listen.ip().is_loopback() || !config.trusted_proxy.is_empty() => {
            return Ok(None);
        }
        (None, None) => {
            return Err(StartError::Config(format!(
                "{} is open to other machines: give --tls-cert and --tls-key, or name the proxy in front that \
                 speaks TLS with --trusted-proxy",
                config.listen
            )));
        }
        _ => return Err(StartError::Config("give both --tls-cert and --tls-key, or neither".into())),
    };
    let certificate = Arc::new(Certificate::open(chain, key).map_err(StartError::Config)?);
    let mut tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| StartError::Config(format!("TLS cannot be set up: {error}")))?
        .with_no_client_auth()
        .with_cert_resolver(Arc::<Certificate>::clone(&certificate));
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Ends with the last connection: the configuration holds the certificate.
    tokio::spawn(watch(Arc::downgrade(&certificate)));
    Ok(Some(Tls(TlsAcceptor::from(Arc::new(tls)))))
}

/// Refuses a public URL that does not fit the listener, and warns where all people would share one limit.
pub(crate) fn check_origin(config: &Config, origin: &Origin) -> Result<(), StartError> {
    if config.tls_cert.is_some() && !origin.is_https() {
        return Err(StartError::Config("with --tls-cert the public URL must begin with https://".into()));
    }
    if config.tls_cert.is_none() && !origin.is_loopback() && config.trusted_proxy.is_empty() {
        tracing::warn!("no --trusted-proxy: everybody behind the proxy in front counts as one address");
    }
    Ok(())
}

async fn watch(certificate: Weak<Certificate>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(certificate) = certificate.upgrade() else { return };
        // Reading files blocks.
        let _ = tokio::task::spawn_blocking(move || certificate.look()).await;
    }
}

/// The certificate that is served now, and the files it came from.
struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    served: RwLock<Arc<CertifiedKey>>,
    /// What was last found in the files, as a hash or as the reason why they cannot be used.
    seen: Mutex<Result<[u8; 32], String>>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("chain", &self.chain).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Certificate {
    fn open(chain: PathBuf, key: PathBuf) -> Result<Self, String> {
        let files = Files::read(&chain, &key)?;
        let served = RwLock::new(Arc::new(files.certified()?));
        Ok(Self { chain, key, served, seen: Mutex::new(Ok(files.hash())) })
    }

    /// Serves what the files hold now. Between the exchange of one and of the other they don't belong together:
    /// what is served stays until they do, and the log says why, once.
    fn look(&self) {
        let files = Files::read(&self.chain, &self.key);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = files.and_then(|files| {
            let hash = files.hash();
            if *seen != Ok(hash) {
                let certified = files.certified()?;
                *self.served.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certified);
                tracing::info!("a new TLS certificate is served");
            }
            Ok(hash)
        });
        match &found {
            Err(why) if *seen != found => tracing::warn!(cause = why, "the TLS certificate stays as it was"),
            _ => {}
        }
        *seen = found;
    }
}

/// Both files, as they are.
struct Files {
    chain: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Files {
    fn read(chain: &Path, key: &Path) -> Result<Self, String> {
        let read = |path: &Path| {
            fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
        };
        Ok(Self { chain: read(chain)?, key: Zeroizing::new(read(key)?) })
    }

    fn hash(&self) -> [u8; 32] {
        let chain = Sha256::digest(&self.chain);
        Sha256::new_with_prefix(chain).chain_update(&*self.key).finalize().into()
    }

    fn certified(&self) -> Result<CertifiedKey, String> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.chain)
            .collect::<Result<_, _>>()
            .map_err(|_| "the TLS certificate is no PEM file")?;
        if chain.is_empty() {
            return Err("the file of the TLS certificate holds none".into());
        }
        let key =
            PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| "the TLS key is no PEM private key")?;
        CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                "the TLS certificate and the TLS key don't belong together".into()
            }
            other => format!("the TLS certificate cannot be used: {other}"),
        })
    }
}
