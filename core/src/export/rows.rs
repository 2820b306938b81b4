//! Photo rows: which photos stand beside each other, and how wide, by the rules of documents.md.

use super::portfolio::Photo;

/// Width of the main column, millimetres.
pub const MAIN: f64 = 126.5;
/// Width of rail, gap and main column together, millimetres.
pub const FULL: f64 = 170.0;
const GAP: f64 = 4.0;
const LOWEST: f64 = 34.0;
const HIGHEST: f64 = 95.0;
const BEST: f64 = 62.0;
const AT_A_TIME: usize = 12;

/// One row: how many photos it takes from the list, how high they stand, how wide they are together (millimetres).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Photos in this row, in the parent's order.
    pub photos: usize,
    /// Height of every photo of the row.
    pub height: f64,
    /// Width of the row with its gaps; less than the column when the height was capped.
    pub width: f64,
}

/// How the photos of one entry are laid out.
#[derive(Debug, Clone, PartialEq)]
pub enum Layout {
    /// No photos.
    None,
    /// One photo: its width, and whether its caption stands at its right foot.
    One {
        /// Width of the photo, millimetres of the 126.5 wide column.
        width: f64,
        /// The caption stands beside the photo, else below.
        beside: bool,
    },
    /// Two or three photos in the main column, or four and more over the full width.
    Rows {
        /// Over the full 170 mm.
        wide: bool,
        /// The rows from top to bottom.
        rows: Vec<Row>,
    },
}

/// Lays out the photos of an entry, in the parent's order.
pub fn layout(photos: &[Photo]) -> Layout {
    lay_out(&photos.iter().map(Photo::ratio).collect::<Vec<_>>())
}

/// Photos as so few at a time that none leaves the main column.
pub fn in_column(photos: &[Photo]) -> impl Iterator<Item = &[Photo]> {
    photos.chunks(3)
}

/// Lays out photos with these ratios (width / height, after rotation).
fn lay_out(ratios: &[f64]) -> Layout {
    match ratios {
        [] => Layout::None,
        [ratio] if *ratio > 1.9 => Layout::One { width: MAIN, beside: false },
        [ratio] if *ratio >= 1.2 => Layout::One { width: ratio * 54.0, beside: true },
        [ratio] => Layout::One { width: ratio * 75.0, beside: true },
        [_, _] | [_, _, _] => Layout::Rows { wide: false, rows: rows(ratios, MAIN) },
        _ => Layout::Rows { wide: true, rows: rows(ratios, FULL) },
    }
}

/// Rows over the full width, for any number of photos.
pub fn in_rows(ratios: &[f64]) -> Vec<Row> {
    rows(ratios, FULL)
}

/// Breaks photos into rows of a column this wide.
fn rows(ratios: &[f64], column: f64) -> Vec<Row> {
    let at_a_time = if ratios.len() > AT_A_TIME { AT_A_TIME / 2 } else { ratios.len().max(1) };
    ratios.chunks(at_a_time).flat_map(|group| best_break(group, column)).collect()
}

/// Tries every way to break the group; a row lower than 34 mm only if nothing else exists.
fn best_break(group: &[f64], column: f64) -> Vec<Row> {
    let ways = 1_u32 << group.len().saturating_sub(1).min(AT_A_TIME);
    let broken = |way: u32| {
        let mut rows = Vec::new();
        let mut sum = 0.0;
        let mut photos = 0;
        for (index, ratio) in group.iter().enumerate() {
            sum += ratio;
            photos += 1;
            if index + 1 == group.len() || way & (1 << index) != 0 {
                rows.push(row(photos, sum, column));
                (sum, photos) = (0.0, 0);
            }
        }
        rows
    };
    // How far the lowest row misses 34 mm, then the cost.
    let cost = |rows: &[Row]| {
        let low = rows.iter().map(|row| (LOWEST - row.height).max(0.0)).fold(0.0, f64::max);
        let each = |row: &Row| (row.height - BEST).abs() + if capped(row, column) { 20.0 } else { 0.0 };
        (low, rows.iter().map(each).sum::<f64>())
    };
    (0..ways)
        .map(broken)
        .map(|rows| (cost(&rows), rows))
        .min_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(_, rows)| rows)
        .unwrap_or_default()
}

fn row(photos: usize, sum: f64, column: f64) -> Row {
    let gaps = GAP * photos.saturating_sub(1) as f64;
    let height = ((column - gaps) / sum).min(HIGHEST);
    Row { photos, height, width: (height * sum + gaps).min(column) }
}

fn capped(row: &Row, column: f64) -> bool {
    row.width < column - 0.01
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_photo_stands_54_or_75_high_or_takes_the_column() {
        assert_eq!(lay_out(&[1.5]), Layout::One { width: 81.0, beside: true });
        assert_eq!(lay_out(&[0.8]), Layout::One { width: 60.0, beside: true });
        assert_eq!(lay_out(&[2.4]), Layout::One { width: MAIN, beside: false });
    }

    #[test]
    fn four_photos_break_as_in_the_design() {
        let Layout::Rows { wide, rows } = lay_out(&[1.5, 0.66, 1.15, 2.49]) else { panic!("rows expected") };
        assert!(wide);
        assert_eq!(rows.iter().map(|row| row.photos).collect::<Vec<_>>(), [3, 1]);
        assert!((rows[0].height - 48.9).abs() < 0.1 && (rows[1].height - 68.3).abs() < 0.1);
    }

    #[test]
    fn a_row_is_low_only_if_nothing_else_exists_and_never_higher_than_95() {
        let Layout::Rows { rows, .. } = lay_out(&[1.5; 9]) else { panic!("rows expected") };
        assert!(rows.iter().all(|row| (34.0..=95.0).contains(&row.height)), "{rows:?}");
        let Layout::Rows { rows, .. } = lay_out(&[6.0, 6.0]) else { panic!("rows expected") };
        assert_eq!(rows.len(), 2, "two panoramas stand below each other, low as they are");
        let Layout::Rows { rows, .. } = lay_out(&[0.5, 0.5]) else { panic!("rows expected") };
        assert!(rows.iter().all(|row| row.height == 95.0 && row.width <= MAIN), "{rows:?}");
    }

    #[test]
    fn every_photo_has_its_place_however_many_there_are() {
        for count in 2..40 {
            let ratios: Vec<f64> = (0..count).map(|n| [1.5, 0.67, 1.0, 1.33, 2.2][n % 5]).collect();
            let Layout::Rows { rows, wide } = lay_out(&ratios) else { panic!("rows expected") };
            assert_eq!(rows.iter().map(|row| row.photos).sum::<usize>(), count);
            let column = if wide { FULL } else { MAIN };
            assert!(rows.iter().all(|row| row.width <= column + 0.01 && row.height > 0.0));
        }
    }
}
