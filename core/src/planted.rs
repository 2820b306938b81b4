//! Defences that a test takes away, one at a time, to see that the tests of each notice: only with the feature
//! `planted-faults`, which the tests switch on, and with them `./dev bindings`, in a debug build. An app is neither.

/// Whether the defence of this name is taken away.
#[cfg(all(feature = "planted-faults", debug_assertions))]
pub(crate) fn off(name: &str) -> bool {
    std::env::var("KINFOLIO_PLANTED").is_ok_and(|named| named == name)
}

/// Every defence stands.
#[cfg(not(all(feature = "planted-faults", debug_assertions)))]
pub(crate) const fn off(_name: &str) -> bool {
    false
}
