//! Semantic versions, after https://semver.org/spec/v2.0.0.html.
//!
//! Numbers may have any length: they are compared as text without leading zeros, so no value is too large.
#[macro_use]
#[path = "../../../wasm-core/sdk/rust/quern.rs"]
mod quern;

use std::cmp::Ordering;

quern_function! {
    /// Whether a text is a version of SemVer 2.0.0: semver_valid('1.0.0-rc.1+build.5') is true, semver_valid('v1.0') is
    /// not.
    fn semver_valid(version: &str) -> bool {
        parse(version.as_bytes()).is_some()
    }

    /// -1, 0 or 1 as the first version precedes, equals or follows the second; build metadata does not count. A text that
    /// is no version precedes every version and equals every other such text, so that an order by it is always one.
    ///
    /// semver_compare('1.0.0-rc.1', '1.0.0') is -1.
    fn semver_compare(a: &str, b: &str) -> i32 {
        let order = match (parse(a.as_bytes()), parse(b.as_bytes())) {
            (Some(a), Some(b)) => compare(&a, &b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        order as i32
    }
}

struct Version<'a> {
    core: [&'a [u8]; 3],
    /// Empty when there is none.
    pre_release: &'a [u8],
}

fn parse(text: &[u8]) -> Option<Version> {
    let (text, build) = cut(text, b'+');
    let (core, pre_release) = cut(text, b'-');
    if let Some(build) = build {
        if !build.split(|&b| b == b'.').all(is_identifier) {
            return None;
        }
    }
    if let Some(pre_release) = pre_release {
        let fits = |part: &[u8]| is_identifier(part) && (!is_digits(part) || is_number(part));
        if !pre_release.split(|&b| b == b'.').all(fits) {
            return None;
        }
    }
    let mut parts = core.split(|&b| b == b'.');
    let core = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() || !core.iter().all(|part| is_number(part)) {
        return None;
    }
    Some(Version { core, pre_release: pre_release.unwrap_or(b"") })
}

/// What stands before the first `mark`, and what behind it.
fn cut(text: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&b| b == mark) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn is_identifier(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().all(|&b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_digits(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().all(u8::is_ascii_digit)
}

/// Digits without a leading zero.
fn is_number(part: &[u8]) -> bool {
    is_digits(part) && (part.len() == 1 || part[0] != b'0')
}

fn compare(a: &Version, b: &Version) -> Ordering {
    for (x, y) in a.core.iter().zip(b.core.iter()) {
        let order = compare_numbers(x, y);
        if order != Ordering::Equal {
            return order;
        }
    }
    match (a.pre_release.is_empty(), b.pre_release.is_empty()) {
        (false, false) => compare_pre_releases(a.pre_release, b.pre_release),
        // The release comes after all that led to it.
        (x, y) => x.cmp(&y),
    }
}

/// Compares numbers without leading zeros: the longer is the greater.
fn compare_numbers(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn compare_pre_releases(a: &[u8], b: &[u8]) -> Ordering {
    let mut ours = a.split(|&b| b == b'.');
    let mut theirs = b.split(|&b| b == b'.');
    loop {
        let order = match (ours.next(), theirs.next()) {
            (Some(x), Some(y)) => match (is_digits(x), is_digits(y)) {
                (true, true) => compare_numbers(x, y),
                // Numbers come before words.
                (false, false) => x.cmp(y),
                (x_is_number, y_is_number) => y_is_number.cmp(&x_is_number),
            },
            (None, None) => return Ordering::Equal,
            // Of two that begin alike the longer follows.
            (x, y) => x.is_some().cmp(&y.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}
