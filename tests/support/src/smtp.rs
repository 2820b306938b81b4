//! A mail server for tests: SMTP over a real socket with STARTTLS and AUTH, that can be told to refuse or to be silent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A certificate for 127.0.0.1 and its key, both PEM.
pub struct Pair {
    /// The certificate, which is its own authority.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Makes a [`Pair`] with Debian's openssl; `name` stands in the certificate.
pub fn make_pair(folder: &Path, name: &str) -> Pair {
    let (cert, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    let subject = format!("/CN={name}");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", &subject, "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-out"])
        .arg(&cert)
        .arg("-keyout")
        .arg(&key)
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Pair { cert, key }
}

/// What the server does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes it.
    Takes,
    /// Refuses the recipient, quoting the address as real servers do.
    RefusesRecipient,
    /// Refuses the password.
    RefusesPassword,
    /// Offers no STARTTLS.
    HasNoTls,
    /// Accepts the connection and says nothing.
    IsSilent,
}

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Whether it came by TLS.
    pub tls: bool,
    /// Who sent it: `user password` of AUTH PLAIN.
    pub user: Option<String>,
    /// Its recipient.
    pub to: String,
    /// Its headers and text.
    pub text: String,
}

/// The server. It ends with the test program.
pub struct SmtpPeer {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    tls: Arc<ServerConfig>,
    mood: Mutex<Mood>,
    taken: Mutex<Vec<Taken>>,
    connections: AtomicU32,
}

impl SmtpPeer {
    /// Starts it on a free port of 127.0.0.1.
    pub fn start(pair: &Pair) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let chain = CertificateDer::pem_file_iter(&pair.cert).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(&pair.key).expect("a key");
        let tls = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain.map(|one| one.expect("PEM")).collect(), key)
            .expect("they belong together");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its port").port();
        let shared = Arc::new(Shared {
            tls: Arc::new(tls),
            mood: Mutex::new(Mood::Takes),
            taken: Mutex::default(),
            connections: AtomicU32::new(0),
        });
        let of_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&of_thread);
                shared.connections.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { port, shared }
    }

    /// Its address as `--mail` takes it, TLS required.
    pub fn url(&self) -> String {
        format!("smtp://kinfolio:sesame-canary@127.0.0.1:{}?tls=required", self.port)
    }

    /// What it does from now on.
    pub fn set(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// How often somebody came to hand over mail.
    pub fn connections(&self) -> u32 {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Every mail that it took.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Reads to the end of a line, a byte a time: what follows STARTTLS is not ours to read.
fn line(stream: &mut impl Read) -> Option<String> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while line.last() != Some(&b'\n') {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        line.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    if *shared.mood.lock().unwrap_or_else(PoisonError::into_inner) == Mood::IsSilent {
        std::thread::sleep(Duration::from_secs(120));
        return;
    }
    let greeted = stream.write_all(b"220 peer.example ESMTP\r\n");
    if greeted.is_ok() && talk(&mut stream, shared, false).is_some() {
        let connection = ServerConnection::new(Arc::clone(&shared.tls)).expect("a TLS connection");
        talk(&mut StreamOwned::new(connection, stream), shared, true);
    }
}

/// One conversation. Some: the client asked for TLS.
fn talk(stream: &mut (impl Read + Write), shared: &Shared, tls: bool) -> Option<()> {
    let (mut user, mut to) = (None, String::new());
    loop {
        let said = line(stream)?;
        let mood = *shared.mood.lock().unwrap_or_else(PoisonError::into_inner);
        let verb = said.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" if tls => "250-peer.example\r\n250 AUTH PLAIN".to_owned(),
            "EHLO" if mood == Mood::HasNoTls => "250-peer.example\r\n250 AUTH PLAIN".to_owned(),
            "EHLO" => "250-peer.example\r\n250 STARTTLS".to_owned(),
            "STARTTLS" => {
                stream.write_all(b"220 go ahead\r\n").ok()?;
                return Some(());
            }
            "AUTH" if mood == Mood::RefusesPassword => "535 5.7.8 wrong password".to_owned(),
            "AUTH" => {
                let plain = STANDARD.decode(said.rsplit(' ').next().unwrap_or_default()).unwrap_or_default();
                user = Some(String::from_utf8_lossy(&plain).replace('\0', " ").trim().to_owned());
                "235 2.7.0 welcome".to_owned()
            }
            "RCPT" => {
                to = said.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                match mood {
                    Mood::RefusesRecipient => format!("550 5.1.1 <{to}>: nobody of that name"),
                    _ => "250 2.1.5 ok".to_owned(),
                }
            }
            "DATA" => {
                stream.write_all(b"354 go ahead\r\n").ok()?;
                let mut text = String::new();
                loop {
                    match line(stream)?.as_str() {
                        "." => break,
                        one => text.extend([one, "\n"]),
                    }
                }
                let taken = Taken { tls, user: user.clone(), to: to.clone(), text };
                shared.taken.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
                "250 2.0.0 queued".to_owned()
            }
            "QUIT" => {
                let _ = stream.write_all(b"221 bye\r\n");
                return None;
            }
            _ => "250 ok".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
        stream.flush().ok()?;
    }
}
