//! The sync server.
fn main() {}
