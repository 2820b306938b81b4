//! The real server program, as a child process that is told to stop at the end.
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::folders::Folders;

/// A running server.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
}

impl Server {
    /// Starts `kinfolio-server`, which `./dev` has built beside this program, and waits until it is ready.
    pub fn start(folders: &Folders, database: &[(String, String)]) -> Result<Self> {
        let program = std::env::current_exe()?.with_file_name("kinfolio-server");
        ensure!(program.is_file(), "{} is missing: run ./dev demo, which builds it", program.display());
        let log = folders.path("server.log");
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folders.path("server"))
            .arg("--mail")
            .arg(format!("dir:{}", folders.path("mail").display()))
            .envs(database.iter().map(|(name, value)| (name, value)))
            // Everything that it would ever log.
            .env("KINFOLIO_LOG", "debug")
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .context("start kinfolio-server")?;
        let mut lines = BufReader::new(child.stdout.take().context("the server's output")?).lines();
        let Some(line) = lines.next().transpose()? else {
            let _ = child.wait();
            bail!("the server did not start; its log is {}", log.display());
        };
        let url = line.strip_prefix("listening on ").context("the server's first line")?.to_owned();
        Ok(Self { child, url })
    }

    /// Asks it to stop, as an operator would, and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(asked.success(), "the server was gone before it was told to stop");
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the server stopped with {status}");
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the server did not stop within 20 seconds")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A step failed: nobody is left to ask politely.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
