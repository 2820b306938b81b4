//! Writes foreign-language sources for the façade.
fn main() {
    uniffi::uniffi_bindgen_main()
}
