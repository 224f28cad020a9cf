//! The few calls into the DOM, bound without `Result`: none of them fails for well-formed names, which ours are.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    pub type Element;
    #[wasm_bindgen(extends = Element)]
    pub type Text;

    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    pub fn create_element(name: &str) -> Element;
    #[wasm_bindgen(js_namespace = document, js_name = createElementNS)]
    pub fn create_element_ns(namespace: &str, name: &str) -> Element;
    #[wasm_bindgen(js_namespace = document, js_name = createTextNode)]
    pub fn create_text(text: &str) -> Text;
    #[wasm_bindgen(js_namespace = document, js_name = body, thread_local_v2)]
    static BODY: Element;
    #[wasm_bindgen(js_namespace = document, js_name = documentElement, thread_local_v2)]
    static DOCUMENT_ELEMENT: Element;

    #[wasm_bindgen(method)]
    pub fn append(this: &Element, child: &Element);
    #[wasm_bindgen(method)]
    pub fn before(this: &Element, sibling: &Element);
    #[wasm_bindgen(method)]
    pub fn remove(this: &Element);
    #[wasm_bindgen(method)]
    pub fn focus(this: &Element);
    #[wasm_bindgen(method, js_name = showModal)]
    pub fn show_modal(this: &Element);
    #[wasm_bindgen(method)]
    pub fn contains(this: &Element, other: &Element) -> bool;
    #[wasm_bindgen(method, setter, js_name = data)]
    pub fn set_data(this: &Text, text: &str);
    #[wasm_bindgen(method, js_name = setAttribute)]
    pub fn set_attribute(this: &Element, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = removeAttribute)]
    pub fn remove_attribute(this: &Element, name: &str);
    #[wasm_bindgen(js_name = addEventListener, method)]
    pub fn add_listener(this: &Element, event: &str, listener: &JsValue);
    #[wasm_bindgen(js_name = removeEventListener, method)]
    pub fn remove_listener(this: &Element, event: &str, listener: &JsValue);
    #[wasm_bindgen(method, getter, structural)]
    pub fn value(this: &Element) -> String;
    #[wasm_bindgen(method, setter, structural, js_name = value)]
    pub fn set_value(this: &Element, value: &str);

    type Style;
    #[wasm_bindgen(method, getter)]
    fn style(this: &Element) -> Style;
    #[wasm_bindgen(method, js_name = setProperty)]
    fn set_property(this: &Style, name: &str, value: &str);

    type ClassList;
    #[wasm_bindgen(method, getter, js_name = classList)]
    fn class_list(this: &Element) -> ClassList;
    #[wasm_bindgen(method)]
    fn toggle(this: &ClassList, name: &str, on: bool);
}

/// The document's `<body>`.
pub fn body() -> Element {
    BODY.with(Element::clone)
}

/// The document's `<html>`.
pub fn document_element() -> Element {
    DOCUMENT_ELEMENT.with(Element::clone)
}

/// The value of a control.
pub fn value(control: &Element) -> String {
    control.value()
}

impl Element {
    /// Sets a CSS property or variable.
    pub fn set_style(&self, name: &str, value: &str) {
        self.style().set_property(name, value);
    }

    /// Adds or removes a class.
    pub fn toggle_class(&self, name: &str, on: bool) {
        self.class_list().toggle(name, on);
    }
}
