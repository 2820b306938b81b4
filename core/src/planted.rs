//! Defences that a test takes away, one at a time, to see that the tests of each notice: only with the feature
//! `planted-faults`, which the tests switch on, and with them `./dev bindings`. An app is built without the tests.

/// Whether the defence of this name is taken away.
#[cfg(feature = "planted-faults")]
pub(crate) fn off(name: &str) -> bool {
    std::env::var("KINFOLIO_PLANTED").is_ok_and(|named| named == name)
}

/// Every defence stands.
#[cfg(not(feature = "planted-faults"))]
pub(crate) const fn off(_name: &str) -> bool {
    false
}
