//! The demo's side of a phone: starts its process, asks, kills.
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::asks::Ask;

/// A running phone.
pub struct Phone {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// Its store.
    pub folder: PathBuf,
    captured: PathBuf,
    name: String,
}

impl Phone {
    /// Starts it over the store in `folder`.
    pub fn start(folder: &Path, captured: &Path, name: &str) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("phone")
            .args([folder, captured])
            .arg(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start a phone")?;
        let input = child.stdin.take().context("the phone's input")?;
        let output = BufReader::new(child.stdout.take().context("the phone's output")?).lines();
        Ok(Self {
            child,
            input,
            output,
            folder: folder.to_owned(),
            captured: captured.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Asks and waits for the answer.
    pub fn ask(&mut self, ask: &Ask) -> Result<Value> {
        self.send(ask)?;
        loop {
            let mut line = self.line()?.context("the phone's process ended")?;
            if let Some(error) = line.get("error") {
                bail!("the phone says: {}", error.as_str().unwrap_or_default());
            }
            if let Some(value) = line.get_mut("ok") {
                return Ok(value.take());
            }
        }
    }

    /// Begins a slow sync and kills the process when its first push is at this stage: "sent" (on its way) or
    /// "answered" (the server has it, the phone does not know). Then starts it again.
    pub fn die_in_sync(mut self, stage: &str) -> Result<Self> {
        self.send(&Ask::Sync { slow_ms: 300 })?;
        loop {
            let line = self.line()?.context("the phone's process ended by itself")?;
            if line.get("ok").is_some() || line.get("error").is_some() {
                bail!("the sync was over before the phone could be killed: {line}");
            }
            let push = line["path"].as_str().is_some_and(|path| path.ends_with("/push"));
            if push && line["stage"] == stage {
                break;
            }
        }
        // SIGKILL: nothing can be tidied up.
        self.child.kill()?;
        self.child.wait()?;
        Self::start(&self.folder, &self.captured, &self.name)
    }

    /// Puts it away: its process ends.
    pub fn put_away(self) -> Result<()> {
        let Self { mut child, input, .. } = self;
        drop(input);
        let status = child.wait()?;
        if !status.success() {
            bail!("a phone's process ended with {status}");
        }
        Ok(())
    }

    fn send(&mut self, ask: &Ask) -> Result<()> {
        writeln!(self.input, "{}", serde_json::to_string(ask)?).context("the phone's process ended")
    }

    fn line(&mut self) -> Result<Option<Value>> {
        Ok(match self.output.next().transpose()? {
            Some(line) => {
                Some(serde_json::from_str(&line).with_context(|| format!("the phone said {line:?}"))?)
            }
            None => None,
        })
    }
}
