//! Reading formulas: `$A / 100 + abs(${My query})`.

use super::math::{Binary, Node, Unary};

/// How deep brackets and signs may be nested.
const MAX_DEPTH: usize = 100;
/// How many operators there may be: each is a level of the tree, which is walked by recursion.
const MAX_OPERATORS: usize = 1_000;

/// Operators by binding, the loosest first. Of two that begin alike the longer one comes first.
const LEVELS: [&[(&str, Binary)]; 6] = [
    &[("||", Binary::Or)],
    &[("&&", Binary::And)],
    &[
        ("==", Binary::Equal),
        ("!=", Binary::NotEqual),
        ("<=", Binary::LessOrEqual),
        (">=", Binary::GreaterOrEqual),
        ("<", Binary::Less),
        (">", Binary::Greater),
    ],
    &[("+", Binary::Add), ("-", Binary::Subtract)],
    &[("*", Binary::Multiply), ("/", Binary::Divide), ("%", Binary::Modulo)],
    &[("**", Binary::Power)],
];

/// Reads a formula.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Node, String> {
    let mut parser = Parser { rest: text, depth: 0, operators: 0 };
    let node = parser.level(0)?;
    parser.skip_blanks();
    match parser.rest {
        "" => Ok(node),
        rest => Err(format!("the formula cannot be read from `{}` on", crate::prefix(rest, 20))),
    }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
    operators: usize,
}

impl<'t> Parser<'t> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// The longest start whose characters all are as wanted.
    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// Operators of this level and tighter ones, from left to right.
    fn level(&mut self, level: usize) -> Result<Node, String> {
        let Some(operators) = LEVELS.get(level) else { return self.factor() };
        let mut node = self.level(level + 1)?;
        while let Some(op) = self.operator(operators) {
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return Err("the formula has too many operators".into());
            }
            let right = self.level(level + 1)?;
            node = Node::Binary(op, Box::new(node), Box::new(right));
        }
        Ok(node)
    }

    fn operator(&mut self, operators: &[(&str, Binary)]) -> Option<Binary> {
        self.skip_blanks();
        let (token, op) = operators.iter().find(|(token, _)| self.rest.starts_with(token))?;
        // A star may be half of the operator for powers, which binds tighter.
        if *token == "*" && self.rest.starts_with("**") {
            return None;
        }
        self.take(token);
        Some(*op)
    }

    fn factor(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the formula is nested too deep".into());
        }
        let node = self.unguarded_factor();
        self.depth -= 1;
        node
    }

    fn unguarded_factor(&mut self) -> Result<Node, String> {
        if self.take("(") {
            let node = self.level(0)?;
            return if self.take(")") { Ok(node) } else { Err("a closing bracket is missing".into()) };
        }
        for (token, op) in [("!", Unary::Not), ("-", Unary::Minus)] {
            if self.take(token) {
                return Ok(Node::Unary(op, Box::new(self.factor()?)));
            }
        }
        if self.take("${") {
            let name = self.take_while(|c| c != '}');
            return if self.take("}") {
                Ok(Node::Query(name.into()))
            } else {
                Err("a closing brace is missing".into())
            };
        }
        if self.take("$") {
            let name = self.take_while(|c| c.is_alphanumeric() || c == '_');
            return if name.is_empty() {
                Err("a query's name is missing behind $".into())
            } else {
                Ok(Node::Query(name.into()))
            };
        }
        match self.rest.chars().next() {
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() => self.function(),
            Some(_) => Err(format!("there is no value at `{}`", crate::prefix(self.rest, 20))),
            None => Err("the formula ends too early".into()),
        }
    }

    /// `2.5`, `1e-3`, `0x2A`, `072`.
    fn number(&mut self) -> Result<Node, String> {
        let start = self.rest;
        self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
        let mut taken = &start[..start.len() - self.rest.len()];
        let has_exponent = taken.ends_with(['e', 'E']) && !taken.starts_with("0x");
        if has_exponent && self.rest.starts_with(['+', '-']) {
            self.rest = &self.rest[1..];
            self.take_while(|c| c.is_ascii_digit());
            taken = &start[..start.len() - self.rest.len()];
        }
        let is_octal = taken.len() > 1 && taken.starts_with('0') && taken.bytes().all(|byte| byte.is_ascii_digit());
        let number = match taken.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok().map(|number| number as f64),
            None if is_octal => u64::from_str_radix(taken, 8).ok().map(|number| number as f64),
            None => frame::decimal::parse(taken),
        };
        number.map(Node::Number).ok_or_else(|| format!("`{}` is no number", crate::prefix(taken, 20)))
    }

    fn function(&mut self) -> Result<Node, String> {
        let name = self.take_while(|c| c.is_alphanumeric() || c == '_');
        if !self.take("(") {
            return Err(format!("`{}` is neither a query nor a function", crate::prefix(name, 20)));
        }
        let constant = match name {
            "nan" => Some(f64::NAN),
            "null" => Some(frame::GAP),
            "inf" => Some(f64::INFINITY),
            "infn" => Some(f64::NEG_INFINITY),
            _ => None,
        };
        let node = match constant {
            Some(constant) => Node::Number(constant),
            None => {
                let op = function(name).ok_or_else(|| format!("there is no function {}", crate::prefix(name, 20)))?;
                Node::Unary(op, Box::new(self.level(0)?))
            }
        };
        if self.take(")") { Ok(node) } else { Err(format!("the bracket behind {name} is not closed")) }
    }
}

fn function(name: &str) -> Option<Unary> {
    Some(match name {
        "abs" => Unary::Abs,
        "log" => Unary::Log,
        "round" => Unary::Round,
        "ceil" => Unary::Ceil,
        "floor" => Unary::Floor,
        "is_inf" => Unary::IsInf,
        "is_nan" => Unary::IsNan,
        "is_null" => Unary::IsNull,
        "is_number" => Unary::IsNumber,
        _ => return None,
    })
}
