//! The names of functions, as they stay from build to build.

use super::module::Module;

/// The name of each of the module's own functions: what `wasm-bindgen` says of it, without the hash of its crate, which is
/// another one in another folder, and without the number that tells it from others of the same name.
pub fn names(module: &Module) -> Vec<Option<String>> {
    module.symbols.iter().map(|symbol| symbol.map(|symbol| without_hashes(without_number(symbol)))).collect()
}

/// `<T as Debug>::fmt[2]` -> `<T as Debug>::fmt`
fn without_number(symbol: &str) -> &str {
    let digits = symbol.strip_suffix(']').and_then(|symbol| symbol.rsplit_once('['));
    digits.filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(symbol, |(name, _)| name)
}

/// `core[c5930c85a12de822]::cmp` -> `core::cmp`
fn without_hashes(symbol: &str) -> String {
    const HASH: usize = "[c5930c85a12de822]".len();
    let mut name = String::with_capacity(symbol.len());
    let mut rest = symbol;
    while let Some(at) = rest.find('[') {
        let (before, found) = rest.split_at(at);
        name.push_str(before);
        let is_hash = found.get(..HASH).is_some_and(|hash| {
            hash.ends_with(']') && hash[1..HASH - 1].bytes().all(|digit| digit.is_ascii_hexdigit())
        });
        let (kept, after) = if is_hash { ("", &found[HASH..]) } else { found.split_at(1) };
        name.push_str(kept);
        rest = after;
    }
    name + rest
}

#[cfg(test)]
mod tests {
    use super::{without_hashes, without_number};

    #[test]
    fn hashes_and_numbers_go_and_all_else_stays() {
        let check = |symbol: &str, expected: &str| assert_eq!(without_hashes(without_number(symbol)), expected);
        check("core[c5930c85a12de822]::cmp", "core::cmp");
        check("<a[0123456789abcdef]::B<[u8; 4]> as c[c5930c85a12de822]::D>::e", "<a::B<[u8; 4]> as c::D>::e");
        check("<[T]>::len", "<[T]>::len");
        check("<&str as core[c5930c85a12de822]::fmt::Display>::fmt[12]", "<&str as core::fmt::Display>::fmt");
        // Older symbols' hashes are in another place, and stay: there are none in what is built here.
        check("memcpy", "memcpy");
        check("a[", "a[");
        check("a[ä", "a[ä");
    }
}
