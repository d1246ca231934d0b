//! JSON, whoever reads it: serde_json natively, the browser's own parser on the page, which has one anyway.

use serde::de::DeserializeOwned;

/// Something that holds JSON.
pub trait Json {
    /// What it holds as a `T`; an error says what is wrong with it.
    fn read<T: DeserializeOwned>(&self) -> Result<T, String>;
}

impl Json for String {
    fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        self.as_str().read()
    }
}

/// Its text.
impl Json for str {
    fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(self).map_err(|error| error.to_string())
    }
}
