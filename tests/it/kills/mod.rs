//! Two phones that work without pause and their server, each a process, killed 200 times at random instants inside
//! saving, taking in photos, pushing and pulling, the server too while a phone pulls: nothing that was acknowledged is
//! lost.

mod child;
mod purging;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kinfolio_core::attachments::Size;
use kinfolio_core::http::Reqwest;
use kinfolio_core::ids::AttachmentId;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};
use support::browser::Browser;
use support::phone::Phone;
use support::server::Process;
use tempfile::TempDir;

use child::Child;

/// Kills in one run; KINFOLIO_KILLS asks for another number.
const KILLS: usize = 200;

/// What a phone said was done.
#[derive(Default)]
struct Acknowledged {
    /// Words by the entry that they were typed into.
    words: Vec<([u8; 16], String)>,
    /// SHA-256 of the larger copy, by attachment.
    photos: BTreeMap<[u8; 16], [u8; 32]>,
}

impl Acknowledged {
    fn hear(&mut self, said: &[String]) {
        for line in said {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["did", "save", id, word] => self.words.push((unhex(id), (*word).to_owned())),
                ["did", "import", id, hash] => drop(self.photos.insert(unhex(id), unhex(hash))),
                _ => {}
            }
        }
    }

    /// Every word stands once in its note, every photo is there byte by byte.
    fn check(&self, phone: &Phone, why: &str) {
        let content = phone.content();
        for (id, word) in &self.words {
            let entry = content.entries.get(id).unwrap_or_else(|| panic!("{why}: an entry is lost: {word}"));
            assert_eq!(entry.note.matches(word.as_str()).count(), 1, "{why}: {word} in {}", entry.note);
        }
        for (id, hash) in &self.photos {
            let bytes = phone.client().attachments().read(AttachmentId(*id), Size::Display);
            let bytes = bytes.unwrap_or_else(|error| panic!("{why}: a photo is lost: {error}"));
            assert_eq!(&Sha256::digest(bytes)[..], hash, "{why}: a photo was changed");
        }
    }
}

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hex"))
}

/// What the next kill aims at: whose process, inside what, and how long that usually takes.
fn aim(random: &mut StdRng) -> (Victim, &'static str, Duration) {
    let aims = [
        (Victim::Phone, "save", 3_000),
        (Victim::Phone, "import", 60_000),
        (Victim::Phone, "push", 4_000),
        (Victim::Phone, "pull", 3_000),
        (Victim::Phone, "upload", 3_000),
        (Victim::Server, "push", 3_000),
        (Victim::Server, "pull", 2_000),
        (Victim::Server, "upload", 3_000),
    ];
    let (victim, kind, micros) = *aims.choose(random).expect("an aim");
    (victim, kind, Duration::from_micros(random.random_range(0..micros)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Phone,
    Server,
}

fn serve(folder: &Path, address: &str) -> Process {
    Process::start_with(folder, &["--listen", address], &[])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_that_was_acknowledged() {
    let kills =
        std::env::var("KINFOLIO_KILLS").map_or(KILLS, |asked| asked.parse().expect("a number of kills"));
    let began = Instant::now();
    let mut random = StdRng::seed_from_u64(7);
    let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a folder");
    let mut server = serve(folder.path(), "127.0.0.1:0");
    // The phones know the server by its address: it must come back there.
    let address = server.base().trim_start_matches("http://").to_owned();
    let transport = || Arc::new(Reqwest::default());
    let mut phones = ["Ann", "Ben"].map(|name| Phone::in_files(name, transport()));
    let mut browser = Browser::new(server.base());
    let base = server.base().to_owned();
    phones[0].found_family(&mut browser, &base, "ann@example.org", &folder.path().join("mail")).await;
    phones[1].authorize(&mut browser, &base).await;
    phones[1].join(&phones[0]).await;
    let mut children = phones.each_mut().map(|phone| {
        phone.close();
        Child::start(phone)
    });
    let mut acknowledged = [Acknowledged::default(), Acknowledged::default()];
    let mut in_flight = BTreeMap::<String, usize>::new();
    let mut hits = 0;
    for kill in 0..kills {
        let (victim, kind, after) = aim(&mut random);
        let number = random.random_range(0..2);
        children[number].wait_for_begin(kind);
        std::thread::sleep(after);
        match victim {
            Victim::Phone => {
                let said = children[number].kill();
                let caught = child::under_way(&said);
                let mut newly = Acknowledged::default();
                newly.hear(&said);
                acknowledged[number].hear(&said);
                hits += usize::from(caught.iter().any(|what| what != "other" && what != "fetch"));
                caught.iter().for_each(|what| *in_flight.entry(format!("phone/{what}")).or_default() += 1);
                phones[number].reopen();
                newly.check(&phones[number], &format!("kill {kill}, {kind}"));
                phones[number].close();
                children[number] = Child::start(&phones[number]);
            }
            Victim::Server => {
                let caught: Vec<String> = children.iter().flat_map(|child| child.under_way()).collect();
                server.kill();
                // A pull writes nothing here: a kill inside one counts only if a phone was also sending.
                hits += usize::from(caught.iter().any(|what| what == "push" || what == "upload"));
                caught
                    .iter()
                    .filter(|what| !["save", "import"].contains(&what.as_str()))
                    .for_each(|what| *in_flight.entry(format!("server/{what}")).or_default() += 1);
                server = serve(folder.path(), &address);
            }
        }
    }
    for (number, child) in children.iter_mut().enumerate() {
        acknowledged[number].hear(&child.kill());
        phones[number].reopen();
    }
    // Both go on where they were, and a new phone gets everything from the server alone.
    for _ in 0..3 {
        for phone in &phones {
            phone.sync().await;
        }
    }
    let carol = Phone::new("Carol", transport());
    carol.authorize(&mut browser, &base).await;
    carol.join(&phones[0]).await;
    carol.sync().await;
    for said in &acknowledged {
        said.check(&carol, "a new phone");
        phones.iter().for_each(|phone| said.check(phone, "at the end"));
    }
    assert_eq!(carol.content(), phones[0].content());
    assert_eq!(carol.content(), phones[1].content());
    let (words, photos): (usize, usize) = (
        acknowledged.iter().map(|said| said.words.len()).sum(),
        acknowledged.iter().map(|said| said.photos.len()).sum(),
    );
    println!(
        "{kills} kills in {:.0?}, a write in flight in {hits}, {words} saves and {photos} photos acknowledged, in flight: {in_flight:?}",
        began.elapsed()
    );
    if kills >= KILLS {
        assert!(hits * 10 >= kills * 8, "a write was in flight in only {hits} of {kills}");
        for kind in ["phone/save", "phone/import", "phone/push", "phone/pull", "server/push", "server/pull"] {
            let count = in_flight.get(kind).copied().unwrap_or_default();
            assert!(count >= 15, "only {count} kills inside {kind}");
        }
    }
}
