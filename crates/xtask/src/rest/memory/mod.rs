//! Constants that the first load does not read lie in the rest as well.
//!
//! What a module's memory holds at first is texts, tables and templates, each at an address that code has in it. Which bytes
//! belong together only the linker's symbols say ([`objects`]), so they are noted in the module before it is bound to
//! JavaScript. An object stays in the first module if its code, or an object that stays, has an address within it
//! ([`divide`]). The others are put where they were when the rest is put in; until then nothing asks for them, as code that
//! does lies in the rest, or in a part, which comes after the rest.

mod divide;
mod objects;
mod symbols;
#[cfg(test)]
mod tests;

pub use divide::{Divided, section};
pub use objects::{SECTION, note};
