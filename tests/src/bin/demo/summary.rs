//! summary.txt: what happened, on a page that a parent would understand.
use std::fs;

use anyhow::Result;

use crate::world::World;

pub fn write(world: &World, searched: usize) -> Result<()> {
    let seconds = world.story.took().as_secs();
    let text = format!(
        "Kinfolio: one family's record, end to end\n\
         =========================================\n\
         \n\
         What you can look at in this folder\n\
         \n\
         portfolio.html          Hedgehog's year, one file that opens in any browser. The bar at the top\n\
         \x20                       changes the name; nothing you type there is sent or kept.\n\
         portfolio-renamed.html  The same with the name Zoë O'Neill, which was typed once, for this file.\n\
         portfolio.pdf           The first one to print.\n\
         phone-1, phone-2        The two phones of Ann's family: sealed stores and sealed photos.\n\
         server, server.log      All that the server holds and wrote down while it ran.\n\
         mail                    The mails that it sent: one-time codes.\n\
         \n\
         What was tried, and held\n\
         {}\n\
         \n\
         In short\n\
         \n\
         The family wrote a year with no signal. Two phones show the same, although both wrote at once and\n\
         one died twice in the middle. Another family on the same server saw nothing. The server moved {} MB of\n\
         sealed bytes and could read none of them: whatever was searched for in {:.1} MB of its files, rows,\n\
         logs, mails and messages was not there.\n\
         \n\
         Server: {}. Took {seconds} seconds.\n",
        world.story.told(),
        captured(world) / 1_000_000,
        searched as f64 / 1e6,
        world.engine,
    );
    fs::write(world.folders.path("summary.txt"), text)?;
    Ok(())
}

fn captured(world: &World) -> u64 {
    let files = crate::search::places::files(&world.folders.path("captured"));
    files.iter().filter_map(|path| fs::metadata(path).ok()).map(|about| about.len()).sum()
}
