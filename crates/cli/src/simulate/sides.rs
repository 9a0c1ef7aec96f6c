//! Arguments into the sides of a simulation: rulebooks, the times at which they judge, and what is set
//! in them.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::super::args::{CompareArgs, RulebookArgs};
use super::super::load::{self, Manner};
use super::super::{Stop, profiles};
use rulebook::{Files, Rulebook};
use rulebook_stream::Distinct;
use rulebook_tools::simulate::Trial;

/// What the arguments want to be compared. Candidates differ in what is set in them.
pub(crate) struct Sides<'a> {
    args: &'a CompareArgs,
    /// Whether candidates are compared with anything.
    compares: bool,
    /// The times whose rules judge for the baseline and for candidates, unless each record's own date
    /// tells which are in force.
    at: [Option<&'a String>; 2],
    files: Files,
    /// A candidate: the others join the same profiles.
    first: RefCell<Option<Rulebook>>,
    /// The files of profiles that have been joined.
    profiles: RefCell<Vec<PathBuf>>,
}

impl<'a> Sides<'a> {
    /// Reads the files of the candidates; `sets` tells whether anything is set in them.
    pub(crate) fn of(args: &'a CompareArgs, sets: bool) -> Result<Self, Stop> {
        let at = match args.at.as_slice() {
            [] => [None, None],
            [both] => [Some(both), Some(both)],
            [first, second] => [Some(first), Some(second)],
            _ => return Err(Stop::Unusable("`--at` compares two times, not more".into())),
        };
        let compares = args.baseline.is_some() || args.at.len() == 2 || sets;
        let files = load::files(&args.rulebook)?;
        Ok(Self {
            args,
            compares,
            at,
            files,
            first: RefCell::default(),
            profiles: RefCell::default(),
        })
    }

    /// The files that are read, and the history.
    pub(crate) fn distinct(&self) -> Result<Distinct, Stop> {
        let mut distinct = load::distinct(&self.args.rulebook, &self.files);
        if let Some(path) = &self.args.baseline {
            let other = RulebookArgs { path: path.clone(), trust: self.args.rulebook.trust };
            distinct.rulebook(path, &load::files(&other)?);
        }
        distinct.read("`--profile`", self.profiles.take());
        distinct.inputs("`--input`", &self.args.input.files)?;
        distinct.history("`--history`", self.args.history.history.as_deref());
        Ok(distinct)
    }

    /// A rulebook with the profiles that its policy joins.
    fn joined(&self, folder: &RulebookArgs, rulebook: &Rulebook) -> Result<Rulebook, Stop> {
        let (args, named) = (&self.args.profiles, [self.name(rulebook)?]);
        let paths = profiles::paths(args, folder, rulebook)?;
        if !paths.is_empty() && self.profiles.borrow().is_empty() {
            rulebook.policy(&named[0]).iter().for_each(|policy| {
                profiles::tell_timeless(rulebook, policy);
            });
        }
        self.profiles.borrow_mut().extend(paths);
        profiles::join(args, folder, rulebook, &named)
    }

    /// What candidates are compared with, if they are.
    pub(crate) fn baseline(&self) -> Result<Option<Trial>, Stop> {
        if !self.compares {
            return Ok(None);
        }
        let [at, _] = self.at;
        match &self.args.baseline {
            Some(path) => {
                let other = RulebookArgs { path: path.clone(), trust: self.args.rulebook.trust };
                let rulebook = load::rulebook(&load::files(&other)?, &load::settings(&[])?)?;
                self.trial(&self.joined(&other, &rulebook)?, path, at, &[]).map(Some)
            }
            None => self.trial(&self.rulebook(&[])?, &self.args.rulebook.path, at, &[]).map(Some),
        }
    }

    /// A candidate in which parameters are set.
    pub(crate) fn candidate(&self, set: &[String]) -> Result<Trial, Stop> {
        let [_, at] = self.at;
        self.trial(&self.rulebook(set)?, &self.args.rulebook.path, at, set)
    }

    /// The language that is spoken about candidates.
    pub(crate) fn language(&self) -> Result<String, Stop> {
        // What is set in a candidate has no say in it.
        let read = self.first.borrow().clone();
        let rulebook = read.map_or_else(|| self.rulebook(&[]), Ok)?;
        Ok(load::spoken(self.args.lang.as_deref(), &rulebook))
    }

    fn rulebook(&self, set: &[String]) -> Result<Rulebook, Stop> {
        let rulebook = load::rulebook(&self.files, &load::settings(set)?)?;
        let mut first = self.first.borrow_mut();
        if let Some(first) = &*first {
            return Ok(rulebook.with_profiles_of(first));
        }
        let rulebook = self.joined(&self.args.rulebook, &rulebook)?;
        *first = Some(rulebook.clone());
        Ok(rulebook)
    }

    /// The policy that judges.
    fn name(&self, rulebook: &Rulebook) -> Result<String, Stop> {
        let names: Vec<_> = rulebook.policies().collect();
        match (&self.args.policy, names.as_slice()) {
            (Some(name), _) => Ok(name.clone()),
            (None, []) => Err(load::no_policy()),
            (None, [only]) => Ok((*only).to_string()),
            (None, names) => {
                let names = names.join(" or --policy ");
                Err(Stop::Unusable(format!("say which policy: --policy {names}")))
            }
        }
    }

    fn trial(
        &self,
        rulebook: &Rulebook,
        path: &Path,
        at: Option<&String>,
        set: &[String],
    ) -> Result<Trial, Stop> {
        let manner = Manner::as_of(at, self.args.lang.as_ref(), rulebook)?;
        let policy = manner.policy(rulebook, &self.name(rulebook)?)?;
        let pairs = set.iter().filter_map(|text| text.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.trim().into(), value.trim().into())).collect();
        let sides = [Some(&self.args.rulebook.path), self.args.baseline.as_ref()];
        let sides: Vec<_> = sides.into_iter().flatten().map(PathBuf::as_path).collect();
        let mut label = vec![rulebook_stream::called(path, &sides, &rulebook.name().name)];
        label.extend(at.map(|at| format!("at {at}")));
        label.extend((!set.is_empty()).then(|| format!("with {}", set.join(", "))));
        let trial = Trial::new(rulebook, policy, label.join(" ")).with(pairs);
        Ok(match at {
            Some(at) => trial.at(at.clone()),
            None => trial,
        })
    }
}
