//! Random bytes from the operating system.

use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

/// The operating system provides no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub struct RandomError;

/// `N` random bytes, wiped when dropped.
///
/// # Errors
///
/// If the operating system provides none.
pub fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, RandomError> {
    let mut bytes = Zeroizing::new([0; N]);
    SystemRandom::new().fill(bytes.as_mut_slice()).map_err(|_| RandomError)?;
    Ok(bytes)
}
