//! One random history: a family's phones, what they do, what goes wrong, and what must hold at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kinfolio_core::entries::{Entry, EntryDraft, EntryEdit, LearnerLine};
use kinfolio_core::error::Error;
use kinfolio_core::ids::EntryId;
use kinfolio_core::learners::NewLearner;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use support::line::{Fate, Line};
use support::phone::{Content, Phone};
use support::server::InProcess;

use super::typist::Typed;
use super::{Counts, add};

/// Fault-free rounds in which everything must have found its way.
const ROUNDS: usize = 3;

pub struct Family {
    seed: u64,
    random: StdRng,
    phones: Vec<Phone>,
    lines: Vec<Arc<Line>>,
    typed: Typed,
    /// Entries that a phone edited, and that it trashed, since it last synced.
    unseen_edits: Vec<BTreeSet<EntryId>>,
    unseen_trash: Vec<BTreeSet<EntryId>>,
    counts: Arc<Counts>,
}

impl Family {
    pub async fn new(seed: u64, server: &InProcess, counts: Arc<Counts>) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let number = random.random_range(2..=5);
        let lines: Vec<_> = (0..number).map(|_| Line::to(server.router())).collect();
        let phones: Vec<_> = lines
            .iter()
            .enumerate()
            .map(|(n, line)| Phone::new(&format!("phone {n}"), line.clone()))
            .collect();
        let mut browser = server.browser();
        phones[0]
            .found_family(&mut browser, server.base(), &format!("ann{seed}@example.org"), &server.mail())
            .await;
        for nickname in ["Hedgehog", "Otter"] {
            let new = NewLearner { nickname: nickname.into(), ..NewLearner::default() };
            phones[0].client().learners().add(new).expect("a learner");
        }
        for phone in &phones[1..] {
            phone.authorize(&mut browser, server.base()).await;
            phone.join(&phones[0]).await;
        }
        // From here on clocks differ, by up to two hours.
        for phone in &phones {
            phone.clock().advance(random.random_range(-7_200_000..7_200_000));
        }
        add(&counts.phones, number as u64);
        let none = vec![BTreeSet::new(); number];
        Self {
            seed,
            random,
            phones,
            lines,
            typed: Typed::default(),
            unseen_edits: none.clone(),
            unseen_trash: none,
            counts,
        }
    }

    /// Lives, then everything must have come together.
    pub async fn live(mut self) {
        for _ in 0..self.random.random_range(25..50) {
            let phone = self.random.random_range(0..self.phones.len());
            self.phones[phone].clock().advance(self.random.random_range(1..60_000));
            match self.random.random_range(0..10) {
                0..7 => self.edit(phone),
                _ => self.sync(phone).await,
            }
        }
        self.come_together().await;
    }

    fn edit(&mut self, phone: usize) {
        add(&self.counts.edits, 1);
        let entries = self.phones[phone].client().entries();
        let content = self.phones[phone].content();
        let Some(entry) = pick(&mut self.random, &content) else { return self.write_new(phone, &content) };
        let id = entry.id;
        if entry.trashed_at.is_some() && self.random.random_bool(0.5) {
            self.unseen_edits[phone].insert(id);
            return entries.restore(id).expect("restored");
        }
        if entry.trashed_at.is_some() {
            return self.write_new(phone, &content);
        }
        let mut edit = EntryEdit::default();
        let mut strokes = None;
        match self.random.random_range(0..11) {
            0 => return self.write_new(phone, &content),
            1..6 => {
                let change = self.typed.change(&entry.note, &mut self.random);
                edit.note = Some(change.note.clone());
                strokes = Some(change);
            }
            6 => edit.title = Some(format!("title {}", self.random.random_range(0..1000))),
            7 => edit.starred = Some(!entry.starred),
            8 => {
                let mut tags: BTreeSet<String> = entry.tags.into_iter().collect();
                let tag = format!("tag{}", self.random.random_range(0..4));
                if !tags.remove(&tag) {
                    tags.insert(tag);
                }
                edit.tags = Some(tags.into_iter().collect());
            }
            9 => {
                let line = format!("line {}", self.random.random_range(0..1000));
                let one = content.learners.values().collect::<Vec<_>>();
                let Some(learner) = one.choose(&mut self.random) else { return };
                edit.learners = Some(vec![LearnerLine { learner: learner.id, line }]);
            }
            _ => {
                self.unseen_trash[phone].insert(id);
                self.count_clash(phone, id, true);
                return entries.trash(id).expect("trashed");
            }
        }
        self.unseen_edits[phone].insert(id);
        self.count_clash(phone, id, false);
        entries.update(id, edit).expect("kept");
        if let Some(strokes) = strokes {
            self.typed.kept(id, strokes);
        }
    }

    fn write_new(&mut self, phone: usize, content: &Content) {
        let strokes = self.typed.change("", &mut self.random);
        let learners = content.learners.values().map(|learner| learner.id);
        let draft = EntryDraft {
            learned_on: format!("2026-05-{:02}", self.random.random_range(1..29)),
            title: "new".into(),
            note: strokes.note.clone(),
            on_record: self.random.random_bool(0.7),
            learners: learners.map(|learner| LearnerLine { learner, line: String::new() }).collect(),
            ..EntryDraft::default()
        };
        let id = self.phones[phone].client().entries().create(draft).expect("kept").id;
        self.typed.kept(id, strokes);
    }

    fn count_clash(&self, phone: usize, id: EntryId, trashing: bool) {
        let others = if trashing { &self.unseen_edits } else { &self.unseen_trash };
        let clash = others.iter().enumerate().any(|(other, seen)| other != phone && seen.contains(&id));
        add(&self.counts.edits_against_trash, u64::from(clash));
    }

    /// One sync, in which something may go wrong, and during which somebody may go on typing.
    async fn sync(&mut self, number: usize) {
        let (fate, at) = match self.random.random_range(0..10) {
            0..4 => (Fate::Answered, 0),
            4 => (Fate::Lost, self.random.random_range(0..3)),
            5..7 => (Fate::ReplyLost, self.random.random_range(0..3)),
            7 => (Fate::DiesBefore, self.random.random_range(0..3)),
            _ => (Fate::DiesAfter, self.random.random_range(0..3)),
        };
        let busy = self.random.random_bool(0.3);
        let Self { phones, lines, typed, random, counts, unseen_edits, unseen_trash, .. } = self;
        let (phone, line) = (&phones[number], &lines[number]);
        let (lost, before) = (line.lost_replies(), phone.client().sync().report());
        let mut requests = 0..;
        line.decide(move |_| if requests.next() == Some(at) { fate } else { Fate::Answered });
        let went_well = AtomicBool::new(false);
        let syncing = async { went_well.store(phone.try_sync().await.is_ok(), Ordering::SeqCst) };
        let typing = async {
            if busy && let Some(entry) = pick(random, &phone.content()) {
                for _ in 0..random.random_range(0..20) {
                    tokio::task::yield_now().await;
                }
                // As an editor does that was opened before the sync began.
                let strokes = typed.change(&entry.note, random);
                let note = Some(strokes.note.clone());
                let edit = EntryEdit { note, base: Some(entry.clone()), ..EntryEdit::default() };
                match phone.client().entries().update(entry.id, edit) {
                    Ok(_) => typed.kept(entry.id, strokes),
                    // Trashed by somebody, and told so: the person restores it first.
                    Err(error) => assert!(matches!(error, Error::InvalidInput(_)), "{error}"),
                }
                add(&counts.edits_during_sync, 1);
            }
        };
        let died = tokio::select! {
            biased;
            () = line.death() => true,
            _ = async { tokio::join!(syncing, typing) } => false,
        };
        if went_well.load(Ordering::SeqCst) {
            unseen_edits[number].clear();
            unseen_trash[number].clear();
        }
        let after = phone.client().sync().report();
        add(&counts.conflicts, after.conflicts - before.conflicts);
        add(&counts.merges, after.merged - before.merged);
        add(&counts.lost_replies, line.lost_replies() - lost);
        add(&counts.lost_requests, u64::from(fate == Fate::Lost));
        line.mend();
        if died {
            add(&self.counts.crashes, 1);
            self.phones[number].reopen();
        }
    }

    /// Nothing goes wrong any more: all phones find to the same content, and then have nothing to say.
    async fn come_together(&mut self) {
        let seed = self.seed;
        for _ in 0..ROUNDS {
            for phone in &self.phones {
                phone.sync().await;
            }
        }
        for phone in &self.phones {
            let overview = phone.client().sync().overview().expect("an overview");
            assert_eq!((overview.waiting_records, overview.quarantined), (0, 0), "seed {seed}");
        }
        let said: Vec<u64> = self.lines.iter().map(|line| line.requests()).collect();
        for phone in &self.phones {
            phone.sync().await;
        }
        for (line, said) in self.lines.iter().zip(said) {
            assert_eq!(line.requests() - said, 1, "seed {seed}: an idle phone asks once and sends nothing");
        }
        let contents: Vec<Content> = self.phones.iter().map(Phone::content).collect();
        for other in &contents[1..] {
            assert_eq!(&contents[0], other, "seed {seed}");
        }
        let characters = self.typed.check(&contents[0].entries);
        add(&self.counts.characters, characters.unwrap_or_else(|lost| panic!("seed {seed}: {lost}")));
    }
}

fn pick(random: &mut StdRng, content: &Content) -> Option<Entry> {
    let entries: &BTreeMap<_, _> = &content.entries;
    let at = random.random_range(0..entries.len().max(1));
    entries.values().nth(at).cloned()
}
