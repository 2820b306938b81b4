//! Every route of the family plane with ids and a body that its owner would send. A route without a row fails.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_protocol::blob::{BlobCompleteRequest, BlobRequest, root};
use kinfolio_protocol::family::{GrantsRequest, SealedKeyring};
use kinfolio_protocol::grant::{GrantKind, Recipient};
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::link::{LinkKind, LinkRequest};
use kinfolio_protocol::purge::BlobsRequest;
use kinfolio_protocol::sync::{PURGE_HEADER, PushRequest};
use kinfolio_protocol::{BlobId, LinkId, SpaceId, encode, sign};
use kinfolio_server::router::{Plane, routes};
use support::plane::{Body, Family, Phone, Server, post_of, random, record, recovery, sealed};

/// A household on a server: a phone, its family, a blob of one part, an open invite, a recovery key with its grant.
#[derive(Clone)]
pub struct Household {
    pub phone: Phone,
    pub family: Family,
    pub blob: BlobId,
    pub part: Vec<u8>,
    pub link: LinkId,
    issuer: String,
}

/// What a request names. Each field can be this household's or another's.
#[derive(Clone, Copy)]
pub struct Names {
    pub family: kinfolio_protocol::FamilyId,
    pub space: SpaceId,
    pub blob: BlobId,
    pub link: LinkId,
}

impl Household {
    pub async fn new(server: &Server, email: &str) -> Self {
        let phone = Phone::new(server.account(email).await);
        let mut family = Family::founded(server, &phone).await;
        let paper = sign::SigningKey::from_bytes(&random());
        let mut request = family.next(&phone, vec![recovery(&paper)], Some(&paper));
        let to = Recipient::Recovery(paper.verifying_key().to_bytes());
        request.recovery = Some(family.grant(&phone, 2, GrantKind::Recovery, to));
        family.append(server, &phone, &request).await;
        family.stored(server, &phone, vec![record(), record()]).await;
        let (blob, link, issuer) = (BlobId(random()), LinkId(random()), server.issuer().to_owned());
        let home = Self { phone, family, blob, part: sealed(5_000), link, issuer };
        for (method, path, body) in [
            ("POST", "/families/{family}/blobs", home.announce(home.family.space)),
            ("PUT", "/families/{family}/blobs/{blob}/parts/{part}", home.part()),
            ("POST", "/families/{family}/blobs/{blob}/complete", home.complete()),
            ("PUT", "/links/{link}", home.invite()),
        ] {
            let answer = server.call(&home.phone.who, method, &home.names().fill(path), body).await;
            assert!(answer.status.is_success(), "{path}: {answer}");
        }
        home
    }

    pub fn names(&self) -> Names {
        Names { family: self.family.id, space: self.family.space, blob: self.blob, link: self.link }
    }

    fn left(&self) -> BlobsRequest {
        BlobsRequest { blobs: vec![self.blob] }
    }

    fn part(&self) -> Body {
        Body::Part(self.part.clone(), sha256(&self.part).to_string())
    }

    pub fn announce(&self, space: SpaceId) -> Body {
        let root = root(&[sha256(&self.part)]);
        Body::from(&BlobRequest { blob: self.blob, space, size: self.part.len() as u64, parts: 1, root })
    }

    fn complete(&self) -> Body {
        Body::from(&BlobCompleteRequest { parts: 1, root: root(&[sha256(&self.part)]) })
    }

    fn invite(&self) -> Body {
        let family = Some(self.family.id);
        Body::from(&LinkRequest { kind: LinkKind::Invite, family, expires_s: 3600, post: None })
    }

    /// The body with which this household's phone would call a route. Panics for a route that has no row here.
    pub fn body(&self, method: &str, path: &str) -> Body {
        let mine = |kind, to| self.family.grant(&self.phone, self.family.log.length(), kind, to);
        match (method, path) {
            ("GET" | "DELETE", _) => Body::None,
            ("POST", "/families") => Body::from(&self.family.request()),
            ("POST", "/families/{family}/log") => Body::from(&self.family.next(&self.phone, vec![], None)),
            ("PUT", "/families/{family}/keyring") => Body::from(&SealedKeyring {
                number: self.family.log.length(),
                sealed: self.family.keyring.clone(),
            }),
            ("PUT", "/families/{family}/recovery") => {
                let key = self.family.log.recovery().unwrap().sign_pk;
                Body::from(&mine(GrantKind::Recovery, Recipient::Recovery(key)))
            }
            ("PUT", "/families/{family}/grants") => {
                let to = Recipient::Device(self.phone.device);
                Body::from(&GrantsRequest { grants: vec![mine(GrantKind::Member, to)] })
            }
            ("POST", "/device-proof/nonce") => Body::None,
            ("POST", "/device-proof") => Body::from(&kinfolio_protocol::family::ProofRequest {
                family: self.family.id,
                device: self.phone.device,
                nonce: [7; 32],
                signature: [7; 64],
            }),
            ("POST", "/families/{family}/erasure" | "/families/{family}/erasure/cancel") => {
                Body::from(&kinfolio_protocol::family::OrderRequest {
                    signer: kinfolio_protocol::log::Signer::Device(self.phone.device),
                    nonce: [7; 32],
                    signature: [7; 64],
                })
            }
            ("PUT", "/links/{link}") => self.invite(),
            ("PUT", "/links/{link}/post") => Body::from(&post_of(&self.phone)),
            ("POST", "/families/{family}/spaces/{space}/push") => {
                Body::from(&PushRequest { push_no: 1, if_head: None, records: vec![record()] })
            }
            ("POST", "/families/{family}/spaces/{space}/purged/blobs") => {
                let request = self.left();
                let order = sign::purge_blobs(&self.issuer, self.family.id, self.family.space, &request);
                let signature = URL_SAFE_NO_PAD.encode(sign::sign(&self.phone.key, &order));
                Body::Headed(encode(&request), PURGE_HEADER, signature)
            }
            ("POST", "/families/{family}/spaces/{space}/purged/blobs/keep") => Body::from(&self.left()),
            ("POST", "/families/{family}/blobs") => self.announce(self.family.space),
            ("POST", "/families/{family}/blobs/{blob}/complete") => self.complete(),
            ("PUT", "/families/{family}/blobs/{blob}/parts/{part}") => self.part(),
            (method, path) => panic!("{method} {path} has no row in tests/it/plane/routes.rs"),
        }
    }
}

impl Names {
    /// Ids that never existed.
    pub fn nobodys() -> Self {
        use kinfolio_protocol::FamilyId;
        Self {
            family: FamilyId(random()),
            space: SpaceId(random()),
            blob: BlobId(random()),
            link: LinkId(random()),
        }
    }

    /// The path with its ids filled in. Panics for a kind of id that is not known here.
    pub fn fill(&self, path: &str) -> String {
        let filled = path
            .replace("{family}", &self.family.to_string())
            .replace("{space}", &self.space.to_string())
            .replace("{blob}", &self.blob.to_string())
            .replace("{link}", &self.link.to_string())
            .replace("{number}", "1")
            .replace("{part}", "0")
            .replace("{bucket}", "17");
        assert!(!filled.contains('{'), "{path} has a kind of id that tests/it/plane/routes.rs does not know");
        filled
    }
}

/// Every route of the family plane: method and path after `/api/v1`.
pub fn family_routes() -> Vec<(String, String)> {
    let table: Vec<_> = routes()
        .iter()
        .filter(|route| route.plane == Plane::Family)
        .map(|route| {
            let path = route.path.strip_prefix("/api/v1").expect("the family plane lies under /api/v1");
            (route.method.to_string(), path.to_owned())
        })
        .collect();
    assert!(table.len() >= 30, "{} routes", table.len());
    table
}
