//! JSON from any source: read by serde_json natively, and by the browser's own parser on the page.

use serde::de::DeserializeOwned;

/// A source of JSON.
pub trait Json {
    /// Parses it as a `T`. The error says what is wrong with it.
    fn read<T: DeserializeOwned>(&self) -> Result<T, String>;
}

impl Json for String {
    fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        self.as_str().read()
    }
}

/// JSON text.
impl Json for str {
    fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(self).map_err(|error| error.to_string())
    }
}
