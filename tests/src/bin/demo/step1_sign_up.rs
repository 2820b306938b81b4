//! Step 1: the server runs; Ann registers and signs in from phone one through the real pages.
use anyhow::Result;

use crate::phone::Phone;
use crate::world::{ANN, World};

pub fn run(world: &mut World) -> Result<Phone> {
    world.story.step("Ann makes an account and signs in");
    let words =
        format!("a server runs at {} ({}); its mail goes into a folder", world.server.base(), world.engine);
    world.story.say(words);
    let mut phone = world.phone("phone-1", "Ann's kitchen phone")?;
    world.sign_in(&mut phone, &ANN, true)?;
    let mails = support::browser::mails_to(&world.folders.path("mail"), ANN.email);
    let code = mails.first().map(|mail| support::browser::code_from(mail)).unwrap_or_default();
    world.story.check(code.len() == 9, "her one-time code came by mail, and she typed it on the page")?;
    world.needles.push(crate::search::Needle {
        what: "Ann's one-time code".into(),
        bytes: code.into_bytes(),
        in_mail: true,
    });
    world.secret("Ann's password", ANN.password);
    world.secret("Ann's name", ANN.name);
    world.secret("the name of Ann's phone", "Ann's kitchen phone");
    Ok(phone)
}
