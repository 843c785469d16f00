//! Completion scripts and the manual page, generated from the argument definitions.

use std::io::{self, Write as _};

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::{
    args::{Cli, ShellName},
    output::Output,
    status::{Outcome, Status},
};

/// The sections that are not derived from the arguments: EXAMPLES, FILES, ENVIRONMENT, EXIT STATUS.
const SECTIONS: &str = include_str!("../../assets/words/en/man.roff");

/// `completions SHELL`
pub fn completions(shell: ShellName, output: &mut Output<'_>) -> Outcome {
    output.bytes(script(shell).as_bytes())?;
    Ok(Status::Done)
}

/// The script that makes a shell call `cpikey complete`.
fn script(shell: ShellName) -> &'static str {
    match shell {
        ShellName::Bash => include_str!("../../assets/completions/cpikey.bash"),
        ShellName::Elvish => include_str!("../../assets/completions/cpikey.elv"),
        ShellName::Fish => include_str!("../../assets/completions/cpikey.fish"),
        ShellName::Powershell => include_str!("../../assets/completions/cpikey.ps1"),
        ShellName::Zsh => include_str!("../../assets/completions/cpikey.zsh"),
    }
}

/// `man`: one page with all commands.
pub fn manual(output: &mut Output<'_>) -> Outcome {
    let words = output.words().output();
    let page = page().map_err(|error| words.manual_not_made().fill(&[("cause", &error)]).failed())?;
    output.bytes(&page)?;
    Ok(Status::Done)
}

fn page() -> io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.build();
    let main = Man::new(command.clone());
    let mut page = Vec::new();
    main.render_title(&mut page)?;
    main.render_name_section(&mut page)?;
    main.render_synopsis_section(&mut page)?;
    main.render_description_section(&mut page)?;
    main.render_options_section(&mut page)?;
    for subcommand in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        write_command(subcommand, &mut page)?;
        for nested in subcommand.get_subcommands() {
            write_command(nested, &mut page)?;
        }
    }
    page.extend(SECTIONS.bytes());
    main.render_version_section(&mut page)?;
    Ok(page)
}

/// One command as a section of the manual page; the sections of its own page become subsections.
fn write_command(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_uppercase();
    // Common options are described once, at the top.
    let own = command.clone().mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg });
    let man = Man::new(own);
    let mut body = Vec::new();
    man.render_synopsis_section(&mut body)?;
    man.render_description_section(&mut body)?;
    man.render_options_section(&mut body)?;
    writeln!(page, ".SH \"{name}\"")?;
    page.extend(String::from_utf8_lossy(&body).replace(".SH ", ".SS ").bytes());
    Ok(())
}
