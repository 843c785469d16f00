//! Handing over: exports, scripts, and how to quote for each.

pub mod choices;
pub mod commands;
pub mod export;
pub mod quote;
