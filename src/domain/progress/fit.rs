//! Adapts progress from an older version or one with other assets.

use std::collections::BTreeSet;

use super::Progress;
use crate::domain::{
    content::Content,
    sap::{
        plan::PlanId,
        purpose::{self, next_tick},
    },
    text::safe_text::SafeText,
};

/// A choice that no longer exists, for a message.
pub type Dropped = SafeText;

/// Progress with choices that exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The choices that exist.
    pub progress: Progress,
    /// The dropped choices.
    pub dropped: Vec<Dropped>,
}

impl Progress {
    /// Drops what the content does not contain: purpose, roles of the plan `api`, ticks of instructions and of next
    /// steps.
    pub fn fit(mut self, content: &Content) -> Fitted {
        let mut dropped = Vec::new();
        let draft = &mut self.draft;
        if let Some(id) = draft.purpose.take_if(|id| content.purpose(id).is_none()) {
            dropped.push(SafeText::line(&id));
        }
        if draft.parameters.plan == PlanId::Api {
            draft.parameters.roles.retain(|role| {
                let exists = content.catalogue.get(role).is_some();
                if !exists {
                    dropped.push(SafeText::line(role));
                }
                exists
            });
        }
        // Removed instructions need no tick.
        let of_guide = content.pages.iter().flat_map(|page| page.ticks.iter().map(|tick| page.tick_id(tick)));
        let without = content.purpose(purpose::CUSTOM).map(|custom| (None, custom));
        let purposes = content.purposes.iter().map(|purpose| (Some(purpose.id.as_str()), purpose)).chain(without);
        let of_next = purposes.flat_map(|(id, purpose)| (0..purpose.next.len()).map(move |at| next_tick(id, at)));
        let ticks: BTreeSet<String> = of_guide.chain(of_next).collect();
        draft.ticks.retain(|tick| ticks.contains(tick));
        Fitted { progress: self, dropped }
    }
}
