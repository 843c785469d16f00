//! How a finding ends a Cloud Foundry command.

/// How a finding ends a Cloud Foundry command. If something already exists from which the same command would continue,
/// the command ends unfinished, whatever stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// The request cannot be performed: a name, role or parameter must be changed.
    Input,
    /// The login is refused, or the user or subaccount lacks a permission.
    Denied,
    /// The platform or the broker failed, refused, or has no capacity left.
    Platform,
    /// Something exists or is still being created, and the same command continues.
    Unfinished,
}

impl Ending {
    /// Its exit status (see `docs/contract.md`).
    pub fn exit_status(self) -> u8 {
        match self {
            Ending::Input => 2,
            Ending::Denied => 3,
            Ending::Platform => 5,
            Ending::Unfinished => 6,
        }
    }
}
