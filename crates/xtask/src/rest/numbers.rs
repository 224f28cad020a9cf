//! The numbers that functions have in a module that is written anew.

use super::module::Module;
use super::{GLUE, short_name};
use std::convert::Infallible;
use wasm_encoder::ImportSection;
use wasm_encoder::reencode::{Error, RoundtripReencoder, utils};
use wasmparser::{Import, ImportSectionReader, TypeRef};

/// From the numbers of the module that is cut.
pub struct Numbers {
    of: Vec<Option<u32>>,
    count: u32,
}

impl Numbers {
    /// Of those `used` functions that come from elsewhere.
    pub fn of_imports(module: &Module, used: impl Iterator<Item = u32>) -> Self {
        let mut is_used = vec![false; module.imported as usize];
        for function in used {
            if let Some(is_used) = is_used.get_mut(function as usize) {
                *is_used = true;
            }
        }
        let mut numbers = Self { of: Vec::new(), count: 0 };
        for is_used in is_used {
            let number = is_used.then(|| numbers.next());
            numbers.of.push(number);
        }
        numbers.of.resize(numbers.of.len() + module.bodies.len(), None);
        numbers
    }

    /// A number for a function that is new.
    pub fn next(&mut self) -> u32 {
        self.count += 1;
        self.count - 1
    }

    /// And then these, which are the module's own, counted from 0.
    pub fn add<'o>(&mut self, module: &Module, own: impl Iterator<Item = &'o usize>) {
        for own in own {
            self.of[module.number(*own) as usize] = Some(self.next());
        }
    }

    /// Another function stands in for one of the module's own, counted from 0.
    pub fn stand_in(&mut self, module: &Module, own: usize, number: u32) {
        self.of[module.number(own) as usize] = Some(number);
    }

    /// The new number of a function, if it is there at all.
    pub fn get(&self, function: u32) -> Option<u32> {
        self.of.get(function as usize).copied().flatten()
    }

    /// Writes the imports that are left of `section`: of functions, those that have a number.
    pub fn write_imports(
        &self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let same = &mut RoundtripReencoder;
        let mut function = 0;
        for import in section.into_imports() {
            let import = import?;
            // What is no function is the tag that JavaScript's exceptions carry, which is needed wherever they are caught.
            if !matches!(import.ty, TypeRef::Func(_)) {
                utils::parse_import(same, imports, import)?;
                continue;
            }
            if self.get(function).is_some() {
                let short = short_name(function);
                let name = if import.module == GLUE { &short } else { import.name };
                utils::parse_import(same, imports, Import { name, ..import })?;
            }
            function += 1;
        }
        Ok(())
    }
}
