//! `rulebook doc`: writes pages about a rulebook for those who read policies.

mod args;

use std::io::{self, Write};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use cap_tempfile::TempFile;

use super::load;
use super::test::Suite;
use super::{Exit, Outcome, Stop, paint};
use rulebook::Options;
use rulebook_base::visible::visible_path;
use rulebook_lang::figures::counted;
use rulebook_tools::document::{File, Format, editions, files};

pub(super) use args::DocArgs;
use args::DocFormat;

pub(super) fn run(args: &DocArgs) -> Outcome {
    let texts = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&texts, &Options::new().in_depth())?;
    let suite = Suite::read(&args.rulebook, &rulebook, "")?;
    if suite.broken {
        return Ok(Exit::Failed);
    }
    let format = match args.format {
        DocFormat::Html => Format::Html,
        DocFormat::Markdown => Format::Markdown,
    };
    load::note_unspoken(&rulebook.settings().languages);
    let files = files(&editions(&rulebook, &suite.scenarios), format);
    let site = Site::at(&args.output)?;
    files.iter().try_for_each(|file| site.write(file))?;
    let pages = counted(files.len(), "page");
    say!("{} in {}", paint::strong(pages), visible_path(&args.output));
    Ok(Exit::Done)
}

/// The folder that pages go to. Nothing is opened but beneath it, whatever pages are called and wherever
/// links in it lead.
struct Site<'p> {
    path: &'p Path,
    folder: Dir,
}

impl<'p> Site<'p> {
    fn at(path: &'p Path) -> Result<Self, Stop> {
        let opened = Dir::create_ambient_dir_all(path, ambient_authority())
            .and_then(|()| Dir::open_ambient_dir(path, ambient_authority()));
        match opened {
            Ok(folder) => Ok(Self { path, folder }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let shown = visible_path(path);
                Err(Stop::Unusable(format!("cannot write to {shown}: it is no folder")))
            }
            Err(error) => Err(refused(path, &error)),
        }
    }

    fn write(&self, file: &File) -> Result<(), Stop> {
        let written = match file.path.rsplit_once('/') {
            Some((within, name)) => {
                self.folder_of(within).and_then(|folder| write(&folder, name, &file.text))
            }
            None => write(&self.folder, &file.path, &file.text),
        };
        written.map_err(|error| refused(&self.path.join(&file.path), &error))
    }

    fn folder_of(&self, within: &str) -> io::Result<Dir> {
        match self.folder.open_dir(within) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.folder.create_dir_all(within)?;
                self.folder.open_dir(within)
            }
            opened => opened,
        }
    }
}

/// Writes a page aside and puts it into its place when it is whole. A link that stands there is refused, and
/// so is a file that may not be written; of another, its permissions stay.
fn write(folder: &Dir, name: &str, text: &str) -> io::Result<()> {
    let mut permissions = None;
    if let Ok(old) = folder.symlink_metadata(name) {
        if old.is_symlink() {
            return Err(io::Error::other("it is a link, and the file behind it may not be meant"));
        }
        if old.is_file() {
            // Who may not write a file may not replace it.
            folder.open_with(name, OpenOptions::new().write(true))?;
            permissions = Some(old.permissions());
        }
    }
    let mut page = TempFile::new(folder)?;
    page.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        page.as_file().set_permissions(permissions)?;
    }
    page.as_file().sync_all()?;
    page.replace(name)
}

fn refused(path: &Path, error: &io::Error) -> Stop {
    let shown = visible_path(path);
    // No system has said so: it would lead out.
    let leads_out =
        error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none();
    Stop::Unusable(match leads_out {
        true => format!("cannot write {shown}: a link in the folder leads out of it"),
        false => format!("cannot write {shown}: {error}"),
    })
}
