//! Keys: sign-up to bound device, joining, lost replies, killed phones, forged logs, work taken along.

mod alarm;
mod elsewhere;
mod erased;
mod erasing;
mod forged;
mod joining;
mod made_up;
mod opener;
mod phone;
mod put_off;
mod schedules;
mod sign_ins;
mod stand_in;
mod step_up;
mod taking_along;
mod unbound;
mod watched;

use phone::Phone;
use support::server::InProcess;

const ANN: &str = "ann@example.org";
const BEN: &str = "ben@example.org";

/// Ann's phone, signed up, with sync turned on.
async fn ann(server: &InProcess) -> Phone {
    founded(server, "Ann's phone", ANN).await
}

/// A phone of a new account, with sync turned on for a family of its own.
async fn founded(server: &InProcess, name: &str, email: &str) -> Phone {
    let phone = Phone::new(name, server);
    phone.sign_up(server, email).await;
    phone.keys.turn_on_sync().await.unwrap();
    phone
}

/// Ann's and Ben's phones in one family.
async fn two(server: &InProcess) -> (Phone, Phone) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    ben.sign_up(server, BEN).await;
    ben.join(&ann).await;
    (ann, ben)
}

/// Ann's phone, and Ben's, which has answered her invite by this link and waits.
async fn asked(server: &InProcess) -> (Phone, Phone, [u8; 16]) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    ben.sign_up(server, BEN).await;
    let link = ben.answer_invite(&ann).await;
    (ann, ben, link)
}
