//! The same step for every coordinate.

use crate::math::simd;
use crate::math::threads::{AtWork, Helpers, fill_rows};

/// Coordinates that a thread steps at a time.
const TOGETHER: usize = 8192;
/// Coordinates from which on their steps are shared out: fewer are done before anyone comes to help.
const WORTH_SHARING: usize = 4 * TOGETHER;

/// Steps every coordinate: `step` gets the coordinate, its gradient and its place in each of the memories.
#[inline(always)]
pub(super) fn each<const K: usize>(
    x: &mut [f64],
    grad: &[f64],
    memories: [&mut [f64]; K],
    step: impl Fn(&mut f64, f64, [&mut f64; K]) + Sync,
) {
    let at_work = (x.len() >= WORTH_SHARING).then(AtWork::begin);
    match at_work.as_ref().map_or(1, AtWork::threads) {
        1 => one_by_one(x, grad, memories, &step),
        threads => shared(threads, x, grad, memories, &step),
    }
}

#[inline(always)]
fn one_by_one<const K: usize>(
    x: &mut [f64],
    grad: &[f64],
    memories: [&mut [f64]; K],
    step: &impl Fn(&mut f64, f64, [&mut f64; K]),
) {
    let n = x.len();
    let (grad, mut memories) = (&grad[..n], memories.map(|memory| &mut memory[..n]));
    for i in 0..n {
        step(&mut x[i], grad[i], memories.each_mut().map(|memory| &mut memory[i]));
    }
}

/// Some coordinates, their gradients, and their places in each of the memories.
struct Piece<'a, const K: usize> {
    x: &'a mut [f64],
    grad: &'a [f64],
    memories: [&'a mut [f64]; K],
}

/// Piece by piece, on several threads.
#[inline(never)]
fn shared<const K: usize>(
    threads: usize,
    x: &mut [f64],
    grad: &[f64],
    memories: [&mut [f64]; K],
    step: &(impl Fn(&mut f64, f64, [&mut f64; K]) + Sync),
) {
    let mut memories = memories.map(|memory| memory.chunks_mut(TOGETHER));
    let pieces = x.chunks_mut(TOGETHER).zip(grad.chunks(TOGETHER));
    let pieces = pieces.map(|(x, grad)| Piece {
        x,
        grad,
        memories: memories.each_mut().map(|memory| memory.next().unwrap_or_default()),
    });
    let fill = |(): &mut (), _, pieces: &mut [Piece<'_, K>]| {
        for Piece { x, grad, memories } in pieces {
            let memories = memories.each_mut().map(|memory| &mut **memory);
            simd::wide(
                x.len(),
                #[inline(always)]
                || one_by_one(x, grad, memories, step),
            );
        }
    };
    let mut pieces: Vec<_> = pieces.collect();
    fill_rows(&mut pieces, 1, (threads, Helpers::Waiting), &(), &fill, &|_| true);
}
