//! The model answers as recorded traffic and the sources of Cloud Controller and UAA say.

mod garbage;
mod instances;
mod keys;
mod login;
mod places;
mod way;
