//! The model answers as in recorded traffic and in the source of Cloud Controller and UAA.

mod garbage;
mod instances;
mod keys;
mod login;
mod places;
mod way;
