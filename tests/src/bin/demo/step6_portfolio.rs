//! Step 6: the portfolio of Hedgehog, plain and with a real name that is kept nowhere.
use anyhow::Result;

use crate::phone::Phone;
use crate::phone::asks::Ask;
use crate::world::{REAL_NAME, World, entries, text};

pub fn run(world: &mut World, one: &mut Phone) -> Result<()> {
    world.story.step("The portfolio of Hedgehog");
    world.secret("the real name", REAL_NAME);
    let (plain, renamed) =
        (world.folders.path("portfolio.html"), world.folders.path("portfolio-renamed.html"));
    let write = |one: &mut Phone, name: Option<&str>, path: &std::path::Path| {
        one.ask(&Ask::Portfolio {
            learner: "Hedgehog".into(),
            real_name: name.map(str::to_owned),
            path: path.display().to_string(),
        })
    };
    let made = write(one, None, &plain)?;
    let megabytes = made["bytes"].as_f64().unwrap_or_default() / 1e6;
    world.story.check(
        made["entries"].as_u64() >= Some(20) && made["photos"].as_u64() >= Some(4),
        format!(
            "portfolio.html: one file of {megabytes:.1} MB with {} entries and {} photos",
            made["entries"], made["photos"]
        ),
    )?;
    let printed = write(one, None, &world.folders.path("portfolio.pdf"))?;
    world.story.check(
        printed["entries"] == made["entries"],
        "portfolio.pdf: the same to print, with its fonts inside and marks for reading it aloud",
    )?;
    write(one, Some(REAL_NAME), &renamed)?;
    let (plain, renamed) = (words(&plain)?, words(&renamed)?);
    let escaped = REAL_NAME.replace('\'', "&#39;");
    let nicknames = plain.matches(">Hedgehog</span>").count();
    let names = renamed.matches(&format!(">{escaped}</span>")).count();
    world.story.check(
        nicknames > 10 && nicknames == names,
        format!("portfolio-renamed.html says {REAL_NAME} in all {names} places where the nickname stood"),
    )?;
    world.story.check(
        plain.contains(">Hedgehog</span> chose the book")
            && renamed.contains(&format!(">{escaped}</span> chose the book")),
        "in the parent's own sentences too: \"Zoë O'Neill chose the book\"",
    )?;
    let left = renamed.match_indices("Hedgehog").count();
    world.story.check(
        left == 0,
        "no nickname is left in it: not in the title, the contents, a caption or a description",
    )?;

    let shown = one.ask(&Ask::Show)?;
    let learners = shown["learners"].as_array().map(Vec::as_slice).unwrap_or_default();
    let otter = learners.iter().find(|one| one["nickname"] == "Otter").map(|one| text(&one["id"]).to_owned());
    let otter = otter.unwrap_or_default();
    let lines: Vec<&str> = entries(&shown)
        .iter()
        .map(|entry| text(&entry["lines"][&otter]))
        .filter(|line| line.len() > 3)
        .collect();
    let leaked = lines.iter().filter(|line| plain.contains(&line.replace('\'', "&#39;"))).count();
    world.story.check(
        lines.len() > 10 && leaked == 0,
        format!("of Otter's {} private lines, none is in it", lines.len()),
    )
}

/// The file without its fonts, style and script.
fn words(path: &std::path::Path) -> Result<String> {
    let html = std::fs::read_to_string(path)?;
    let (before, rest) = html.split_once("<style>").unwrap_or((&html, ""));
    let (_, after) = rest.split_once("</style>").unwrap_or(("", rest));
    let after = after.split_once("<script>").map_or(after, |(words, _)| words);
    Ok(format!("{before}{after}"))
}
