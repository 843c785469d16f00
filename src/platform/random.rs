//! Random bytes of the operating system.

use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use crate::domain::problem::Problem;

/// `N` random bytes, wiped when they are dropped.
///
/// # Errors
///
/// Where the operating system has none to give.
pub fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, Problem> {
    let mut bytes = Zeroizing::new([0; N]);
    SystemRandom::new().fill(bytes.as_mut_slice()).map_err(|_| {
        Problem::failed(
            "There are no random numbers.",
            "The operating system gives none.",
            "Look whether this container or sandbox offers /dev/urandom.",
        )
    })?;
    Ok(bytes)
}
