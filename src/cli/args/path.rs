//! Paths as arguments.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};

use crate::{domain::platform::Platform, jobs::read_file::meant_by_argument, platform::paths};

/// The parser of every argument that is a path.
pub fn path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| meant_by_argument(path, Platform::HERE, paths::home))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::{Arg, Command, CommandFactory as _, builder::ValueParser};

    use super::*;
    use crate::cli::Cli;

    /// All path arguments of a command and its subcommands.
    fn paths_of(command: &Command) -> Vec<(String, ValueParser)> {
        let is_path = |arg: &&Arg| arg.get_value_parser().type_id() == ValueParser::path_buf().type_id();
        let own = command.get_arguments().filter(is_path);
        let own = own.map(|arg| (format!("{} {}", command.get_name(), arg.get_id()), arg.get_value_parser().clone()));
        own.chain(command.get_subcommands().flat_map(paths_of)).collect()
    }

    #[test]
    fn every_path_among_the_arguments_is_read_as_it_is_meant() {
        let mut command = Cli::command();
        command.build();
        let all = paths_of(&command);
        assert!(all.len() > 15, "{all:?}");
        for (name, parser) in all {
            let command = Command::new("x").arg(Arg::new("path").value_parser(parser));
            let matches = command.try_get_matches_from(["x", "file:///a%20b.json"]).unwrap();
            assert_eq!(matches.get_one::<PathBuf>("path").unwrap(), Path::new("/a b.json"), "{name}");
        }
    }
}
