//! `./dev demo`: one family from sign-up to portfolio, on a real server, with two phones that are processes of their
//! own. Tells each step in plain words and fails as soon as something is not as it should be.
#![forbid(unsafe_code)]

mod camera;
mod database;
mod folders;
mod phone;
mod say;
mod search;
mod step1_sign_up;
mod step2_year;
mod step3_join;
mod step4_conflict;
mod step5_neighbour;
mod step6_portfolio;
mod step7_search;
mod summary;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow, ensure};
use clap::{Parser, Subcommand};
use database::Database;
use support::server::Process;
use world::World;

/// One family's record, end to end.
#[derive(Parser)]
struct Arguments {
    /// Use a scratch Postgres instead of the embedded store.
    #[arg(long)]
    postgres: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// What the demo starts for each phone.
    #[command(hide = true)]
    Phone { folder: PathBuf, captured: PathBuf, name: String },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.part {
        Some(Part::Phone { folder, captured, name }) => phone::run(&folder, &captured, &name),
        None => demo(arguments.postgres),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThe demo stopped: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The real server program, as for people; it logs everything that it would ever log.
fn serve(folders: &folders::Folders, database: &Database) -> Result<Process> {
    let environment = database.environment();
    let mut variables = vec![("KINFOLIO_LOG", "debug")];
    variables.extend(environment.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    Process::try_start_as_for_people(&folders.root, &["--listen", "127.0.0.1:0"], &variables)
        .map_err(|(code, log)| anyhow!("the server did not start (exit {code:?}): {log}"))
}

fn demo(postgres: bool) -> Result<()> {
    let folders = folders::Folders::fresh()?;
    let database = if postgres { Database::scratch_postgres() } else { Database::Embedded };
    let server = serve(&folders, &database)?;
    let mut world = World {
        folders,
        story: say::Story::new(),
        server,
        runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        needles: Vec::new(),
        authenticator: None,
        engine: database.name().into(),
    };
    let mut one = step1_sign_up::run(&mut world)?;
    let shown = step2_year::run(&mut world, &mut one)?;
    let two = step3_join::run(&mut world, &mut one, &shown)?;
    let two = step4_conflict::run(&mut world, &mut one, two, &shown)?;
    let other = step5_neighbour::run(&mut world, &mut one)?;
    step6_portfolio::run(&mut world, &mut one)?;

    world.story.step("Nothing secret is on the server");
    for phone in [one, two, other] {
        phone.put_away()?;
    }
    ensure!(world.server.terminate() == Some(0), "the server did not stop as it should");
    world.story.say("the phones are put away and the server is told to stop; it stops cleanly");
    step7_search::remember_keys(&mut world, &["phone-1", "phone-2", "phone-falcon"])?;
    step7_search::remember_photos(&mut world)?;
    let searched = step7_search::run(&mut world, &database)?;
    summary::write(&world, searched)?;
    println!(
        "\nAll of it held, in {} seconds. Look at {}",
        world.story.took().as_secs(),
        world.folders.root.display()
    );
    Ok(())
}
