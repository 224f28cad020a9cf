//! The trees of another parser of the same language, where both know the syntax.

mod common;

use common::tree::tree;
use promql::{check::problems, parse, print};

#[test]
fn both_read_public_expressions_alike() {
    let Some(expressions) = common::public_expressions() else { return };
    let (mut alike, mut refused) = (0, 0);
    // A part of them, since the other parser takes its time.
    for expr in expressions.iter().step_by(7) {
        let expr = common::filled_in(expr);
        let ours = problems(&expr);
        match promql_parser::parser::parse(&expr) {
            // It forgets unary pluses.
            Ok(_) if expr.contains("(+") => {}
            Ok(theirs) => {
                assert!(ours.is_empty(), "{expr}\n{ours:?}");
                let ours = parse(&expr).ast;
                let theirs = theirs.to_string();
                assert_eq!(print::line(&ours), theirs, "{expr}");
                assert_eq!(tree(&parse(&theirs).ast), tree(&ours), "{expr}");
                alike += 1;
            }
            Err(error) => {
                assert!(!ours.is_empty(), "{expr}\n{error}");
                refused += 1;
            }
        }
    }
    println!("{alike} read alike, {refused} refused by both");
}
