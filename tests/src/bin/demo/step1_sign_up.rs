//! Step 1: the server runs; Ann registers and signs in from phone one through the real pages.
use anyhow::Result;
use support::authenticator;
use support::browser::Browser;

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
    two_step(world)?;
    world.secret("Ann's password", ANN.password);
    world.secret("Ann's name", ANN.name);
    world.secret("the name of Ann's phone", "Ann's kitchen phone");
    Ok(phone)
}

/// Ann switches two-step sign-in on; the next phone that signs in is asked for a code.
fn two_step(world: &mut World) -> Result<()> {
    let base = world.server.base().to_owned();
    let (app, paper) = world.runtime.block_on(async {
        let mut browser = Browser::new(&base);
        authenticator::switch_on(&mut browser, ANN.email, ANN.password).await
    });
    let codes: Vec<&str> =
        paper.text.split("<li>").skip(1).filter_map(|item| item.split('<').next()).collect();
    let told = "she switched two-step sign-in on with an authenticator app, and got 8 backup codes";
    world.story.check(codes.len() == 8, told)?;
    world.secret("the key of Ann's authenticator app", app.key.as_str());
    for code in codes {
        world.secret("a backup code of Ann's", code);
    }
    world.authenticator = Some(app);
    Ok(())
}
