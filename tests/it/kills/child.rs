//! The program `phone` as a child process, and what it has said.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use support::phone::Phone;

/// Longer than anything a phone does between two beginnings of one kind.
const PATIENCE: Duration = Duration::from_secs(180);

pub struct Child {
    process: std::process::Child,
    said: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Child {
    /// Starts the program on the phone's folder, which nobody else may have open; returns once the store is open.
    pub fn start(phone: &Phone) -> Self {
        let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/photos/cat.jpg");
        let mut process = Command::new(env!("CARGO_BIN_EXE_phone"))
            .arg(phone.folder())
            .args([phone.name(), photo])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the phone's program runs");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let reader = std::thread::spawn(move || {
            for line in output.lines() {
                let Ok(line) = line else { return };
                heard.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        let child = Self { process, said, reader: Some(reader) };
        child.wait_until(|said| !said.is_empty());
        child
    }

    /// Waits until it begins something of this kind, from now on.
    pub fn wait_for_begin(&self, kind: &str) {
        let from = self.said.lock().unwrap_or_else(PoisonError::into_inner).len();
        let begin = format!("begin {kind}");
        self.wait_until(|said| said[from..].contains(&begin));
    }

    fn wait_until(&self, done: impl Fn(&[String]) -> bool) {
        let began = Instant::now();
        while !done(&self.said.lock().unwrap_or_else(PoisonError::into_inner)) {
            assert!(
                began.elapsed() < PATIENCE,
                "the phone stopped: {:?} {:?}",
                self.under_way(),
                self.last()
            );
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    fn last(&self) -> Vec<String> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.iter().rev().filter(|line| !line.contains(" save")).take(20).cloned().collect()
    }

    /// What it has begun and not finished.
    pub fn under_way(&self) -> Vec<String> {
        under_way(&self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Kills it as a pulled battery would (SIGKILL); gives everything it said.
    pub fn kill(&mut self) -> Vec<String> {
        let alive = self.process.try_wait().expect("it is ours").is_none();
        assert!(alive, "the phone ended by itself: {:?}", self.last());
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("everything is heard");
        }
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What was begun and not finished at the end of these lines.
pub fn under_way(said: &[String]) -> Vec<String> {
    let mut open = std::collections::BTreeMap::<&str, i32>::new();
    for line in said {
        let mut words = line.split(' ');
        match (words.next(), words.next()) {
            (Some("begin"), Some(kind)) => *open.entry(kind).or_default() += 1,
            (Some("did"), Some(kind)) => *open.entry(kind).or_default() -= 1,
            _ => {}
        }
    }
    open.into_iter().filter(|(_, count)| *count > 0).map(|(kind, _)| kind.to_owned()).collect()
}
