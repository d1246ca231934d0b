//! Which page the address asks for, by the part after its `#`.
//!
//! Nothing here touches the DOM: `app/nav.rs` listens to the address.

/// A page of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The pad for a digit.
    #[default]
    Draw,
    /// The wide pad for a number.
    Number,
    /// Drawings to learn from, and lessons.
    Teach,
    Models,
    /// One network, by its name in the registry.
    Model(String),
}

impl Route {
    /// Returns the page for a hash such as `#models/tiny-bn`; the pad if there is no such page.
    pub fn from_hash(hash: &str) -> Self {
        let path = hash.trim_start_matches('#');
        match path.split_once('/').unwrap_or((path, "")) {
            ("number", _) => Self::Number,
            ("teach", _) => Self::Teach,
            ("models", "") => Self::Models,
            ("models", id) => Self::Model(id.into()),
            _ => Self::Draw,
        }
    }

    /// Whether the page has a pad.
    pub fn has_pad(&self) -> bool {
        matches!(self, Self::Draw | Self::Number | Self::Teach)
    }

    pub fn hash(&self) -> String {
        match self {
            Self::Draw => "#draw".into(),
            Self::Number => "#number".into(),
            Self::Teach => "#teach".into(),
            Self::Models => "#models".into(),
            Self::Model(id) => model_hash(id),
        }
    }

    /// The document's title.
    pub fn title(&self) -> String {
        match self {
            Self::Draw => "Inkling: draw a digit".into(),
            Self::Number => "Inkling: write a number".into(),
            Self::Teach => "Inkling: teach it your handwriting".into(),
            Self::Models => "Inkling: models".into(),
            Self::Model(id) => format!("Inkling: {id}"),
        }
    }
}

/// The address of one network's page.
pub fn model_hash(id: &str) -> String {
    format!("#models/{id}")
}

/// The id of the link to a network in the table of all networks.
pub fn row_link(id: &str) -> String {
    format!("to-{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_page_and_back() {
        for route in [
            Route::Draw,
            Route::Number,
            Route::Teach,
            Route::Models,
            Route::Model("tiny-bn".into()),
        ] {
            assert_eq!(Route::from_hash(&route.hash()), route);
        }
    }

    #[test]
    fn an_address_of_no_page_is_the_pad() {
        for hash in ["", "#", "#keyboard", "#model/tiny-bn"] {
            assert_eq!(Route::from_hash(hash), Route::Draw);
        }
        assert_eq!(Route::from_hash("#models/"), Route::Models);
    }
}
