//! What the demo asks of a phone, as lines of JSON on its standard input.
use serde::{Deserialize, Serialize};

/// One wish. The phone answers with one line: `{"ok": …}` or `{"error": "…"}`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Ask {
    /// Turns the network on or off.
    Network { on: bool },
    /// Begins a sign-in; answers with the address to open.
    Begin { server: String },
    /// Finishes it with the address that the browser came back to.
    Finish { callback: String },
    /// Uploads the family's log and binds this phone.
    TurnOnSync,
    /// Makes the recovery words and puts them in force; answers with them.
    Recovery,
    /// Writes the year of two learners, with photos from a folder.
    WriteYear { camera: String },
    /// Writes one learner and one entry.
    WriteLearner { nickname: String, note: String },
    /// Writes this many short entries for the last learner.
    WriteNotes { count: u32, words: String },
    /// Sends and fetches everything; each request waits this long before and after it is sent.
    Sync { slow_ms: u64 },
    /// Shows an invite; answers with its link and bytes.
    Invite,
    /// Scans an invite's bytes.
    Scan { payload: Vec<u8> },
    /// How far joining has come.
    JoinState,
    /// Looks at who wants to join and says yes.
    Approve { link: [u8; 16], member: String },
    /// Joins; nothing on this phone needs a choice.
    CompleteJoin,
    /// Orders that the server's copy of the family is erased, or calls that off.
    Erase { order: bool },
    /// When the server's copy will be erased, as this phone knows.
    Erasure,
    /// Everything that this phone shows.
    Show,
    /// Writes every photo as it is shown into a folder.
    SavePhotos { folder: String },
    /// Puts words before or after an entry's note.
    EditNote { entry: String, before: String, after: String },
    /// Puts an entry into the trash.
    Trash { entry: String },
    /// Writes the portfolio of a learner.
    Portfolio { learner: String, real_name: Option<String>, path: String },
    /// The ids of this phone's family, as the server knows them.
    Ids,
    /// A request with this phone's own sign-in; answers with status and body.
    Raw { method: String, path: String, body: Vec<u8> },
}
