//! The guide and the request sheet, filled in with what was chosen.

pub mod request_sheet;
pub mod values;
