//! How a command that works with Cloud Foundry ends because of a finding.

/// How a command that works with Cloud Foundry ends because of a finding. If a part exists by then that the same command
/// would go on with, the command ends unfinished, whatever stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// What was asked for cannot be done as asked: a name, a role or a parameter has to be changed.
    Input,
    /// The login is refused, or the user or the subaccount lacks a right.
    Denied,
    /// The platform or the broker failed, refuses, or has no room left.
    Platform,
    /// A part exists or is still being made, and the same command goes on.
    Unfinished,
}

impl Ending {
    /// The exit status that goes with it (see `docs/contract.md`).
    pub fn exit_status(self) -> u8 {
        match self {
            Ending::Input => 2,
            Ending::Denied => 3,
            Ending::Platform => 5,
            Ending::Unfinished => 6,
        }
    }
}
