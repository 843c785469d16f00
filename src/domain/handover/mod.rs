//! Handing over: exports, scripts, the request sheet, and how to quote for each.

pub mod choices;
pub mod commands;
pub mod export;
pub mod quote;
pub mod sheet;
pub mod values;
