//! A scratch Postgres that a test starts itself, as an ordinary user, and that dies with the test.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Names the Postgres of a test program to one that it starts: the port, and the database to copy.
const SHARED: &str = "KINFOLIO_TESTS_POSTGRES";

/// A running Postgres on a free port of 127.0.0.1, without passwords.
pub struct ScratchPostgres {
    port: u16,
    bin: PathBuf,
    /// The database that [`ScratchPostgres::migrated`] copies.
    template: OnceCell<String>,
}

/// One database of it, with the roles of the server.
#[derive(Clone)]
pub struct Database {
    port: u16,
    bin: PathBuf,
    name: String,
}

impl ScratchPostgres {
    /// The one of this test program, started at first use. It stops when the program ends, however it ends. A program
    /// that another test program starts with [`ScratchPostgres::variable`] uses the same.
    pub fn shared() -> &'static Self {
        static ONE: OnceLock<ScratchPostgres> = OnceLock::new();
        ONE.get_or_init(|| match std::env::var(SHARED) {
            Ok(named) => {
                let (port, template) = named.split_once(' ').expect("a port and a database");
                let template = OnceCell::new_with(Some(template.to_owned()));
                Self { port: port.parse().expect("a port"), bin: newest_bin(), template }
            }
            Err(_) => Self::start(&[]),
        })
    }

    /// Lets a test program that this one starts share this Postgres.
    pub async fn variable(&self) -> (&'static str, String) {
        (SHARED, format!("{} {}", self.port, self.template().await))
    }

    /// Starts one. `settings` are added to the command line, such as `fsync=on`.
    pub fn start(settings: &[&str]) -> Self {
        let bin = newest_bin();
        let port =
            TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its port").port();
        let folder = TempDir::new().expect("a temporary folder").keep();
        remove_at_the_end(&folder);
        let data = folder.join("data");
        give_away(&folder);
        let mut init = as_ordinary_user(&bin.join("initdb"), &[]);
        init.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ]);
        let made = init.arg(&data).current_dir("/").stdout(Stdio::null()).status().expect("initdb runs");
        assert!(made.success(), "initdb makes a cluster");
        // Its parent is a thread that lives as long as this program, and whose death kills it (setpriv).
        let (settings, program) =
            (settings.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), bin.clone());
        std::thread::spawn(move || {
            let mut command = as_ordinary_user(&program.join("postgres"), &["--pdeathsig", "QUIT"]);
            command.arg("-D").arg(&data).arg("-p").arg(port.to_string());
            command.args(["-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
            command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
            for setting in settings {
                command.arg("-c").arg(setting);
            }
            let log = std::fs::File::create(folder.join("log")).expect("a log");
            let mut child =
                command.current_dir("/").stdout(Stdio::null()).stderr(log).spawn().expect("it starts");
            let _ = child.wait();
        });
        let scratch = Self { port, bin, template: OnceCell::new() };
        for _ in 0..400 {
            let answers = Command::new(scratch.bin.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status()
                .is_ok_and(|status| status.success());
            if answers {
                return scratch;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("Postgres does not answer");
    }

    /// A new, empty database with the server's roles (no tables: the server or [`Database::migrate`] makes them).
    pub fn database(&self) -> Database {
        self.made("")
    }

    /// A new database with the server's roles and tables.
    pub async fn migrated(&self) -> Database {
        self.made(&format!("TEMPLATE {}", self.template().await))
    }

    async fn template(&self) -> &str {
        let make = async || {
            let database = self.database();
            database.migrate().await;
            database.name
        };
        self.template.get_or_init(make).await
    }

    fn made(&self, like: &str) -> Database {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        // Roles belong to the whole cluster: two databases made at once would both make them.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("kinfolio_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let database = Database { port: self.port, bin: self.bin.clone(), name: name.clone() };
        let cluster = Database { port: self.port, bin: self.bin.clone(), name: "postgres".into() };
        cluster.psql(&format!("CREATE DATABASE {name} {like}"));
        // What roles may do with a database is not copied.
        database.psql(kinfolio_server::store::ROLES);
        database
    }
}

/// Removes `folder` once this program has ended, in whatever way: a shell waits for the end of a pipe that only this
/// program holds open. What is static is never dropped, and a cluster is hundreds of megabytes.
fn remove_at_the_end(folder: &Path) {
    const WAIT: &str = "trap '' INT TERM HUP; cat; until rm -rf \"$0\"; do sleep 0.2; done";
    let mut command = Command::new("sh");
    command.arg("-c").arg(WAIT).arg(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // Not waited for: it ends after this program.
    std::mem::forget(command.current_dir("/").spawn().expect("a shell starts"));
}

impl Database {
    fn url(&self, role: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{}", self.port, self.name)
    }

    /// As the running server reaches the family plane.
    pub fn app_url(&self) -> String {
        self.url("kinfolio_app")
    }

    /// As the running server reaches the account plane.
    pub fn accounts_url(&self) -> String {
        self.url("kinfolio_accounts")
    }

    /// As migrations run.
    pub fn migrator_url(&self) -> String {
        self.url("kinfolio_migrator")
    }

    /// As a superuser: for looking, and for planting faults.
    pub fn superuser_url(&self) -> String {
        self.url("postgres")
    }

    /// Runs the server's migrations.
    pub async fn migrate(&self) {
        kinfolio_server::store::migrate_postgres(&self.migrator_url()).await.expect("migrations run");
    }

    /// Runs SQL as the superuser; rows come back as text, columns apart by `|`. Panics when it fails.
    pub fn psql(&self, sql: &str) -> String {
        self.try_psql(&self.superuser_url(), sql).unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// Runs SQL through any of the addresses above.
    pub fn try_psql(&self, url: &str, sql: &str) -> Result<String, String> {
        let mut command = Command::new(self.bin.join("psql"));
        command.args(["--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psql runs");
        child.stdin.take().expect("its input").write_all(sql.as_bytes()).expect("psql reads");
        let output = child.wait_with_output().expect("psql ends");
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// Everything in it, as SQL text (pg_dump by the superuser).
    pub fn dump(&self) -> Vec<u8> {
        let output = Command::new(self.bin.join("pg_dump"))
            .args(["--inserts", "-d", &self.superuser_url()])
            .output()
            .expect("pg_dump runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }
}

/// The newest Postgres on this machine: the PATH, or Debian's folders.
fn newest_bin() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return bin;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|folder| folder.join("initdb").is_file())
        .expect("Postgres is installed (Debian: apt-get install postgresql)")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// Postgres refuses to run as root: then `nobody` runs it.
fn as_ordinary_user(program: &Path, options: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    }
    command.args(options).arg("--").arg(program);
    command
}

fn give_away(folder: &Path) {
    if is_root() {
        std::os::unix::fs::chown(folder, Some(65534), Some(65534)).expect("root may give a folder away");
    }
}
