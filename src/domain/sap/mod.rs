//! What SAP offers: plans, roles, regions, parameters, and the guide through the cockpit.

pub mod authority;
pub mod guide;
pub mod guide_search;
pub mod key_parameters;
pub mod link;
pub mod name;
pub mod parameters;
pub mod plan;
pub mod probe;
pub mod purpose;
pub mod region;
pub mod role;
