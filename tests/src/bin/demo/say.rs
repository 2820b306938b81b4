//! Tells what happens, in plain words, and stops at the first thing that is not as it should be.
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The story so far.
pub struct Story {
    began: Instant,
    steps: u32,
    told: Vec<String>,
}

impl Story {
    pub fn new() -> Self {
        Self { began: Instant::now(), steps: 0, told: Vec::new() }
    }

    /// A numbered step begins.
    pub fn step(&mut self, words: &str) {
        self.steps += 1;
        self.tell(&format!("\n{}. {words}", self.steps));
    }

    /// Something that is now so.
    pub fn say(&mut self, words: impl AsRef<str>) {
        self.tell(&format!("   {}", words.as_ref()));
    }

    /// Something that must be so.
    pub fn check(&mut self, so: bool, words: impl AsRef<str>) -> Result<()> {
        if !so {
            bail!("this should be so and is not: {}", words.as_ref());
        }
        self.tell(&format!("   ✓ {}", words.as_ref()));
        Ok(())
    }

    /// Something that must be so and goes without saying.
    pub fn check_quietly(&self, so: bool, otherwise: impl AsRef<str>) -> Result<()> {
        if so { Ok(()) } else { bail!("{}", otherwise.as_ref()) }
    }

    pub fn took(&self) -> Duration {
        self.began.elapsed()
    }

    /// All that was told.
    pub fn told(&self) -> String {
        self.told.join("\n")
    }

    fn tell(&mut self, line: &str) {
        println!("{line}");
        self.told.push(line.to_owned());
    }
}
