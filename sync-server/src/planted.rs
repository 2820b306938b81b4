//! Defences that a test takes away, one at a time, to see that the tests of each notice. Only a debug build with the feature
//! `planted-faults` can do that, and it refuses to listen beyond this machine when it does.

/// Whether the defence of this name is taken away.
#[cfg(all(feature = "planted-faults", debug_assertions))]
pub(crate) fn off(name: &str) -> bool {
    named() == Some(name)
}

/// Whether any defence is taken away.
#[cfg(all(feature = "planted-faults", debug_assertions))]
pub(crate) fn any() -> bool {
    named().is_some()
}

/// One name for the life of the process.
#[cfg(all(feature = "planted-faults", debug_assertions))]
fn named() -> Option<&'static str> {
    static NAMED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    NAMED.get_or_init(|| std::env::var("KINFOLIO_PLANTED").ok()).as_deref()
}

/// Every defence stands.
#[cfg(not(all(feature = "planted-faults", debug_assertions)))]
pub(crate) const fn off(_name: &str) -> bool {
    false
}

/// Every defence stands.
#[cfg(not(all(feature = "planted-faults", debug_assertions)))]
pub(crate) const fn any() -> bool {
    false
}
