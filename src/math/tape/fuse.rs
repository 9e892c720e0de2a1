//! Two operations in one walk over a block, where nobody else needs what comes between: half the loads and stores, the same bits.

use super::op::{Code, First, Second};
use super::traced::{Arg, Op};

/// Fuses pairs of a list in place. `last_uses` are those of every node, `everywhere` tells whether a node is worked out at every point: what
/// depends on less is worked out once a row or column, and stays by itself. What was fused away has no use any more.
pub(super) fn fuse(ops: &mut [Op], last_uses: &mut [Option<usize>], everywhere: impl Fn(usize) -> bool) {
    for node in 0..ops.len() {
        if let Some((fused, gone)) = pair(ops, last_uses, node, &everywhere) {
            ops[node] = fused;
            last_uses[gone] = None;
            // What the one that is gone used is used by the other now.
            for arg in fused.args {
                if let Arg::Node(used) = arg {
                    last_uses[used] = last_uses[used].max(Some(node));
                }
            }
        }
    }
}

/// What a node becomes together with one before it, and which one that is.
fn pair(ops: &[Op], last_uses: &[Option<usize>], node: usize, everywhere: &impl Fn(usize) -> bool) -> Option<(Op, usize)> {
    let Op { code, args } = ops[node];
    let [one, other, _] = args;
    let own = |arg: Arg| {
        let Arg::Node(used) = arg else {
            return None;
        };
        let uses = ops.iter().flat_map(|op| &op.args).filter(|a| **a == arg).count();
        let here = args.iter().filter(|a| **a == arg).count();
        let first = First::from_code(ops[used].code)?;
        let is_own = uses == here && last_uses[used] == Some(node) && everywhere(used);
        is_own.then_some((used, first))
    };
    let joined = |arg: Arg, second: Second, rest: Arg| {
        let (used, first) = own(arg)?;
        let [a, b, _] = ops[used].args;
        // A number goes second, where it is kept in a register.
        let swapped = matches!(a, Arg::Number(_)) && first != First::Sub;
        let [a, b] = if swapped { [b, a] } else { [a, b] };
        let code = Code::Joined(first, second);
        Some((
            Op {
                code,
                args: [a, b, rest],
            },
            used,
        ))
    };
    match code {
        Code::Mul if one == other => joined(one, Second::Square, Arg::Number(0.0)),
        _ if one == other => None,
        Code::Add => joined(one, Second::Add, other).or_else(|| joined(other, Second::Add, one)),
        Code::Sub => joined(one, Second::Sub, other).or_else(|| joined(other, Second::SubFrom, one)),
        Code::Mul => joined(one, Second::Mul, other).or_else(|| joined(other, Second::Mul, one)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::math::Real as _;
    use crate::math::tape::Plane;

    #[test]
    fn a_fused_plane_has_the_bits_of_one_operation_after_the_other() {
        let plane =
            Plane::record(|[x, y]| (y - x.square()).square() * 100.0 + (x * y + y) * (x * 3.0 - y) + (x - y).square() * (x - y));
        let plane = plane.expect("it looks at nothing");
        let a: Vec<f64> = (0..700).map(|i| f64::from(i) * 0.0137 - 4.0).collect();
        let (b, mut values) = (0.731, vec![0.0; a.len()]);
        let mut memory = vec![0.0; plane.memory()];
        plane.row(&plane.columns(&a), b, &mut values, &mut memory);
        for (x, value) in a.iter().zip(values) {
            let first = (b - x * x) * (b - x * x) * 100.0;
            let expected = first + (x * b + b) * (x * 3.0 - b) + (x - b) * (x - b) * (x - b);
            assert_eq!(value.to_bits(), expected.to_bits(), "{x}");
        }
    }
}
