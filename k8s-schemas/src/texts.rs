//! Descriptions of nodes, apart from the structure: they are most of the bytes.

use crate::pool::NodeId;
use std::borrow::Cow;

/// Descriptions, each stored once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    pub(crate) text: Cow<'static, str>,
    pub(crate) ends: Vec<u32>,
    /// By node: the number of a text and 1, or 0 for none.
    pub(crate) of_node: Vec<u32>,
}

impl Texts {
    /// What is said of a node.
    pub(crate) fn of(&self, node: NodeId) -> Option<&str> {
        let text = self.of_node.get(node as usize)?.checked_sub(1)? as usize;
        let start = match text.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text
            .get(start as usize..*self.ends.get(text)? as usize)
    }
}
