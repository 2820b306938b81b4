//! Writes the Python, Kotlin and Swift sources for the façade. Called by `./dev bindings`.
#![forbid(unsafe_code)]

fn main() {
    uniffi::uniffi_bindgen_main();
}
