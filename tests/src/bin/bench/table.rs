//! The one table, and what in it falls short.

use std::fmt;

/// What a figure is held to.
#[derive(Clone, Copy)]
pub enum Budget {
    /// At most this much.
    Most(f64),
    /// At least this much.
    Least(f64),
    /// At least this share of the bare loop's figure.
    LeastOfBare(f64),
    /// At most this many times the bare loop's figure.
    MostOfBare(f64),
    /// Shown only.
    None,
}

/// One figure.
pub struct Row {
    /// What was done.
    pub work: String,
    /// Our figure.
    pub ours: f64,
    /// Of both figures: `ms`, `rec/s`, `MB`…
    pub unit: &'static str,
    /// The bare loop's figure in the same run, and what it did.
    pub bare: Option<(f64, &'static str)>,
    /// What ours is held to.
    pub budget: Budget,
}

impl Row {
    fn falls_short(&self) -> bool {
        match self.budget {
            Budget::Most(most) => self.ours > most,
            Budget::Least(least) => self.ours < least,
            Budget::LeastOfBare(share) => self.bare.is_none_or(|(bare, _)| self.ours < bare * share),
            Budget::MostOfBare(times) => self.bare.is_none_or(|(bare, _)| self.ours > bare * times),
            Budget::None => false,
        }
    }
}

/// All figures of a run.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Table {
    /// Adds a figure.
    pub fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds a sentence that is printed below.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

fn figure(value: f64) -> String {
    match value.abs() {
        0.0..10.0 => format!("{value:.2}"),
        10.0..1000.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = self.rows.iter().map(|row| row.work.chars().count()).max().unwrap_or(0);
        writeln!(
            f,
            "{:<widest$}  {:>9} {:<6} {:>9} {:>7}  {:<14} bare loop",
            "work", "ours", "", "bare", "ratio", "budget"
        )?;
        for row in &self.rows {
            let bare = row.bare.map_or(String::new(), |(bare, _)| figure(bare));
            let ratio = row.bare.map_or(String::new(), |(bare, _)| format!("{:.2} x", row.ours / bare));
            let budget = match row.budget {
                Budget::Most(most) => format!("<= {}", figure(most)),
                Budget::Least(least) => format!(">= {}", figure(least)),
                Budget::LeastOfBare(share) => format!(">= {share:.2} x"),
                Budget::MostOfBare(times) => format!("<= {times:.2} x"),
                Budget::None => String::new(),
            };
            let mark = if row.falls_short() { "!" } else { "" };
            let what = row.bare.map_or("", |(_, what)| what);
            writeln!(
                f,
                "{:<widest$}  {:>9} {:<6} {bare:>9} {ratio:>7}  {:<14} {what}",
                row.work,
                figure(row.ours),
                row.unit,
                format!("{budget} {mark}"),
            )?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        let short: Vec<&Row> = self.rows.iter().filter(|row| row.falls_short()).collect();
        match short.len() {
            0 => write!(f, "\nEvery budget is held."),
            count => {
                write!(f, "\n{count} fall short:")?;
                short.iter().try_for_each(|row| write!(f, "\n  {}", row.work))
            }
        }
    }
}
