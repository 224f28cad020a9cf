//! The end-to-end tests. Each is a function on the shared [`World`]; run them with `cargo xtask test --only e2e`.

mod spec;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;
use std::sync::Arc;
use tests_e2e::{Setup, World};

fn main() -> ExitCode {
    let args = Arguments::from_args();
    if args.list {
        let names = spec::ALL.iter().map(|(name, _)| Trial::test(*name, || Ok(())));
        return libtest_mimic::run(&args, names.collect()).exit_code();
    }
    let world = match Setup::from_env().and_then(|setup| World::start(&setup)) {
        Ok(world) => Arc::new(world),
        Err(error) => {
            eprintln!("the end-to-end tests cannot run: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let trial = |(name, test): &(&'static str, fn(&World))| {
        let (world, test) = (Arc::clone(&world), *test);
        Trial::test(*name, move || {
            test(&world);
            Ok(())
        })
    };
    let conclusion = libtest_mimic::run(&args, spec::ALL.iter().map(trial).collect());
    drop(world);
    conclusion.exit_code()
}
