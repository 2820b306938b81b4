//! The gate before a start on Postgres: a role that could lift row security stops the server.

use sqlx::{PgPool, Row};

use crate::config::StartError;

/// Looks at the role behind `pool`. It must be no superuser, not bypass row security, be a member of no
/// other role, create no roles and own nothing in our schemas.
pub(super) async fn refuse_bypass(pool: &PgPool, plane: &str) -> Result<(), StartError> {
    let row = sqlx::query(
        "SELECT r.rolname::text, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
                EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid),
                EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE c.relowner = r.oid AND n.nspname IN ('family', 'accounts', 'migrations'))
                OR EXISTS (SELECT 1 FROM pg_namespace n
                            WHERE n.nspowner = r.oid AND n.nspname IN ('family', 'accounts', 'migrations')),
                EXISTS (SELECT 1 FROM pg_database d WHERE d.datname = current_database() AND d.datdba = r.oid)
           FROM pg_roles r WHERE r.rolname = session_user",
    )
    .fetch_one(pool)
    .await
    .map_err(|error| {
        StartError::Store(format!("the role of the {plane} plane cannot be checked: {error}"))
    })?;
    let name: String = row.try_get(0).unwrap_or_default();
    let faults = [
        (1, "is a superuser"),
        (2, "has BYPASSRLS"),
        (3, "has CREATEROLE"),
        (4, "is a member of another role"),
        (5, "owns tables of the server"),
        (6, "owns the database"),
    ];
    for (column, fault) in faults {
        // What cannot be read counts as a fault.
        if row.try_get::<bool, _>(column).unwrap_or(true) {
            return Err(StartError::Config(format!(
                "the role {name} of the {plane} plane {fault} and could bypass row security: use {}",
                if plane == "app" { "kinfolio_app" } else { "kinfolio_accounts" }
            )));
        }
    }
    Ok(())
}
