//! A server for a test: in this process on port 0, or as a child process that can be killed.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use kinfolio_server::clock::{Clock, OsRandomness, SystemClock};
use kinfolio_server::{Config, State};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::browser::Browser;
use crate::postgres::Database;

/// A configuration for tests: weak password hashes, everything else as it is for people.
pub fn config(folder: &Path) -> Config {
    let mut config = Config::in_folder(folder.join("server"), folder.join("mail"));
    config.weak_hash = true;
    config
}

/// Waits until every mail that is in the outbox now is out: its file is there before its row goes. A test that says what
/// was not sent asks afterwards.
pub async fn mail_is_out(state: &State) {
    for _ in 0..400 {
        let waiting = state.store.account_read(|tx| tx.query("SELECT mail_id FROM outbox", &[])).await;
        if waiting.expect("the outbox").is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the outbox is never empty");
}

/// Waits until a server in this process that was dropped has let go of its data folder: its own workers may hold it for
/// a moment longer.
pub async fn is_let_go(data: &Path) {
    for _ in 0..400 {
        // On Postgres there is no lock.
        let Ok(lock) = File::open(data.join("lock")) else { return };
        if lock.try_lock().is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the folder is never let go");
}

/// A server in this process without a listener: `router()` is called directly, at `base()`.
pub struct InProcess {
    /// What the routes share; a test may look into its store.
    pub state: State,
    folder: Arc<TempDir>,
    base: String,
}

impl InProcess {
    /// A fresh server on the embedded store, with the machine's clock.
    pub async fn start() -> Self {
        Self::start_with(|_| {}, Arc::new(SystemClock)).await
    }

    /// A fresh server on a scratch Postgres.
    pub async fn start_on(database: &Database) -> Self {
        let (app, migrator) = (database.app_url(), database.migrator_url());
        let change = move |config: &mut Config| {
            config.database_url = Some(app);
            config.migrator_database_url = Some(migrator);
        };
        Self::start_with(change, Arc::new(SystemClock)).await
    }

    /// A fresh server whose configuration `change` adjusts, under a clock of the test's.
    pub async fn start_with(change: impl FnOnce(&mut Config), clock: Arc<dyn Clock>) -> Self {
        let folder = Arc::new(TempDir::new().expect("a temporary folder"));
        let mut config = config(folder.path());
        config.public_url = Some("http://127.0.0.1:8484".into());
        change(&mut config);
        let base = config.public_url.clone().expect("a public URL");
        let state =
            State::start_with(config, clock, Arc::new(OsRandomness)).await.expect("the server starts");
        Self { state, folder, base }
    }

    /// The whole server as a service.
    pub fn router(&self) -> Router {
        kinfolio_server::app(self.state.clone())
    }

    /// Its public URL. Nothing listens there.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where its mail goes.
    pub fn mail(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A browser that calls the router, from an address of its own.
    pub fn browser(&self) -> Browser {
        Browser::in_process(self.router(), &self.base)
    }
}

/// A server in this process that listens on port 0.
pub struct Listening {
    base: String,
    folder: Arc<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Listening {
    /// A fresh server on the embedded store.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A fresh server whose configuration `change` adjusts.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(TempDir::new().expect("a temporary folder"));
        let mut config = config(folder.path());
        change(&mut config);
        let (ready, is_ready) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let announce = move |url: &str| {
                let _ = ready.send(url.to_owned());
            };
            let until = async move {
                let _ = stopped.await;
            };
            kinfolio_server::serve(config, announce, until).await.expect("the server runs");
        });
        let base = is_ready.await.expect("the server starts");
        Self { base, folder, stop: Some(stop), task: Some(task) }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where its mail goes.
    pub fn mail(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A browser on this server, from an address of its own.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// Stops it cleanly.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            task.await.expect("the server stops");
        }
    }
}

/// A server as a child process, which logs to `server.log` in its folder. Dropping it kills it.
pub struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    base: String,
    log: PathBuf,
}

impl Process {
    /// Starts `kinfolio-server serve` on `folder` (its `server` and `mail` folders) and port 0.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &["--listen", "127.0.0.1:0"], &[])
    }

    /// Starts it with flags and variables of the test's, `--data` and `--mail` aside.
    pub fn start_with(folder: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Self {
        match Self::try_start(folder, flags, variables) {
            Ok(process) => process,
            Err((code, log)) => panic!("the server did not start (exit {code:?}): {log}"),
        }
    }

    /// As [`Process::start_with`]; a server that ends before it listens gives its exit code and its log.
    pub fn try_start(
        folder: &Path,
        flags: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<Self, (Option<i32>, String)> {
        let mut flags = flags.to_vec();
        flags.push("--weak-hash");
        Self::try_start_as_for_people(folder, &flags, variables)
    }

    /// As [`Process::try_start`], with the password hashes of a real server: it may listen anywhere.
    pub fn try_start_as_for_people(
        folder: &Path,
        flags: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<Self, (Option<i32>, String)> {
        let mut command = Command::new(binary());
        command.arg("serve").arg("--data").arg(folder.join("server"));
        if !flags.contains(&"--mail") {
            let mut mail = OsString::from("dir:");
            mail.push(folder.join("mail"));
            command.arg("--mail").arg(mail);
        }
        command.args(flags).envs(variables.iter().copied());
        let log = folder.join("server.log");
        command.stdout(Stdio::piped()).stderr(File::create(&log).expect("a file for its log"));
        let mut child = command.spawn().expect("the server's program runs");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        stdout.read_line(&mut line).expect("its first line");
        let Some(base) = line.trim().strip_prefix("listening on ") else {
            let code = child.wait().expect("it ends").code();
            return Err((code, text_of(&log)));
        };
        Ok(Self { base: base.to_owned(), child, stdout, log })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything it has logged.
    pub fn log(&self) -> String {
        text_of(&self.log)
    }

    /// What it printed after the line that says where it listens; to be asked when it has ended.
    pub fn printed(&mut self) -> String {
        let mut text = String::new();
        self.stdout.read_to_string(&mut text).expect("its output");
        text
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop (SIGTERM) and gives its exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        for _ in 0..200 {
            if let Some(status) = self.child.try_wait().expect("the child is ours") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn text_of(log: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(log).expect("its log")).into_owned()
}

/// The server's program. For a test it is built with the workspace (and so with `weak-hash`) when it is not there yet;
/// beside a program it lies already.
pub fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY
        .get_or_init(|| {
            let beside =
                std::env::current_exe().expect("this program has a path").with_file_name("kinfolio-server");
            if beside.is_file() {
                return beside;
            }
            let mut build = Command::new(env!("CARGO"));
            build.args(["build", "--quiet", "--workspace", "--bin", "kinfolio-server"]);
            build.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
            // What cargo tells the tests about their own package: ring's build script watches it, and would be run
            // again with all that stands on it, now and at the next build outside.
            let about = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_PRIMARY_"];
            for (name, _) in std::env::vars() {
                if about.iter().any(|prefix| name.starts_with(prefix)) {
                    build.env_remove(name);
                }
            }
            let status = build.status().expect("cargo runs");
            assert!(status.success(), "the server's program is built");
            // This test runs as target/debug/deps/it-…
            let test = std::env::current_exe().expect("this program has a path");
            let folder = test.ancestors().find(|folder| folder.join("kinfolio-server").is_file());
            folder.expect("the program lies beside the tests").join("kinfolio-server")
        })
        .clone()
}
