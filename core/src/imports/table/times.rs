//! How long something took, as people write it in a table.

use crate::calendar::WEEK_MINUTES;

/// Longest time of one entry, in minutes: a week.
const MOST: f64 = WEEK_MINUTES as f64;

/// What the columns of one row say of its time.
#[derive(Default)]
pub(super) struct Time {
    minutes: Option<f64>,
    hours: Option<f64>,
}

impl Time {
    /// Takes a cell of a column of minutes.
    pub fn minutes(&mut self, cell: &str) -> Result<(), String> {
        self.minutes = Some(read(cell, 1.0)?);
        Ok(())
    }

    /// Takes a cell of a column of hours.
    pub fn hours(&mut self, cell: &str) -> Result<(), String> {
        self.hours = Some(read(cell, 60.0)?);
        Ok(())
    }

    /// Whole minutes of the row, none for no time. Hours beside minutes are one time in two parts, or the same time
    /// told twice.
    pub fn sum(&self) -> Result<Option<i64>, String> {
        let sum = match (self.hours, self.minutes) {
            (Some(hours), Some(minutes)) if (hours - minutes).abs() < 1.0 => minutes,
            (Some(hours), Some(minutes)) if hours > 0.0 && minutes >= 60.0 => {
                return Err(format!(
                    "its hours say {hours} minutes and its minutes say {minutes}: keep one of them"
                ));
            }
            (hours, minutes) => hours.unwrap_or_default() + minutes.unwrap_or_default(),
        };
        if !(0.0..=MOST).contains(&sum) {
            return Err(format!("its time must be between 0 and {MOST} minutes"));
        }
        Ok(Some(sum.round() as i64).filter(|minutes| *minutes > 0))
    }
}

/// Minutes of "90", "1:30", "1,5", "1 h 30" or "1 hour 30 minutes", where a bare number is of so many minutes.
fn read(cell: &str, of: f64) -> Result<f64, String> {
    let wrong = || "its time can't be read: write it in minutes".to_owned();
    let cell = cell.trim().to_lowercase().replace(',', ".");
    if let Some((hours, rest)) = cell.split_once(':') {
        // Some spreadsheets add seconds.
        let minutes = rest.split_once(':').map_or(rest, |(minutes, _)| minutes);
        let [hours, minutes] = [hours, minutes].map(|part| part.trim().parse::<u16>());
        let minutes = minutes.ok().filter(|minutes| *minutes < 60).ok_or_else(wrong)?;
        return Ok(f64::from(hours.map_err(|_| wrong())?).mul_add(60.0, f64::from(minutes)));
    }
    let (mut sum, mut rest, mut bare) = (0.0, cell.as_str(), of);
    while !rest.is_empty() {
        let (number, behind) = cut(rest, |letter| !letter.is_ascii_digit() && letter != '.');
        let (unit, behind) = cut(behind.trim_start(), |letter| letter.is_ascii_digit());
        let each = match unit.trim().trim_end_matches('.') {
            "" if behind.is_empty() => bare,
            "h" | "hr" | "hrs" | "hour" | "hours" | "hour and" | "hours and" => 60.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 1.0,
            _ => return Err(wrong()),
        };
        sum += number.parse::<f64>().map_err(|_| wrong())? * each;
        // What stands bare behind hours is minutes.
        (rest, bare) = (behind, 1.0);
    }
    Ok(sum)
}

/// Up to the first letter of that sort, and from there.
fn cut(text: &str, at: impl FnMut(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(at).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them_and_what_is_unclear_is_refused() {
        let minutes = |cell: &str| {
            let mut time = Time::default();
            time.minutes(cell).and_then(|()| time.sum()).ok()
        };
        let hours = |cell: &str| {
            let mut time = Time::default();
            time.hours(cell).and_then(|()| time.sum()).ok()
        };
        for (cell, expected) in [
            ("90", Some(90)),
            ("1:30", Some(90)),
            ("1:30:00", Some(90)),
            ("1 h 30", Some(90)),
            ("1h30", Some(90)),
            ("1 hour and 30 minutes", Some(90)),
            ("2h", Some(120)),
            ("2 hours", Some(120)),
            ("1.5 hrs", Some(90)),
            ("1,5 Hr.", Some(90)),
            ("45 min", Some(45)),
            ("0", None),
        ] {
            assert_eq!(minutes(cell), Some(expected), "{cell}");
        }
        for (cell, expected) in [("1.5", 90), ("1,5", 90), ("30 min", 30), ("2", 120), ("1 h 30", 90)] {
            assert_eq!(hours(cell), Some(Some(expected)), "{cell} in a column of hours");
        }
        for cell in ["99999", "-3", "long", "30 min each", "1:75", "2-3 hours", "1.2.3", "h", "~20"] {
            assert_eq!((minutes(cell), hours(cell)), (None, None), "{cell}");
        }
    }

    #[test]
    fn hours_beside_minutes_are_added_or_the_same_time_told_twice() {
        for (hours, minutes, expected) in [
            ("1", "30", Some(Some(90))),
            ("0", "90", Some(Some(90))),
            ("1.5", "90", Some(Some(90))),
            ("1.33", "80", Some(Some(80))),
            ("1.5", "75", None),
        ] {
            let mut time = Time::default();
            time.hours(hours).unwrap();
            time.minutes(minutes).unwrap();
            assert_eq!(time.sum().ok(), expected, "{hours} h, {minutes} min");
        }
    }
}
