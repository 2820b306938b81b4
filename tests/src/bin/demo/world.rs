//! What the steps share: folders, the server, phones, people, and everything that the server must never learn.
use std::path::PathBuf;

use anyhow::Result;
use serde_json::Value;
use support::authenticator::Authenticator;
use support::server::Process;
use tokio::runtime::Runtime;

use crate::folders::Folders;
use crate::phone::Phone;
use crate::phone::asks::Ask;
use crate::say::Story;
use crate::search::Needle;

/// Somebody with an account.
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub password: &'static str,
}

pub const ANN: Person =
    Person { name: "Ann Marlow", email: "ann@marlow.example", password: "kettle drum under the willow" };
pub const BEN: Person =
    Person { name: "Ben Okafor", email: "ben@okafor.example", password: "seven grey geese on a roof" };

/// Printed in one file and kept nowhere.
pub const REAL_NAME: &str = "Zoë O'Neill";

/// The stage.
pub struct World {
    pub folders: Folders,
    pub story: Story,
    pub server: Process,
    pub runtime: Runtime,
    pub needles: Vec<Needle>,
    pub engine: String,
    /// Ann's, once she switched two-step sign-in on.
    pub authenticator: Option<Authenticator>,
}

impl World {
    /// A phone with a folder and a capture file of its own.
    pub fn phone(&self, folder: &str, name: &str) -> Result<Phone> {
        Phone::start(&self.folders.path(folder), &self.captured(folder), name)
    }

    /// Where a phone's bodies go.
    pub fn captured(&self, folder: &str) -> PathBuf {
        self.folders.path("captured").join(format!("{folder}.bin"))
    }

    /// The server must never learn this.
    pub fn secret(&mut self, what: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.needles.push(Needle::new(what, bytes));
    }

    /// Signs a phone in through the real pages: registers first if the account is new; types a code where one is asked for.
    pub fn sign_in(&mut self, phone: &mut Phone, person: &Person, new: bool) -> Result<()> {
        let begin = Ask::Begin { server: self.server.base().to_owned() };
        let address = phone.ask(&begin)?;
        let address = address.as_str().unwrap_or_default();
        let mail = self.folders.path("mail");
        let callback = self.runtime.block_on(async {
            let mut browser = support::browser::Browser::new(self.server.base());
            if new {
                browser.register(person.email, person.password, &mail).await;
                browser.authorize(address).await
            } else {
                let page = browser.get(address).await;
                let page = browser.follow(page).await;
                let fields = [("email", person.email), ("password", person.password)];
                let page = browser.fill(&page, "/login", &fields).await;
                let page = match &self.authenticator {
                    // The one before was used to switch it on.
                    Some(app) => browser.fill(&page, "/login/totp", &[("code", &app.next())]).await,
                    None => page,
                };
                browser.confirm(&page).await
            }
        });
        let email = phone.ask(&Ask::Finish { callback })?;
        self.story.check(email == person.email, format!("the phone is signed in as {}", person.email))
    }
}

/// The entries of what a phone shows.
pub fn entries(shown: &Value) -> &[Value] {
    shown["entries"].as_array().map_or(&[], Vec::as_slice)
}

/// One entry of it.
pub fn entry<'a>(shown: &'a Value, id: &str) -> &'a Value {
    entries(shown).iter().find(|entry| entry["id"] == id).unwrap_or(&Value::Null)
}

/// All photos of it.
pub fn photos(shown: &Value) -> Vec<&Value> {
    entries(shown).iter().filter_map(|entry| entry["photos"].as_array()).flatten().collect()
}

/// A text of an answer.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
