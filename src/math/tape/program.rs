//! From the list of what a formula does to what is to be done where: once for all, once a column, once a row, or at every point.

use super::fuse::fuse;
use super::op::Code;
use super::play::{Block, Env, fill_columns, play_points, play_row};
use super::traced::{Arg, Op, Recorder, Traced};
use crate::math::simd::LANES;

/// Where an operand is found while a program runs.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    Number(f64),
    /// The same at all points of a row.
    Scalar(usize),
    /// One number for each point, there before the block begins.
    Column(usize),
    /// The result of an earlier step in this block.
    Slot(usize),
}

/// One operation, with its operands found.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub code: Code,
    pub args: [Source; 3],
    pub to: usize,
}

/// What is done at every point of a block. Slots are used again as soon as nobody needs what is in them.
#[derive(Debug, Default)]
pub struct Body {
    pub steps: Vec<Step>,
    pub slots: usize,
}

/// A formula as it was recorded.
struct Recording {
    ops: Vec<Op>,
    outputs: Vec<Arg>,
}

impl Recording {
    /// None if the formula looked at its numbers.
    fn of<const N: usize>(formula: impl for<'a> FnOnce([Traced<'a>; 2]) -> [Traced<'a>; N]) -> Option<Self> {
        let recorder = Recorder::default();
        let outputs = formula([recorder.input(0), recorder.input(1)]).map(Traced::arg);
        let looked = recorder.looked.get();
        let ops = recorder.ops.into_inner();
        (!looked).then_some(Self {
            ops,
            outputs: outputs.to_vec(),
        })
    }

    /// Of every node, the last one that uses it: its own number if none does, none at all for what nothing needs.
    fn last_uses(&self) -> Vec<Option<usize>> {
        let mut last = vec![None; self.ops.len()];
        for output in &self.outputs {
            if let Arg::Node(node) = output {
                last[*node] = Some(usize::MAX);
            }
        }
        for node in (0..self.ops.len()).rev() {
            if last[node].is_none() {
                continue;
            }
            for arg in &self.ops[node].args {
                if let Arg::Node(used) = arg {
                    last[*used] = last[*used].max(Some(node));
                }
            }
        }
        last
    }

    /// Of every node, the set of variables that it depends on, as bits.
    fn dependencies(&self) -> Vec<u8> {
        let mut sets: Vec<u8> = Vec::with_capacity(self.ops.len());
        for op in &self.ops {
            let own = match op.code {
                Code::Input(index) => 1 << index,
                _ => 0,
            };
            let of_args = op.args.iter().map(|arg| match arg {
                Arg::Number(_) => 0,
                Arg::Node(node) => sets[*node],
            });
            let set = of_args.fold(own, |all, set| all | set);
            sets.push(set);
        }
        sets
    }
}

/// Gives places to results while a recording becomes a program.
struct Placing {
    places: Vec<Source>,
    body: Body,
    free: Vec<usize>,
}

impl Placing {
    fn new(nodes: usize) -> Self {
        Self {
            places: vec![Source::Number(f64::NAN); nodes],
            body: Body::default(),
            free: Vec::new(),
        }
    }

    fn source(&self, arg: Arg) -> Source {
        match arg {
            Arg::Number(number) => Source::Number(number),
            Arg::Node(node) => self.places[node],
        }
    }

    fn step(&self, op: &Op, to: usize) -> Step {
        Step {
            code: op.code,
            args: op.args.map(|arg| self.source(arg)),
            to,
        }
    }

    /// The operation is done at every point.
    fn in_block(&mut self, node: usize, op: &Op, last_uses: &[Option<usize>]) {
        let to = self.free.pop().unwrap_or(self.body.slots);
        self.body.slots = self.body.slots.max(to + 1);
        let step = self.step(op, to);
        self.body.steps.push(step);
        self.places[node] = Source::Slot(to);
        for (i, arg) in op.args.iter().enumerate() {
            if let Arg::Node(used) = arg
                && let Source::Slot(slot) = self.places[*used]
                && last_uses[*used] == Some(node)
                && !op.args[..i].contains(arg)
            {
                self.free.push(slot);
            }
        }
    }
}

/// A formula of two variables over a grid whose columns share the first and whose rows share the second.
#[derive(Debug)]
pub struct Plane {
    columns: Vec<Step>,
    scalars: Vec<Step>,
    body: Body,
    output: Source,
}

impl Plane {
    /// Records a formula; none if it looks at its numbers.
    pub fn record(formula: impl for<'a> FnOnce([Traced<'a>; 2]) -> Traced<'a>) -> Option<Self> {
        let mut recording = Recording::of(|x| [formula(x)])?;
        let (mut last_uses, dependencies) = (recording.last_uses(), recording.dependencies());
        fuse(&mut recording.ops, &mut last_uses, |node| dependencies[node] == 0b11);
        let mut placing = Placing::new(recording.ops.len());
        let (mut columns, mut scalars) = (Vec::new(), Vec::new());
        for (node, op) in recording.ops.iter().enumerate() {
            match dependencies[node] {
                // The variables come first, whether they are needed or not.
                _ if last_uses[node].is_none() && !matches!(op.code, Code::Input(_)) => {}
                0b01 => {
                    columns.push(placing.step(op, columns.len()));
                    placing.places[node] = Source::Column(columns.len() - 1);
                }
                0b10 => {
                    scalars.push(placing.step(op, scalars.len()));
                    placing.places[node] = Source::Scalar(scalars.len() - 1);
                }
                _ => placing.in_block(node, op, &last_uses),
            }
        }
        let output = placing.source(recording.outputs[0]);
        Some(Self {
            columns,
            scalars,
            body: placing.body,
            output,
        })
    }

    /// All that depends on the first variable only, for these values of it: one column after the other, each of whole vectors.
    pub fn columns(&self, a: &[f64]) -> Vec<f64> {
        let padded = a.len().next_multiple_of(LANES);
        let mut columns = Vec::with_capacity(padded * self.columns.len());
        columns.extend(a);
        // Numbers that are like the others: nothing is known of what a formula does elsewhere.
        columns.resize(padded, a.last().copied().unwrap_or(0.0));
        columns.resize(padded * self.columns.len(), 0.0);
        fill_columns(&self.columns[1..], &mut columns, padded);
        columns
    }

    /// Room for the scalars, in whole vectors: the slots that follow begin where a cache line does if the memory does.
    fn scalars_room(&self) -> usize {
        self.scalars.len().next_multiple_of(LANES)
    }

    /// Floats that [`Self::row`] works in.
    pub fn memory(&self) -> usize {
        self.scalars_room() + self.body.slots * Block::LEN
    }

    /// The values of one row, for the columns that [`Self::columns`] gave.
    pub fn row(&self, columns: &[f64], b: f64, values: &mut [f64], memory: &mut [f64]) {
        let (scalars, slots) = memory.split_at_mut(self.scalars_room());
        scalars[0] = b;
        for (i, step) in self.scalars.iter().enumerate().skip(1) {
            scalars[i] = step.code.of(step.args.map(|arg| match arg {
                Source::Number(number) => number,
                Source::Scalar(i) => scalars[i],
                Source::Column(_) | Source::Slot(_) => f64::NAN,
            }));
        }
        let env = Env {
            columns,
            padded: values.len().next_multiple_of(LANES),
            scalars,
        };
        play_row(&self.body, self.output, env, slots, values);
    }
}

/// Several formulas of two variables over a list of points.
#[derive(Debug)]
pub struct Points<const N: usize> {
    body: Body,
    outputs: [Source; N],
    costly: bool,
}

impl<const N: usize> Points<N> {
    /// Records formulas; none if one looks at its numbers.
    pub fn record(formulas: impl for<'a> FnOnce([Traced<'a>; 2]) -> [Traced<'a>; N]) -> Option<Self> {
        let mut recording = Recording::of(formulas)?;
        let mut last_uses = recording.last_uses();
        fuse(&mut recording.ops, &mut last_uses, |_| true);
        let mut placing = Placing::new(recording.ops.len());
        for (node, op) in recording.ops.iter().enumerate() {
            match op.code {
                Code::Input(index) => placing.places[node] = Source::Column(usize::from(index)),
                _ if last_uses[node].is_some() => placing.in_block(node, op, &last_uses),
                _ => {}
            }
        }
        let outputs = std::array::from_fn(|i| placing.source(recording.outputs[i]));
        let costly = placing.body.steps.iter().any(|step| step.code.is_costly());
        Some(Self {
            body: placing.body,
            outputs,
            costly,
        })
    }

    /// Whether there is more to a point than the arithmetic that compilers are good at.
    pub fn is_costly(&self) -> bool {
        self.costly
    }

    /// Floats that [`Self::play`] works in.
    pub fn memory(&self) -> usize {
        self.body.slots * Block::LEN
    }

    /// Values at many points: `xy` has all first coordinates, then all second ones, a whole number of vectors of each; `to` are as
    /// many values of every formula.
    pub fn play(&self, xy: &[f64], to: [&mut [f64]; N], memory: &mut [f64]) {
        let env = Env {
            columns: xy,
            padded: xy.len() / 2,
            scalars: &[],
        };
        play_points(&self.body, self.outputs, env, memory, to);
    }
}
