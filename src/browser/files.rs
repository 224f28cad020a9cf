//! Files that the user gives to the page, and those that it gives to the user.

use crate::dom::el;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Event, File, HtmlElement, HtmlInputElement, Url};

/// The file that has been chosen in a file input, from its `change` event. The same file can be chosen again.
pub fn chosen(event: &Event) -> Option<File> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// The text of `file`, of at most `most_bytes`.
///
/// # Errors
/// It is larger, or it cannot be read, in words for the user.
pub async fn text(file: &File, most_bytes: u32) -> Result<String, String> {
    if file.size() > most_bytes.into() {
        return Err(format!("it is larger than {} MB", most_bytes / 1_000_000));
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    text.ok_or_else(|| "the browser could not read it".to_owned())
}

/// Gives `text` to the user as a file called `name`.
///
/// # Errors
/// The browser makes no file of it.
pub fn download(name: &str, text: &str, kind: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    // The browser made this URL itself, of the text.
    el("a").attr("href", &url).attr("download", name).node::<HtmlElement>().click();
    Url::revoke_object_url(&url)
}
