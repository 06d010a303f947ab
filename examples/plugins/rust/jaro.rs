//! The similarity of names after Jaro and Winkler, counted in Unicode code points.
//!
//! W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model of Record Linkage",
//! 1990. As in that paper, and in DuckDB, a common beginning counts only where Jaro's measure is above 0.7.
#[macro_use]
#[path = "../../../wasm-core/sdk/rust/quern.rs"]
mod quern;

/// How much each equal letter at the beginning counts, of at most four.
const PREFIX_WEIGHT: f64 = 0.1;
const PREFIX_MAX: usize = 4;
const BOOST_ABOVE: f64 = 0.7;

/// The longest texts that are compared, in code points; what is behind them does not count.
const MAX_LENGTH: usize = 4096;

quern_function! {
    /// Similarity of two texts, from 0 for nothing in common to 1 for equal: jaro_winkler('MARTHA', 'MARHTA') is 0.9611.
    fn jaro_winkler(a: &str, b: &str) -> f64 {
        // A module has one thread, and no call of this function runs within another.
        let room = unsafe { &mut *std::ptr::addr_of_mut!(ROOM) };
        let (a, b) = (room.a.fill(a), room.b.fill(b));
        let jaro = jaro(a, b);
        if jaro <= BOOST_ABOVE {
            return jaro;
        }
        let common = a.points().iter().zip(b.points()).take(PREFIX_MAX).take_while(|(x, y)| x == y).count();
        jaro + common as f64 * PREFIX_WEIGHT * (1.0 - jaro)
    }
}

/// A text as code points, and which of them have found their equal.
struct Letters {
    length: usize,
    points: [u32; MAX_LENGTH],
    matched: [bool; MAX_LENGTH],
}

struct Room {
    a: Letters,
    b: Letters,
}

const NO_LETTERS: Letters = Letters { length: 0, points: [0; MAX_LENGTH], matched: [false; MAX_LENGTH] };
static mut ROOM: Room = Room { a: NO_LETTERS, b: NO_LETTERS };

impl Letters {
    fn fill(&mut self, text: &str) -> &mut Letters {
        self.length = 0;
        for letter in text.chars().take(MAX_LENGTH) {
            self.points[self.length] = letter as u32;
            self.matched[self.length] = false;
            self.length += 1;
        }
        self
    }

    fn points(&self) -> &[u32] {
        &self.points[..self.length]
    }
}

fn jaro(a: &mut Letters, b: &mut Letters) -> f64 {
    if a.length == 0 && b.length == 0 {
        return 1.0;
    }
    let matches = find_matches(a, b);
    if matches == 0 {
        return 0.0;
    }
    let m = matches as f64;
    let transpositions = (moved(a, b) / 2) as f64;
    (m / a.length as f64 + m / b.length as f64 + (m - transpositions) / m) / 3.0
}

/// Pairs each letter of one text with the first free equal one near the same place of the other.
fn find_matches(a: &mut Letters, b: &mut Letters) -> usize {
    let window = (a.length.max(b.length) / 2).saturating_sub(1);
    let mut matches = 0;
    for i in 0..a.length {
        let end = (i + window + 1).min(b.length);
        for j in i.saturating_sub(window)..end {
            if !b.matched[j] && a.points[i] == b.points[j] {
                a.matched[i] = true;
                b.matched[j] = true;
                matches += 1;
                break;
            }
        }
    }
    matches
}

/// How many of the paired letters stand in another order.
fn moved(a: &Letters, b: &Letters) -> usize {
    let mut j = 0;
    let mut count = 0;
    for i in (0..a.length).filter(|&i| a.matched[i]) {
        while !b.matched[j] {
            j += 1;
        }
        if a.points[i] != b.points[j] {
            count += 1;
        }
        j += 1;
    }
    count
}
