//! How the person views the networks, and the clicks that change it.

use super::comparison::{Column, Order};

/// Kept while the person is on another page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub order: Option<Order>,
    /// Multiply-adds on the chart's axis instead of parameters.
    pub by_operations: bool,
    /// The runs with the source's recipe instead of ours.
    pub by_source: bool,
}

/// Ids of the buttons that the app itself handles: to use the network, and to fetch the data again after a failure.
pub const USE: &str = "use-model";
pub const RETRY: &str = "retry-models";

/// A button of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    Sort(Column),
    ByParameters,
    ByOperations,
    OurRecipe,
    SourceRecipe,
    /// Use the network for the pad.
    Use,
    /// Fetch the data again after a failure.
    Retry,
}

impl Click {
    const OTHERS: [Self; 6] = [
        Self::ByParameters,
        Self::ByOperations,
        Self::OurRecipe,
        Self::SourceRecipe,
        Self::Use,
        Self::Retry,
    ];

    /// The button's id.
    pub fn id(self) -> String {
        match self {
            Self::Sort(column) => format!("sort-{}", column.name()),
            Self::ByParameters => "by-parameters".into(),
            Self::ByOperations => "by-operations".into(),
            Self::OurRecipe => "our-recipe".into(),
            Self::SourceRecipe => "source-recipe".into(),
            Self::Use => USE.into(),
            Self::Retry => RETRY.into(),
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        let columns = Column::ALL.into_iter().map(Self::Sort);
        columns.chain(Self::OTHERS).find(|click| click.id() == id)
    }
}

impl Look {
    pub fn apply(&mut self, click: Click) {
        match click {
            Click::Sort(column) => self.order = Some(Order::after(self.order, column)),
            Click::ByParameters => self.by_operations = false,
            Click::ByOperations => self.by_operations = true,
            Click::OurRecipe => self.by_source = false,
            Click::SourceRecipe => self.by_source = true,
            Click::Use | Click::Retry => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_is_found_by_its_id() {
        for click in Click::OTHERS
            .into_iter()
            .chain(Column::ALL.map(Click::Sort))
        {
            assert_eq!(Click::from_id(&click.id()), Some(click));
        }
        assert_eq!(Click::from_id("undo"), None);
    }

    #[test]
    fn clicks_change_the_look() {
        let mut look = Look::default();
        look.apply(Click::ByOperations);
        look.apply(Click::Sort(Column::Wrong));
        look.apply(Click::Sort(Column::Wrong));
        assert!(look.by_operations && look.order.unwrap().is_descending);
        look.apply(Click::ByParameters);
        assert!(!look.by_operations && !look.by_source);
    }
}
