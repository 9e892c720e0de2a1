//! Mean and standard deviation that neither overflow nor lose everything to rounding.

/// Mean and population standard deviation (ddof 0) of the finite values; (0, 0) if there are none.
///
/// Two passes, then the correction of Chan, Golub and LeVeque (1983) for the rounding of the mean. Values whose squares would overflow or
/// underflow are scaled by a power of two first, which is exact.
pub fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let finite = || values.clone().filter(|v| v.is_finite());
    let (count, sum, largest) = finite().fold((0_usize, 0.0, 0.0_f64), |(n, sum, most), v| {
        (n + 1, sum + v, most.max(v.abs()))
    });
    if count == 0 || largest == 0.0 {
        return (0.0, 0.0);
    }
    let n = count as f64;
    if is_ordinary(largest) {
        let mean = sum / n;
        let (squares, rest) = finite().fold((0.0, 0.0), |(squares, rest), v| {
            let d = v - mean;
            (squares + d * d, rest + d)
        });
        return (mean, spread(squares, rest, n));
    }
    // 2^600 and 2^-600 bring the extremes of the range back among ordinary numbers; the largest exponent is 1023.
    let (down, up) = if largest >= 1e140 {
        (TWO_TO_MINUS_600, TWO_TO_600)
    } else {
        (TWO_TO_600, TWO_TO_MINUS_600)
    };
    let mean = finite().map(|v| v * down).sum::<f64>() / n;
    let variance = finite().map(|v| (v * down - mean) * (v * down - mean)).sum::<f64>() / n;
    (mean * up, variance.sqrt() * up)
}

/// [`moments`] of every column of a row-major table of finite numbers, `width` wide, to the same bits: the rows are gone over as they lie in
/// memory.
pub(super) fn moments_of_columns(rows: &[f64], width: usize) -> Vec<(f64, f64)> {
    let width = width.max(1);
    let n = (rows.len() / width) as f64;
    let (mut mean, mut largest) = (vec![0.0; width], vec![0.0_f64; width]);
    for row in rows.chunks_exact(width) {
        for ((sum, most), &value) in mean.iter_mut().zip(&mut largest).zip(row) {
            *sum += value;
            *most = most.max(value.abs());
        }
    }
    mean.iter_mut().for_each(|sum| *sum /= n);
    let (mut squares, mut rest) = (vec![0.0; width], vec![0.0; width]);
    for row in rows.chunks_exact(width) {
        for ((&mean, (squares, rest)), &value) in mean.iter().zip(squares.iter_mut().zip(&mut rest)).zip(row) {
            let d = value - mean;
            *squares += d * d;
            *rest += d;
        }
    }
    (0..width)
        .map(|c| {
            if is_ordinary(largest[c]) {
                (mean[c], spread(squares[c], rest[c], n))
            } else {
                moments(rows.iter().skip(c).step_by(width).copied())
            }
        })
        .collect()
}

/// Whether squares of numbers up to this size neither overflow nor vanish.
pub(super) fn is_ordinary(largest: f64) -> bool {
    (1e-140..1e140).contains(&largest)
}

/// The standard deviation of `n` numbers from the sums of their squared and plain deviations from (nearly) the mean.
pub(super) fn spread(squares: f64, rest: f64, n: f64) -> f64 {
    ((squares - rest * rest / n) / n).max(0.0).sqrt()
}

const TWO_TO_600: f64 = f64::from_bits((1023 + 600) << 52);
const TWO_TO_MINUS_600: f64 = f64::from_bits((1023 - 600) << 52);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_huge_and_tiny() {
        assert_eq!(moments([1.0, 2.0, 3.0, f64::NAN].into_iter()), (2.0, (2.0_f64 / 3.0).sqrt()));
        let (mean, sd) = moments([1e308, -1e308, 1e300].into_iter());
        assert!(mean.is_finite() && (sd / 8.16e307 - 1.0).abs() < 1e-3, "{mean} {sd}");
        let (mean, sd) = moments([f64::MAX, f64::MAX, -f64::MAX].into_iter());
        assert!(mean.is_finite() && sd.is_finite());
        let (mean, sd) = moments([1e-310, 3e-310].into_iter());
        assert!((mean / 2e-310 - 1.0).abs() < 1e-9 && (sd / 1e-310 - 1.0).abs() < 1e-9);
        assert_eq!(moments([7.0; 5].into_iter()), (7.0, 0.0));
    }

    #[test]
    fn columns_as_one_by_one() {
        let rows = [1.0, 1e200, 0.0, 2.5, -1e200, 0.0, -4.1, 3e199, 0.0];
        let all = moments_of_columns(&rows, 3);
        for (c, &of_column) in all.iter().enumerate() {
            assert_eq!(of_column, moments(rows.iter().skip(c).step_by(3).copied()));
        }
        assert_eq!(all[2], (0.0, 0.0));
    }
}
