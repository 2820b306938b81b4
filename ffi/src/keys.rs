//! This phone's place in its family, joining by code, recovery words.
use crate::border::{Result, call, wait};
use crate::ids::Id;
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::keys;
use std::sync::Arc;

type Device = keys::Device;
type Place = keys::Place;
type Code = keys::Code;
type Scanned = keys::Scanned;
type AskDetails = keys::AskDetails;
type JoinState = keys::JoinState;
type PreviewLearner = keys::PreviewLearner;
type Choice = keys::Choice;
type LearnerChoice = keys::LearnerChoice;
type TakeOver = keys::TakeOver;
type RecoveryState = keys::RecoveryState;

/// One phone of the family, past ones included.
#[uniffi::remote(Record)]
pub struct Device {
    /// Its id.
    pub id: Id,
    /// Its number, as it stands in the family log.
    pub number: u32,
    /// What it calls itself; empty when that is unknown here.
    pub name: String,
    /// Whose it is; empty when that is unknown here.
    pub member: String,
    /// What the phone that added it calls itself; empty for the first one.
    pub added_by: String,
    /// When it was added, milliseconds since 1970 by the adder's clock; 0 when unknown.
    pub added_ms: u64,
    /// Whether it is this phone.
    pub this: bool,
    /// Whether it was removed.
    pub removed: bool,
}

/// This phone's place in its family.
#[uniffi::remote(Record)]
#[uniffi(name = "FamilyPlace")]
pub struct Place {
    /// The family.
    pub family: Id,
    /// The family space.
    pub space: Id,
    /// This device.
    pub device: Id,
    /// Its number, as it stands in stamps.
    pub device_no: u32,
    /// The server that holds the family's log; none until sync is turned on.
    pub server: Option<String>,
    /// The alarm: a server showed another history than the one this phone knows.
    pub history_differs: bool,
}

/// A code to show.
#[uniffi::remote(Record)]
pub struct Code {
    /// Which link it opens.
    pub link: Id,
    /// The QR code's bytes.
    pub payload: Vec<u8>,
    /// The QR code as an SVG picture, black on white.
    pub svg: String,
    /// An invite's secret to be sent as text, for an adult far away.
    pub text: Option<String>,
    /// When it ends, milliseconds since 1970.
    pub expires_ms: i64,
}

/// What a code was, once it was scanned or typed: an invite to a family of this server, or a new phone that asks.
#[uniffi::remote(Enum)]
pub enum Scanned {
    Invite { server: String },
    Ask { link: Id },
}

/// Who answers a link.
#[uniffi::remote(Record)]
pub struct AskDetails {
    /// The link.
    pub link: Id,
    /// What the new phone calls itself.
    pub device_name: String,
    /// The address that the new phone is signed in with, as the server says.
    pub email: Option<String>,
    /// The name of the family's member whose account it is; none for somebody new.
    pub member: Option<String>,
    /// Length of the membership log at this look.
    pub looked_at: u64,
}

/// How far joining has come on this phone.
#[uniffi::remote(Enum)]
pub enum JoinState {
    None,
    SignIn { server: String },
    Waiting,
    Ready,
    Expired,
}

/// A learner of the family that is about to be joined.
#[uniffi::remote(Record)]
pub struct PreviewLearner {
    /// Record id.
    pub id: Id,
    /// Nickname.
    pub nickname: String,
}

/// What the person is shown before anything on this phone changes.
#[derive(uniffi::Record)]
pub struct JoinPreview {
    /// The name of the phone that added this one.
    pub added_by: String,
    /// The family's learners.
    pub learners: Vec<PreviewLearner>,
}

impl From<keys::JoinPreview> for JoinPreview {
    fn from(preview: keys::JoinPreview) -> Self {
        Self { added_by: preview.added_by, learners: preview.learners }
    }
}

/// What becomes of one of this phone's learners.
#[uniffi::remote(Enum)]
pub enum Choice {
    SameAs(Id),
    Add,
    Leave,
}

/// The choice for one learner.
#[uniffi::remote(Record)]
pub struct LearnerChoice {
    /// This phone's learner.
    pub learner: Id,
    /// What becomes of it.
    pub choice: Choice,
}

/// What was taken along.
#[uniffi::remote(Record)]
pub struct TakeOver {
    /// Records that the family gets.
    pub added: u64,
    /// Learners and subjects that the family had already.
    pub same: u64,
    /// Records that stay on this phone.
    pub left: u64,
}

/// How the family stands to recovery words.
#[uniffi::remote(Enum)]
pub enum RecoveryState {
    None,
    Unconfirmed,
    Waiting,
    Set,
}

/// The room of keys.
#[derive(uniffi::Object)]
pub struct KeysClient {
    pub(crate) room: keys::KeysClient,
}

#[uniffi::export]
impl KeysClient {
    /// This phone's place in its family.
    ///
    /// # Errors
    /// As [`keys::KeysClient::place`].
    pub fn place(&self) -> Result<Place> {
        call(|| self.room.place())
    }

    /// Every phone of the family as this phone knows it; asks nobody.
    ///
    /// # Errors
    /// As [`keys::KeysClient::devices`].
    pub fn devices(&self) -> Result<Vec<Device>> {
        call(|| self.room.devices())
    }

    /// Turns sync on for this family. Safe to call again: what was done is not done twice.
    ///
    /// # Errors
    /// As [`keys::KeysClient::turn_on_sync`].
    pub async fn turn_on_sync(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.turn_on_sync().await }).await
    }

    /// Binds the present sign-in to this device again, as after signing in anew.
    ///
    /// # Errors
    /// As [`keys::KeysClient::bind`].
    pub async fn bind(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.bind().await }).await
    }

    /// Takes in what the membership log has beyond mine: devices, names, new keys.
    ///
    /// # Errors
    /// As [`keys::KeysClient::update`].
    pub async fn update(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.update().await }).await
    }

    /// Looks once more after the alarm that the server's history differs, and lifts it if it does no longer.
    ///
    /// # Errors
    /// As [`keys::KeysClient::look_again`].
    pub async fn look_again(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.look_again().await }).await
    }

    /// Finishes what an earlier run began. Call it at start and when the network comes back.
    ///
    /// # Errors
    /// As [`keys::KeysClient::resume_pending`].
    pub async fn resume_pending(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.resume_pending().await }).await
    }

    /// Calls this phone by another name, on every phone of the family.
    ///
    /// # Errors
    /// As [`keys::KeysClient::rename_device`].
    pub async fn rename_device(&self, name: String) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.rename_device(&name).await }).await
    }

    /// Opens a link and gives the code to show. `far_away`: to be sent as text, 48 hours instead of one.
    ///
    /// # Errors
    /// As [`keys::KeysClient::invite`].
    pub async fn invite(&self, far_away: bool) -> Result<Code> {
        let room = self.room.clone();
        wait(async move { room.invite(far_away).await }).await
    }

    /// Asks to join by a code that an enrolled phone scans. This phone must be signed in.
    ///
    /// # Errors
    /// As [`keys::KeysClient::ask`].
    pub async fn ask(&self) -> Result<Code> {
        let room = self.room.clone();
        wait(async move { room.ask().await }).await
    }

    /// Takes in what the camera saw.
    ///
    /// # Errors
    /// As [`keys::KeysClient::scan`].
    pub fn scan(&self, payload: Vec<u8>) -> Result<Scanned> {
        call(|| self.room.scan(&payload))
    }

    /// Takes in an invite that came as text.
    ///
    /// # Errors
    /// As [`keys::KeysClient::scan_text`].
    pub fn scan_text(&self, typed: String) -> Result<Scanned> {
        call(|| self.room.scan_text(&typed))
    }

    /// Looks at who answers a link that this phone showed or scanned; none while nobody has.
    ///
    /// # Errors
    /// As [`keys::KeysClient::pending`].
    pub async fn pending(&self, link: Id) -> Result<Option<AskDetails>> {
        let room = self.room.clone();
        wait(async move { room.pending(link).await }).await
    }

    /// Adds the device that was looked at. Call after the person confirmed with biometric or PIN.
    ///
    /// # Errors
    /// As [`keys::KeysClient::approve`].
    pub async fn approve(&self, details: AskDetails, member_name: String) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.approve(&details, &member_name).await }).await
    }

    /// Goes on with joining as far as it can, and says where it stands.
    ///
    /// # Errors
    /// As [`keys::KeysClient::join_state`].
    pub async fn join_state(&self) -> Result<JoinState> {
        let room = self.room.clone();
        wait(async move { room.join_state().await }).await
    }

    /// The family's learners and who added this phone, to be shown before anything is taken over.
    ///
    /// # Errors
    /// As [`keys::KeysClient::join_preview`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn join_preview(
        &self,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<JoinPreview> {
        let room = self.room.clone();
        let looking = async move { room.join_preview(token(cancel), heard_by(progress)).await };
        wait(looking).await.map(JoinPreview::from)
    }

    /// Joins. Every learner on this phone needs a choice. All of it happens, or nothing does; cancelled, nothing did.
    ///
    /// # Errors
    /// As [`keys::KeysClient::complete_join`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn complete_join(
        &self,
        choices: Vec<LearnerChoice>,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<TakeOver> {
        let room = self.room.clone();
        wait(async move { room.complete_join(&choices, token(cancel), heard_by(progress)).await }).await
    }

    /// Gives up joining. What is on this phone stays as it is.
    ///
    /// # Errors
    /// As [`keys::KeysClient::cancel_join`].
    pub fn cancel_join(&self) -> Result<()> {
        call(|| self.room.cancel_join())
    }

    /// Makes new recovery words, to be shown once. The old paper stays valid until these are confirmed.
    ///
    /// # Errors
    /// As [`keys::KeysClient::make_recovery_words`].
    pub fn make_recovery_words(&self) -> Result<Vec<String>> {
        call(|| self.room.make_recovery_words())
    }

    /// Puts the words in force, once the person typed them in again.
    ///
    /// # Errors
    /// As [`keys::KeysClient::confirm_recovery`].
    pub async fn confirm_recovery(&self, words: String) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.confirm_recovery(&words).await }).await
    }

    /// Lets the sign-in through whose page shows these ten digits: this phone stands in for a lost authenticator app.
    ///
    /// # Errors
    /// As [`keys::KeysClient::let_sign_in_through`].
    pub async fn let_sign_in_through(&self, digits: String) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.let_sign_in_through(&digits).await }).await
    }

    /// The same by the family's 12 words. `server` and `family` stand on the paper beside them.
    ///
    /// # Errors
    /// As [`keys::KeysClient::let_sign_in_through_by_words`].
    pub async fn let_sign_in_through_by_words(
        &self,
        server: String,
        family: Id,
        words: String,
        digits: String,
    ) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.let_sign_in_through_by_words(&server, family, &words, &digits).await }).await
    }

    /// Whether there is a recovery paper; asks nobody.
    ///
    /// # Errors
    /// As [`keys::KeysClient::recovery_state`].
    pub fn recovery_state(&self) -> Result<RecoveryState> {
        call(|| self.room.recovery_state())
    }
}
