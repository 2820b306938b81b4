//! `/.well-known/oauth-authorization-server` (RFC 8414).

use axum::Json;
use axum::extract::State as AxumState;
use serde_json::{Value, json};

use super::SCOPE;
use crate::state::State;

pub(crate) async fn metadata(AxumState(state): AxumState<State>) -> Json<Value> {
    let issuer = state.origin.url();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": [SCOPE],
    }))
}
