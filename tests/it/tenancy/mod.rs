//! A family is the tenant, and the boundary is the database's, not a WHERE clause (tenancy.md).

mod catalogue;
mod commits;
mod conformance;
mod registry;
mod statements;
mod storm;
