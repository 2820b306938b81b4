//! A phone as the server knows one: an id, two keys, a sign-in; and the log that it holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_protocol::family::{
    AppendRequest, FoundRequest, LogLength, OrderRequest, PROOF_HEADER, ProofNonce, ProofRequest,
};
use kinfolio_protocol::grant::{Grant, GrantKind, Recipient};
use kinfolio_protocol::labels::keyring_hash;
use kinfolio_protocol::link::{LinkKind, LinkPost, LinkRequest};
use kinfolio_protocol::log::{
    AddDevice, Body as EntryBody, Change, Entry, Epoch, Log, Role, SetRecovery, Signer,
};
use kinfolio_protocol::sign::{self, SigningKey};
use kinfolio_protocol::sync::{PURGE_HEADER, PushItem, PushRequest, PushResponse};
use kinfolio_protocol::{DeviceId, FamilyId, Hash32, LinkId, MemberId, RecordId, SpaceId, encode};

use super::{Answer, Body, Server, SignIn, os_random};

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    os_random()
}

/// A signing key from one byte.
pub fn key_of(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// Bytes that look sealed to a server.
pub fn sealed(length: usize) -> Vec<u8> {
    let mut bytes = vec![0x5a; length];
    let fresh = random::<32>();
    let at = length.min(32);
    bytes[..at].copy_from_slice(&fresh[..at]);
    bytes
}

/// A device with its keys and its sign-in.
#[derive(Clone)]
pub struct Phone {
    /// Its id.
    pub device: DeviceId,
    /// Whose it is.
    pub member: MemberId,
    /// Its signing key.
    pub key: SigningKey,
    /// Its X25519 public key; to a server any 32 bytes.
    pub kem_pk: [u8; 32],
    /// Its sign-in.
    pub who: SignIn,
}

impl Phone {
    /// A phone of a new member.
    pub fn new(who: SignIn) -> Self {
        Self {
            device: DeviceId(random()),
            member: MemberId(random()),
            key: SigningKey::from_bytes(&random()),
            kem_pk: random(),
            who,
        }
    }

    /// Its public signing key.
    pub fn sign_pk(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// A proof for a nonce that this server gave.
    pub async fn proof(&self, server: &Server, family: FamilyId) -> ProofRequest {
        let nonce: ProofNonce =
            server.call(&self.who, "POST", "/device-proof/nonce", Body::None).await.is(200).read();
        assert_eq!(nonce.sign_in, self.who.id);
        let message = sign::device_proof(server.issuer(), family, self.device, self.who.id, &nonce.nonce);
        let signature = sign::sign(&self.key, &message);
        ProofRequest { family, device: self.device, nonce: nonce.nonce, signature }
    }

    /// An order over a nonce that this server gave, signed by this device.
    pub async fn order(&self, server: &Server, family: FamilyId, message: Order) -> OrderRequest {
        let signer = Signer::Device(self.device);
        order(server, &self.who, family, signer, &self.key, message).await
    }

    /// What founds again a family that was erased: the log, and a proof of this device.
    pub async fn founding_again(&self, server: &Server, family: &Family) -> Body {
        let proof = encode(&self.proof(server, family.id).await);
        Body::Headed(encode(&family.request()), PROOF_HEADER, URL_SAFE_NO_PAD.encode(proof))
    }

    /// Binds the sign-in to this device.
    pub async fn bind(&self, server: &Server, family: FamilyId) {
        let proof = self.proof(server, family).await;
        server.call(&self.who, "POST", "/device-proof", &proof).await.is(204);
    }
}

/// What an order signs, by issuer, family and nonce.
pub type Order = fn(&str, FamilyId, &[u8; 32]) -> Vec<u8>;

/// An order over a nonce that this server gave to `who`, signed by any key in any name.
pub async fn order(
    server: &Server,
    who: &SignIn,
    family: FamilyId,
    signer: Signer,
    key: &SigningKey,
    message: Order,
) -> OrderRequest {
    let nonce: ProofNonce = server.call(who, "POST", "/device-proof/nonce", Body::None).await.is(200).read();
    let signature = sign::sign(key, &message(server.issuer(), family, &nonce.nonce));
    OrderRequest { signer, nonce: nonce.nonce, signature }
}

/// The change that adds a phone.
pub fn add(phone: &Phone, role: Role) -> Change {
    Change::AddDevice(AddDevice {
        device: phone.device,
        member: phone.member,
        role,
        kem_pk: phone.kem_pk,
        sign_pk: phone.sign_pk(),
    })
}

/// The change that gives a space an epoch.
pub fn epoch(space: SpaceId, epoch: u32, head_seq: u64) -> Change {
    Change::Epoch(Epoch { space, epoch, commitment: Hash32(random()), head_seq })
}

/// The change that sets a recovery key.
pub fn recovery(key: &SigningKey) -> Change {
    Change::SetRecovery(SetRecovery { kem_pk: random(), sign_pk: key.verifying_key().to_bytes() })
}

/// One new record under epoch 1.
pub fn record() -> PushItem {
    PushItem {
        record: RecordId(random()),
        base_seq: 0,
        format: 1,
        epoch: 1,
        purge: false,
        ciphertext: sealed(600),
    }
}

/// A family that a phone founded, with the log as that phone holds it.
#[derive(Clone)]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// The space that holds everything.
    pub space: SpaceId,
    /// The verified log.
    pub log: Log,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The sealed keyring of the newest entry.
    pub keyring: Vec<u8>,
}

impl Family {
    /// A family on a phone, not yet on any server.
    pub fn at_home(phone: &Phone) -> Self {
        let (id, space, keyring) = (FamilyId(random()), SpaceId(random()), sealed(512));
        let body = EntryBody {
            family: id,
            number: 1,
            previous: Hash32::ZERO,
            changes: vec![Change::Found(space), add(phone, Role::Parent), epoch(space, 1, 0)],
            keyring: keyring_hash(&keyring),
            signer: Signer::Device(phone.device),
        };
        let entry = Entry::sign(body, &phone.key, None);
        Self { id, space, log: Log::found(&entry).unwrap(), entries: vec![entry], keyring }
    }

    /// What uploads it.
    pub fn request(&self) -> FoundRequest {
        FoundRequest {
            log: self.entries.clone(),
            keyring: self.keyring.clone(),
            grants: Vec::new(),
            recovery: None,
        }
    }

    /// Founds a family on a server and binds the phone.
    pub async fn founded(server: &Server, phone: &Phone) -> Self {
        let family = Self::at_home(phone);
        server.call(&phone.who, "POST", "/families", &family.request()).await.is(201);
        phone.bind(server, family.id).await;
        family
    }

    /// A path below this family.
    pub fn path(&self, rest: &str) -> String {
        format!("/families/{}{rest}", self.id)
    }

    /// The next entry's request, signed by `phone` with a grant to itself; not taken by this copy of the log.
    pub fn next(&self, phone: &Phone, changes: Vec<Change>, paper: Option<&SigningKey>) -> AppendRequest {
        let keyring = sealed(512);
        let body = EntryBody {
            family: self.id,
            number: self.log.length() + 1,
            previous: self.log.head().hash,
            changes,
            keyring: keyring_hash(&keyring),
            signer: Signer::Device(phone.device),
        };
        let number = body.number;
        AppendRequest {
            entry: Entry::sign(body, &phone.key, paper),
            keyring,
            grants: vec![self.grant(phone, number, GrantKind::Member, Recipient::Device(phone.device))],
            recovery: None,
            link: None,
        }
    }

    /// A grant that a server cannot tell from a real one.
    pub fn grant(&self, from: &Phone, number: u64, kind: GrantKind, to: Recipient) -> Grant {
        Grant {
            kind,
            number,
            sender: Signer::Device(from.device),
            recipient: to,
            enc: random(),
            ciphertext: sealed(200),
        }
    }

    /// Sends an entry and takes it into this copy of the log.
    pub async fn append(&mut self, server: &Server, phone: &Phone, request: &AppendRequest) -> LogLength {
        let answer = server.call(&phone.who, "POST", &self.path("/log"), request).await.is(200);
        self.log.apply(&request.entry).unwrap();
        self.entries.push(request.entry.clone());
        self.keyring = request.keyring.clone();
        answer.read()
    }

    /// Joins a second phone by an invite link, and binds it.
    pub async fn joined(&mut self, server: &Server, by: &Phone, phone: &Phone, role: Role) {
        let link = LinkId(random());
        let open = LinkRequest { kind: LinkKind::Invite, family: Some(self.id), expires_s: 3600, post: None };
        server.call(&by.who, "PUT", &format!("/links/{link}"), &open).await.is(204);
        server.call(&phone.who, "PUT", &format!("/links/{link}/post"), &post_of(phone)).await.is(204);
        let mut request = self.next(by, vec![add(phone, role)], None);
        let number = request.entry.body().number;
        request.grants.push(self.grant(by, number, GrantKind::Join, Recipient::Device(phone.device)));
        request.link = Some(link);
        self.append(server, by, &request).await;
        phone.bind(server, self.id).await;
    }

    /// Opens a share; returns its space.
    pub async fn share(&mut self, server: &Server, by: &Phone) -> SpaceId {
        let space = SpaceId(random());
        let request = self.next(by, vec![epoch(space, 1, 0)], None);
        self.append(server, by, &request).await;
        space
    }

    /// Pushes records into the family space; the phone signs for what it purges.
    pub async fn push(&self, server: &Server, phone: &Phone, records: Vec<PushItem>) -> Answer {
        let request = PushRequest { push_no: 1, if_head: None, records };
        let order = sign::purge(server.issuer(), self.id, self.space, &request);
        let body = match order.map(|order| sign::sign(&phone.key, &order)) {
            Some(signed) => Body::Headed(encode(&request), PURGE_HEADER, URL_SAFE_NO_PAD.encode(signed)),
            None => Body::from(&request),
        };
        server.call(&phone.who, "POST", &self.path(&format!("/spaces/{}/push", self.space)), body).await
    }

    /// Pushes records that are all stored; returns the reply.
    pub async fn stored(&self, server: &Server, phone: &Phone, records: Vec<PushItem>) -> PushResponse {
        self.push(server, phone, records).await.is(200).read()
    }
}

/// What a new phone posts.
pub fn post_of(phone: &Phone) -> LinkPost {
    LinkPost {
        device: phone.device,
        kem_pk: phone.kem_pk,
        sign_pk: phone.sign_pk(),
        sealed_name: sealed(60),
        mac: random(),
    }
}
