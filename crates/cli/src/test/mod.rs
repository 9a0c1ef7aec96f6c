//! `rulebook test`: runs the scenarios of a rulebook, and tells what they exercise.

mod args;
mod coverage;
mod mutation;
mod results;

use std::path::PathBuf;

use super::args::RulebookArgs;
use super::load;
use super::screen;
use super::{Exit, Outcome, Stop, profiles};
use rulebook::inside::scenarios;
use rulebook::{Files, Options, Rulebook};
use rulebook_base::source::Sources;
use rulebook_base::visible::visible_path;
use rulebook_tools::scenario::{Ran, ScenarioFile, junit, read, run as run_scenarios};

pub(super) use args::TestArgs;
use args::TestFormat;

pub(super) fn run(args: &TestArgs) -> Outcome {
    let refused = match args.format {
        TestFormat::Junit if args.coverage => {
            Some("`--format junit` does not go with `--coverage`")
        }
        TestFormat::Junit if args.mutate => Some("`--format junit` does not go with `--mutate`"),
        TestFormat::Html if !args.coverage => Some("`--format html` needs `--coverage`"),
        _ => None,
    };
    if let Some(message) = refused {
        return Err(Stop::Unusable(message.into()));
    }
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &Options::new())?;
    let rulebook = profiles::join(&args.profiles, &args.rulebook, &rulebook, &[])?;
    let suite = Suite::read(&args.rulebook, &rulebook, &args.filter)?;
    if suite.scenarios.is_empty() && !suite.broken {
        let shown = visible_path(&args.rulebook.path);
        let help = "write them to tests/NAME.yaml";
        return Err(Stop::Unusable(format!("{shown} has no scenarios; {help}")));
    }
    let mut distinct = load::distinct(&args.rulebook, &files);
    distinct.read("`--profile`", profiles::paths(&args.profiles, &args.rulebook, &rulebook)?);
    distinct.read("a scenario", suite.paths.iter().cloned());
    distinct.writes("`--output`", args.output.as_deref());
    distinct.check()?;
    screen::refuse_other_format(args.output.as_deref(), args.format.content())?;
    let results = suite.run(&files, &rulebook);
    let failed = results.iter().any(|result| !result.case.mismatches.is_empty());
    if results.is_empty() && !suite.broken && !args.filter.is_empty() {
        tell!("no scenario contains \"{}\"", args.filter);
    }
    let exit = match failed || suite.broken || results.is_empty() {
        true => Exit::Failed,
        false => Exit::Done,
    };
    if failed && (args.coverage || args.mutate) {
        screen::tell(&results::text(&results));
    }
    if args.coverage {
        return Ok(coverage::run(args, &files, &rulebook, &suite.scenarios)?.max(exit));
    }
    if args.mutate {
        if exit != Exit::Done {
            tell!("edits tell nothing while scenarios fail");
            return Ok(exit);
        }
        return mutation::run(args, &files, &rulebook, &suite.scenarios);
    }
    match args.format {
        TestFormat::Json => results::print_json(&results)?,
        TestFormat::Junit => {
            exact!("{}", junit(rulebook.name().name.as_str(), &results).trim_end());
        }
        _ => screen::print(&results::text(&results))?,
    }
    Ok(exit)
}

/// The scenarios of a rulebook.
pub(super) struct Suite {
    sources: Sources,
    /// The files that were read.
    paths: Vec<PathBuf>,
    pub(super) scenarios: Vec<ScenarioFile>,
    /// Whether a file could not be understood.
    pub(super) broken: bool,
}

impl Suite {
    /// Reads the scenarios whose name, policy or file contains a text; tells of slips.
    pub(super) fn read(
        args: &RulebookArgs,
        rulebook: &Rulebook,
        filter: &str,
    ) -> Result<Self, Stop> {
        let files = scenarios(&args.path, args.trust())
            .map_err(|error| Stop::Unusable(error.to_string()))?;
        let mut suite = Self {
            sources: Sources::default(),
            paths: Vec::new(),
            scenarios: Vec::new(),
            broken: false,
        };
        let mut slips = Vec::new();
        for (path, bytes) in files {
            let shown = visible_path(&path);
            let text = String::from_utf8(bytes).map_err(|_| {
                Stop::Unusable(format!("cannot read {shown}: it is not UTF-8 text"))
            })?;
            let id = suite.sources.add(shown.clone(), text.clone());
            suite.paths.push(path);
            match read(id, &text, rulebook.program(), &rulebook.settings().zone) {
                Ok(mut scenarios) => {
                    // A filter that names the file takes all of it.
                    scenarios.retain(if shown.contains(filter) { "" } else { filter });
                    suite.scenarios.push(scenarios);
                }
                Err(found) => slips.extend(found),
            }
        }
        if !slips.is_empty() {
            load::tell_diagnostics(&suite.sources, &slips);
            suite.broken = true;
        }
        Ok(suite)
    }

    fn run(&self, files: &Files, rulebook: &Rulebook) -> Vec<Ran> {
        let cases =
            self.scenarios.iter().flat_map(|scenarios| run_scenarios(files, rulebook, scenarios));
        cases
            .map(|case| {
                let (line, _) = self.sources.line_column(case.span);
                let file = self.sources.get(case.span.file);
                Ran { file: file.map(|file| file.path.clone()).unwrap_or_default(), line, case }
            })
            .collect()
    }
}
