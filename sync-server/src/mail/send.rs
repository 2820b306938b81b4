//! Handing one mail over: to a folder as an .eml file, or to an SMTP server.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};

use super::smtp::{self, Failure};
use crate::config::{Config, MailTarget, StartError};
use crate::hex::hex;
use crate::origin::Origin;

/// Where mail goes.
pub(crate) struct Sender {
    from: Mailbox,
    host: String,
    way: Way,
}

enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Sender {
    /// Checks the target at start, so that a wrong one is not found out by the first parent.
    pub(crate) fn open(config: &Config, origin: &Origin) -> Result<Self, StartError> {
        let way = match &config.mail {
            MailTarget::Folder(folder) => {
                fs::create_dir_all(folder).map_err(|error| {
                    StartError::Config(format!("the mail folder cannot be made: {error}"))
                })?;
                Way::Folder(folder.clone())
            }
            MailTarget::Unreadable => {
                return Err(StartError::Config(
                    "--mail cannot be read: use dir:FOLDER or smtp://user:password@host:587".into(),
                ));
            }
            MailTarget::Smtp(url) => Way::Smtp(smtp::transport(url, config.mail_ca.as_deref())?),
        };
        let host = origin.host().rsplit_once(':').map_or(origin.host(), |(host, _)| host);
        // A bare address needs brackets in a mail's domain.
        let domain = match host.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
            Ok(_) => "localhost.localdomain",
            Err(_) if host.contains('.') => host,
            Err(_) => "localhost.localdomain",
        };
        let from = config.mail_from.clone().unwrap_or_else(|| format!("Kinfolio <kinfolio@{domain}>"));
        let from =
            from.parse().map_err(|_| StartError::Config("the sender of mail is not an address".into()))?;
        Ok(Self { from, host: domain.to_owned(), way })
    }

    /// Hands one mail over. `id` names it, so that a second try is the same mail.
    pub(crate) async fn send(
        &self,
        id: [u8; 16],
        to: &str,
        subject: &str,
        body: &str,
        created_us: i64,
    ) -> Result<(), Failure> {
        // Many mail servers take no letters beyond ASCII in an address: that one mail fails then, and no other waits.
        let plain = to.is_ascii();
        let to = to.parse().map_err(|_| Failure::of_mail("a recipient is no address"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_micros(created_us.unsigned_abs()))
            .message_id(Some(format!("<{}@{}>", hex(&id), self.host)))
            .singlepart(SinglePart::plain(body.to_owned()))
            .map_err(|_| Failure::of_mail("a mail cannot be composed"))?;
        match &self.way {
            Way::Smtp(transport) => {
                transport.send(message).await.map(|_| ()).map_err(|error| match error.is_client() && !plain {
                    true => Failure::of_mail("the mail server takes no such address"),
                    false => Failure::from(&error),
                })
            }
            Way::Folder(folder) => {
                let name = format!("{}-{}", created_us / 1000, hex(&id));
                write_file(folder, &name, &message.formatted())
                    .map_err(|error| Failure::of_server(format!("a mail cannot be written: {error}")))
            }
        }
    }
}

/// Whole or not at all: readers watch the folder for `.eml`.
fn write_file(folder: &std::path::Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let fresh = folder.join(format!("{name}.new"));
    let mut file = fs::File::create(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, folder.join(format!("{name}.eml")))
}
