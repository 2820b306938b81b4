//! The family plane, request by request, on each engine: who gets in, what is refused, what a repetition changes.

mod blobs;
mod enrolment;
mod erasing;
mod founding;
mod full;
mod hostile;
mod joining;
mod late_words;
mod leaving;
mod log;
mod purged;
mod records;
mod repeats;
mod room;
mod routes;
mod row_security;
mod tenancy;
mod two_servers;
