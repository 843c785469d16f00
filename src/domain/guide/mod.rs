//! The guide and the request sheet, with the user's choices filled in.

pub mod request_sheet;
pub mod values;
