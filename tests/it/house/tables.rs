//! What may use what: packages, rooms of the core, rooms of the server. The dependency table is in ARCHITECTURE.md.

/// A package of the workspace, and the packages of the workspace that it may link. Tests link everything.
pub const CRATES: &[(&str, &[&str])] = &[
    ("kinfolio-protocol", &[]),
    ("kinfolio-core", &["kinfolio-protocol"]),
    ("kinfolio-ffi", &["kinfolio-core"]),
    ("kinfolio-bindgen", &[]),
    ("kinfolio-server", &["kinfolio-protocol"]),
    ("kinfolio-tests", &["kinfolio-protocol", "kinfolio-core", "kinfolio-ffi", "kinfolio-server"]),
];

/// A room, and the rooms that it may use. A target may name one module of a room: `account::session`.
pub type Rooms = &'static [(&'static str, &'static [&'static str])];

/// Open to every room of the core.
pub const CORE_GROUND: &[&str] =
    &["error", "ids", "clock", "calendar", "input", "hex", "words", "script", "planted"];

/// Rooms of `core/src`, ground floor first. A room always may use itself.
pub const CORE: Rooms = &[
    ("error", &[]),
    ("ids", &[]),
    ("clock", &[]),
    ("calendar", &[]),
    ("input", &[]),
    ("hex", &[]),
    ("script", &[]),
    ("words", &[]),
    ("planted", &[]),
    ("progress", &[]),
    ("host", &[]),
    ("changes", &[]),
    ("http", &[]),
    ("crypto", &[]),
    ("storage", &["crypto", "host"]),
    ("records", &["storage", "crypto", "changes"]),
    ("steps", &[]),
    ("context", &["storage", "records", "changes", "host", "http", "steps"]),
    ("shelf", &["storage", "context", "records", "changes"]),
    ("showing", &["storage", "context", "records"]),
    ("days", KIND),
    ("goals", KIND),
    ("letters", KIND),
    ("plans", KIND),
    ("private", PRIVATE_KIND),
    ("providers", KIND),
    ("qualifications", KIND),
    ("reading", KIND),
    ("filters", KIND),
    ("reminders", KIND),
    ("reports", KIND),
    ("skills", KIND),
    ("targets", KIND),
    ("templates", TEMPLATES),
    ("trips", KIND),
    ("settings", ENTRIES),
    (
        "plain",
        &[
            "records",
            "shelf",
            "days",
            "filters",
            "goals",
            "letters",
            "plans",
            "private",
            "providers",
            "qualifications",
            "reading",
            "reminders",
            "reports",
            "skills",
            "targets",
            "templates",
            "trips",
        ],
    ),
    ("learners", LEARNERS),
    ("subjects", ROOM),
    ("entries", ENTRIES),
    ("family_log", &["storage", "context", "records", "changes", "shelf", "steps"]),
    ("attachments", ATTACHMENTS),
    ("account", ROOM),
    ("keys", ROOM),
    ("due", &["context", "storage", "goals", "letters", "qualifications", "reminders", "settings", "shelf"]),
    (
        "capture",
        &[
            "storage",
            "context",
            "records",
            "days",
            "entries",
            "learners",
            "plans",
            "settings",
            "shelf",
            "templates",
        ],
    ),
    ("memories", &["storage", "context", "entries", "learners"]),
    (
        "finding",
        &[
            "storage",
            "context",
            "entries",
            "shelf",
            "goals",
            "letters",
            "plans",
            "providers",
            "qualifications",
            "reading",
            "trips",
        ],
    ),
    ("timer", &["storage", "context", "entries"]),
    ("coverage", &["storage", "context", "entries", "days", "providers", "settings", "shelf", "subjects"]),
    ("undo", &["context", "records", "changes", "private", "steps"]),
    (
        "trash",
        &[
            "storage",
            "context",
            "records",
            "changes",
            "attachments",
            "learners",
            "private",
            "settings",
            "shelf",
            "subjects",
        ],
    ),
    ("versions", &["storage", "context", "records", "changes", "entries", "steps"]),
    (
        "catch_up",
        &["storage", "context", "records", "crypto", "changes", "progress", "host", "entries", "attachments"],
    ),
    (
        "export",
        &[
            "storage",
            "capture",
            "settings",
            "context",
            "records",
            "progress",
            "changes",
            "host",
            "crypto",
            "learners",
            "subjects",
            "entries",
            "attachments",
            "coverage",
            "goals",
            "providers",
            "qualifications",
            "reading",
            "reports",
            "trips",
            "private",
            "shelf",
            "plain",
            "family_log",
        ],
    ),
    ("intake", &["storage", "context", "records", "crypto", "plain", "progress", "entries", "attachments"]),
    ("imports", &["storage", "context", "records", "progress", "entries", "attachments", "plain"]),
    (
        "sync",
        &[
            "storage", "context", "records", "progress", "changes", "host", "crypto", "http", "keys",
            "settings",
        ],
    ),
    ("parts", &["*"]),
    ("client", &["*"]),
    ("", &["*"]),
];
const ROOM: &[&str] = &["storage", "context", "records", "crypto", "changes", "progress", "host", "http"];
/// A file that is written outside of the app is told.
const ATTACHMENTS: &[&str] =
    &["storage", "context", "records", "crypto", "changes", "progress", "host", "http", "family_log"];
/// A small kind says what its fields are; the shelf does the rest.
const KIND: &[&str] = &["shelf", "records", "changes"];
/// Who taught and where is said as in an entry.
const TEMPLATES: &[&str] = &["shelf", "records", "changes", "entries"];
const PRIVATE_KIND: &[&str] = &["shelf", "records", "changes", "context", "host"];
const LEARNERS: &[&str] = &["storage", "context", "records", "changes", "shelf", "settings"];
const ENTRIES: &[&str] = &["storage", "context", "records", "changes", "shelf"];
/// Open to every room of the server.
pub const SERVER_GROUND: &[&str] = &["error", "clock", "hex", "origin", "planted"];

/// Rooms of `sync-server/src`. A room always may use itself.
pub const SERVER: Rooms = &[
    // Its middleware logs a failure once, with an id that the client also sees.
    ("error", &["state"]),
    ("clock", &[]),
    ("hex", &[]),
    ("planted", &[]),
    ("origin", &["config"]),
    ("apps", &[]),
    ("config", &["origin", "apps"]),
    ("tls", &["config"]),
    ("patient", &[]),
    ("secrets", &["config"]),
    ("store", &["config", "secrets"]),
    ("stamp", &["config", "secrets", "store"]),
    ("leap", &["store"]),
    ("audit", &["store"]),
    ("legal", &[]),
    ("limits", &["config", "state"]),
    ("mail", &["config", "secrets", "store", "state"]),
    // What a server is made of. It begins the work of the mail and the sweep.
    (
        "state",
        &[
            "config",
            "tls",
            "secrets",
            "stamp",
            "sweep",
            "store",
            "mail",
            "limits",
            "legal",
            "accounts::password",
            "accounts::breached",
            "upstream",
        ],
    ),
    ("body", &["state"]),
    // Who is asking: the account plane. It knows nothing of the family plane, and each room only what stands below it.
    ("accounts", &["store", "state", "audit", "mail", "secrets", "config", "body::Params"]),
    // Who somebody is at another service, and nothing of pages.
    ("upstream", &["config", "secrets", "store", "accounts"]),
    ("oauth", &["store", "state", "audit", "limits", "mail", "body", "accounts"]),
    (
        "pages",
        &["store", "state", "audit", "limits", "mail", "body", "accounts", "upstream", "oauth", "erase"],
    ),
    // A family's ciphertext: the family plane. Of the account plane it knows the bearer and what is bound to it.
    ("member", &["store", "state", "limits", "accounts", "body", "log"]),
    ("log", &["store"]),
    // Who reads the recovery grant without a phone is told to the parents.
    ("keyring", &["member", "store", "state", "accounts", "body", "log", "mail", "audit"]),
    // Whose account comes into a further family is told.
    ("links", &["member", "store", "state", "accounts", "body", "log", "mail"]),
    // An entry carries a keyring and grants, and answers a link, in one request.
    ("families", &["member", "store", "state", "limits", "accounts", "body", "log", "keyring", "links"]),
    // A pull's last page carries what the family is told.
    ("records", &["member", "store", "state", "accounts", "body", "log", "families", "erase"]),
    ("blobs", FAMILY_DATA),
    // The end of an account, or of a family, reaches both planes.
    (
        "erase",
        &[
            "state", "store", "accounts", "member", "body", "log", "keyring", "families", "blobs", "mail",
            "audit",
        ],
    ),
    ("well_known", &["state"]),
    (
        "sweep",
        &["state", "store", "leap", "accounts", "log", "families", "links", "records", "blobs", "erase"],
    ),
    ("router", &["*"]),
    ("service", &["state", "router", "pages", "limits"]),
    ("serve", &["*"]),
    ("", &["*"]),
];
const FAMILY_DATA: &[&str] = &["member", "store", "state", "accounts", "body", "log", "families"];

/// Files that do no I/O, and the first segments of paths that would be I/O.
pub const PURE: &[&str] =
    &["core/src/crypto", "core/src/records/merge.rs", "core/src/records/document.rs", "protocol/src"];
/// What a pure file may not name.
pub const INPUT_OUTPUT: &[&str] =
    &["std::fs", "std::net", "std::process", "std::env", "tokio", "rusqlite", "reqwest"];

/// Where SQL of the core may stand, beside files and folders that are named after queries.
pub const SQL: &[&str] = &["core/src/records", "core/src/storage"];
/// First words of a statement, or of a part that is put into one.
pub const SQL_BEGINS: &[&str] = &[
    "SELECT",
    "INSERT",
    "REPLACE",
    "UPDATE",
    "DELETE",
    "WITH",
    "CREATE",
    "ALTER",
    "DROP",
    "PRAGMA",
    "ATTACH",
    "SAVEPOINT",
    "FROM",
    "JOIN",
    "WHERE",
    "ORDER",
    "GROUP",
    "LIMIT",
];

/// Names that mean nothing, or that hide three subjects in one file.
pub const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "common", "manager", "misc"];

/// Parts of column and field names under which a legal name, or a second word for a learner, would hide.
pub const FORBIDDEN_FIELDS: &[&str] = &[
    "legal_name",
    "real_name",
    "first_name",
    "last_name",
    "full_name",
    "given_name",
    "family_name",
    "surname",
    "birth",
    "pupil",
    "student",
];
