//! What can be chosen once a run has stopped: at its plan, or at its end.

/// What a row of the plan or of the end does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunRow {
    /// Do what the plan says.
    Do,
    /// Type the name of what is deleted to confirm it.
    Delete(String),
    /// Other names.
    Names,
    /// Another org or space.
    Place,
    /// Back to the guide.
    Clicks,
    /// Back to the list of instances.
    List,
    /// Read the current state again and continue from there.
    Again,
    /// Log in again.
    LogIn,
    /// Use the instance as it is.
    Reuse,
    /// Change its roles to those that were chosen.
    Update(String),
    /// Drop what is not offered.
    Drop(Vec<String>),
    /// Use this broker.
    Broker(String),
    /// Delete the key that was replaced.
    DeleteOld(String),
    /// Save the new key, or hand it over.
    Save,
    /// Keep both keys.
    KeepBoth,
    /// Test the new key.
    Test,
    /// Continue with a key that did not pass its test.
    Untested,
}
