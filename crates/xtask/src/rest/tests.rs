//! Whatever is taken out, and whatever lies in the rest: a module does what it did.

use super::memory::Divided;
use super::module::Module;
use super::outline::{Outline, stretches};
use super::plan::Plan;
use super::{FIRST, GLUE, IS_THERE, LOAD, NAMESPACE, first, later, short_name};
use wasmi::{Caller, Engine, Linker, Store, Val};

/// Enough code that it is worth to take it out, and that what it does depends on all it is given.
const MIX: &str = "
    (local.set $x (i32.xor (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))
    (local.set $y (i64.add (i64.mul (local.get $y) (i64.const 1000003)) (i64.extend_i32_u (local.get $x))))
    (local.set $x (i32.add (local.get $x) (i32.wrap_i64 (local.get $y))))
    (local.set $x (i32.xor (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))";

/// Function `f` from a number to a number, of which the code is given: it may use the locals `$n`, `$x` and `$y`, calls
/// `$other`, and a global.
fn module(code: &str) -> Vec<u8> {
    let text = format!(
        "(module
            (import \"{GLUE}\" \"__wbg_other\" (func $glue (param i32) (result i32)))
            (memory 1)
            (global $g (mut i32) (i32.const 5))
            (table 3 funcref)
            (elem (i32.const 0) $wide $far $other)
            (type $unary (func (param i32) (result i32)))
            (type $binary (func (param i32 i32) (result i32)))
            (func $wide (type $binary) (i32.sub (local.get 0) (i32.mul (local.get 1) (i32.const 5))))
            (func $far (type $unary) (global.set $g (local.get 0)) (i32.sub (local.get 0) (i32.const 9)))
            (func $other (type $unary) (i32.mul (call $far (local.get 0)) (call $glue (global.get $g))))
            (func (export \"f\") (param $n i32) (result i32) (local $x i32) (local $y i64)
                {}
                (i32.add (local.get $x) (i32.wrap_i64 (local.get $y)))))",
        code.replace("MIX", MIX)
    );
    wat::parse_str(text).unwrap()
}

const CODES: &[&str] = &[
    "MIX MIX",
    "(if (local.get $n) (then MIX) (else (local.set $x (call $other (local.get $n))) MIX)) MIX",
    // Out of a block, in two ways, and on.
    "(block $out
        (block $in (br_if $in (i32.eqz (local.get $n))) MIX (br_if $out (i32.and (local.get $x) (i32.const 1))) MIX)
        MIX)",
    // A loop that something far within goes on with, or ends.
    "(block $done (loop $again
        (br_if $done (i32.gt_u (local.get $x) (i32.const 70000)))
        (local.set $x (i32.add (local.get $x) (i32.const 30000)))
        (if (i32.and (local.get $n) (i32.const 1)) (then MIX (br $again)) (else MIX (br_if $done (local.get $n)) MIX))
        (br $again)))",
    // Many ways from one place.
    "(block $a (block $b (block $c (br_table $a $b $c (i32.rem_u (local.get $n) (i32.const 3)))) MIX (br $a))
        (local.set $x (call_indirect (type $unary) (local.get $n) (i32.const 1))) MIX)
     MIX",
    // Through the table to functions of two types, the later one first.
    "(local.set $x (call_indirect (type $binary) (local.get $n) (i32.const 6) (i32.const 0)))
     (local.set $x (call_indirect (type $unary) (local.get $x) (i32.const 1))) MIX",
    "(block $a (block $b MIX
        (block $c (br_table $c $a $b (i32.rem_u (local.get $x) (i32.const 3)))) MIX (br_if $a (local.get $x)) MIX) MIX)",
    // What has a result, and what is on the stack around it, stay where they are.
    "(local.set $x (i32.add (local.get $n) (block $v (result i32) MIX (br_if $v (i32.const 7) (local.get $n)) (drop) MIX (i32.const 3))))",
    "(if (i32.eq (local.get $n) (i32.const 3)) (then MIX (return (local.get $x)))) MIX
     (if (i32.eq (local.get $n) (i32.const 4)) (then MIX (unreachable)))",
];

#[test]
fn what_is_taken_out_does_what_it_did() {
    for code in CODES {
        let wasm = module(code);
        let whole = Module::read(&wasm).unwrap();
        let own = whole.bodies.len() - 1;
        let count = stretches(&whole.bodies[own]).unwrap().len();
        let expected = results(&wasm, None);
        let mut most = 0;
        // Every way to run short ones, and some sixty of a longer one: an odd step, so that all stretches differ.
        for run in (0..1_u32 << count).step_by(if count < 8 { 1 } else { (1 << count) / 128 * 2 - 1 }) {
            let outline = Outline::new(&wasm, |function, stretch| function != own || run & 1 << stretch != 0).unwrap();
            let outlined = outline.write().unwrap();
            wasmparser::Validator::new().validate_all(&outlined).unwrap();
            most = most.max(Module::read(&outlined).unwrap().bodies.len() - whole.bodies.len());
            assert_eq!(results(&outlined, None), expected, "{run:b} of {code}");
        }
        assert!(most > 0, "nothing is ever taken out of {code}");
    }
}

#[test]
fn the_rest_does_what_was_in_the_module() {
    for code in CODES {
        let wasm = module(code);
        let expected = results(&wasm, None);
        let outlined = Outline::new(&wasm, |_, _| false).unwrap().write().unwrap();
        let module = Module::read(&outlined).unwrap();
        for wanted in 0..1_usize << module.bodies.len() {
            let plan = Plan::new(&module, |own| wanted & 1 << own != 0);
            let data = Divided::new(&outlined, &module, &plan).unwrap();
            let first = first::write(&outlined, &module, &plan, &data).unwrap();
            let rest = later::write(&outlined, &module, &plan, &data).unwrap();
            wasmparser::Validator::new().validate_all(&first).unwrap();
            wasmparser::Validator::new().validate_all(&rest).unwrap();
            assert_eq!(results(&first, Some(&rest)), expected, "{wanted:b} of {code}");
        }
    }
}

/// What `f` gives for some numbers: none where it stops. A door that is called loads the rest.
fn results(wasm: &[u8], rest: Option<&[u8]>) -> Vec<Option<i32>> {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let glue = |number: i32| number ^ 77;
    for name in ["__wbg_other", &short_name(0)] {
        linker.func_wrap(GLUE, name, glue).unwrap();
    }
    if let Some(rest) = rest {
        let rest = wasmi::Module::new(&engine, rest).unwrap();
        let load = move |mut caller: Caller<'_, ()>| {
            let mut linker = Linker::new(caller.engine());
            linker.func_wrap(GLUE, &short_name(0), glue).unwrap();
            for import in rest.imports().filter(|import| import.module() == FIRST) {
                let given = caller.get_export(import.name()).unwrap();
                linker.define(FIRST, import.name(), given).unwrap();
            }
            linker.instantiate_and_start(&mut caller, &rest).unwrap();
            let is_there = caller.get_export(IS_THERE).and_then(wasmi::Extern::into_global).unwrap();
            assert_eq!(is_there.get(&caller).i32(), Some(0), "it is loaded once");
            is_there.set(&mut caller, Val::I32(1)).unwrap();
        };
        linker.func_wrap(NAMESPACE, LOAD, load).unwrap();
    }
    let module = wasmi::Module::new(&engine, wasm).unwrap();
    let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
    let f = instance.get_typed_func::<i32, i32>(&store, "f").unwrap();
    (-2..12).map(|number| f.call(&mut store, number).ok()).collect()
}
