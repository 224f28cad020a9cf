//! A function's code, read so that stretches of it can be taken out.

use anyhow::{Context as _, Result};
use wasmparser::{
    FuncToValidate, FuncValidatorAllocations, FunctionBody, Operator, ValType, ValidatorResources,
    WasmModuleResources as _,
};

/// The code of one function.
pub struct Body<'a> {
    pub operators: Vec<Operator<'a>>,
    /// Which stretch each operator is in: what is run from its start is run to its end.
    pub stretches: Vec<usize>,
    /// The block around each operator, by the operator that opens it. For the `else` and `end` of a block it is that block.
    around: Vec<Option<usize>>,
    /// Where each block ends, by the operator that opens it.
    ends: Vec<usize>,
    /// Where the `else` of an `if` is.
    elses: Vec<Option<usize>>,
    /// Whether the block around has nothing on the stack before this operator.
    pub is_clean: Vec<bool>,
    /// Where each operator begins in the module.
    offsets: Vec<u64>,
    /// The types of its locals, those of its parameters first.
    pub locals: Vec<ValType>,
    pub parameters: usize,
    /// Whether it gives anything back.
    pub has_results: bool,
}

/// How a stretch of code ends with this operator, as a letter: what follows it may be run when it is not, or the other way
/// round. None where it goes on.
pub fn end_of_stretch(operator: &Operator) -> Option<char> {
    use Operator as O;
    match operator {
        O::Block { .. } => Some('b'),
        O::Loop { .. } => Some('l'),
        O::If { .. } => Some('i'),
        O::Else => Some('e'),
        O::End => Some('.'),
        O::Br { .. } => Some('g'),
        O::BrIf { .. } => Some('c'),
        O::BrTable { .. } => Some('t'),
        O::Return => Some('r'),
        O::Unreachable => Some('u'),
        _ => None,
    }
}

/// The ends of all stretches of a function.
///
/// # Errors
/// It is not valid.
pub fn stretches(body: &FunctionBody) -> Result<String> {
    let mut ends = String::new();
    for operator in body.get_operators_reader()? {
        ends.extend(end_of_stretch(&operator?));
    }
    Ok(ends)
}

impl<'a> Body<'a> {
    /// # Errors
    /// It is not valid.
    pub fn read(function: FuncToValidate<ValidatorResources>, body: &FunctionBody<'a>) -> Result<Self> {
        let kind = function.resources.sub_type_at(function.ty).context("a type that there is not")?.unwrap_func();
        let (parameters, has_results) = (kind.params().len(), !kind.results().is_empty());
        let mut validator = function.into_validator(FuncValidatorAllocations::default());
        validator.read_locals(&mut body.get_binary_reader())?;
        let locals = (0..validator.len_locals()).filter_map(|local| validator.get_local_type(local)).collect();
        let mut read = Self {
            operators: Vec::new(),
            stretches: Vec::new(),
            around: Vec::new(),
            ends: Vec::new(),
            elses: Vec::new(),
            is_clean: Vec::new(),
            offsets: Vec::new(),
            locals,
            parameters,
            has_results,
        };
        let mut reader = body.get_operators_reader()?;
        let (mut open, mut stretch) = (Vec::new(), 0);
        while !reader.eof() {
            let offset = reader.original_position();
            let operator = reader.read()?;
            let frame = validator.get_control_frame(0).context("code after its end")?;
            let height = validator.operand_stack_height() as usize;
            read.is_clean.push(!frame.unreachable && frame.height == height);
            validator.op(offset, &operator)?;
            read.push(operator, offset, stretch, &mut open);
            stretch += usize::from(read.operators.last().and_then(end_of_stretch).is_some());
        }
        read.offsets.push(reader.original_position());
        Ok(read)
    }

    fn push(&mut self, operator: Operator<'a>, offset: u64, stretch: usize, open: &mut Vec<usize>) {
        let at = self.operators.len();
        self.around.push(open.last().copied());
        self.ends.push(at);
        self.elses.push(None);
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } | Operator::TryTable { .. } => {
                open.push(at)
            }
            Operator::Else => {
                if let Some(opener) = open.last() {
                    self.elses[*opener] = Some(at);
                }
            }
            Operator::End => {
                if let Some(opener) = open.pop() {
                    self.ends[opener] = at;
                }
            }
            _ => {}
        }
        self.operators.push(operator);
        self.offsets.push(offset);
        self.stretches.push(stretch);
    }

    /// How many bytes these operators take.
    pub fn bytes(&self, from: usize, to: usize) -> usize {
        (self.offsets[to] - self.offsets[from]) as usize
    }

    /// What follows an operator and all that it opens.
    pub fn after(&self, at: usize) -> usize {
        self.ends[at] + 1
    }

    /// The sequences of operators within the block that `at` opens, if it does.
    pub fn inner(&self, at: usize) -> Vec<(usize, usize)> {
        let end = self.ends[at];
        match self.elses[at] {
            _ if end == at => Vec::new(),
            Some(middle) => vec![(at + 1, middle), (middle + 1, end)],
            None => vec![(at + 1, end)],
        }
    }

    /// The block that a branch at `at` leads out of, or back to the start of; none for the function itself.
    pub fn target(&self, at: usize, depth: u32) -> Option<usize> {
        (0..depth).try_fold(self.around[at]?, |block, _| self.around[block])
    }

    /// How many blocks are around an operator.
    pub fn depth(&self, at: usize) -> u32 {
        std::iter::successors(self.around[at], |block| self.around[*block]).count() as u32
    }

    /// Where a branch to a block goes on; none for the end of the function.
    pub fn landing(&self, block: Option<usize>) -> Option<usize> {
        let block = block?;
        Some(if matches!(self.operators[block], Operator::Loop { .. }) { block } else { self.ends[block] })
    }

    /// The branches of an operator, by their depths.
    pub fn branches(&self, at: usize) -> Vec<u32> {
        match &self.operators[at] {
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => vec![*relative_depth],
            Operator::BrTable { targets } => {
                targets.targets().filter_map(Result::ok).chain([targets.default()]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What may be run after an operator.
    pub fn next(&self, at: usize) -> Vec<usize> {
        let branches = self.branches(at).into_iter().filter_map(|depth| self.landing(self.target(at, depth)));
        let mut next: Vec<usize> = branches.collect();
        match self.operators[at] {
            Operator::Br { .. } | Operator::BrTable { .. } | Operator::Return | Operator::Unreachable => {}
            Operator::Else => next.extend(self.landing(self.around[at])),
            Operator::If { .. } => next.extend([at + 1, self.elses[at].map_or(self.ends[at], |middle| middle + 1)]),
            _ if at + 1 < self.operators.len() => next.push(at + 1),
            _ => {}
        }
        next
    }
}
