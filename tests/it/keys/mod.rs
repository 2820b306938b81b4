//! Keys: sign-up to bound device, joining, lost replies, killed phones, forged logs.

mod joining;
mod phone;
mod wire;
