//! What a misspelt word was meant to be.

/// The known word that a misspelt one is nearest to, if it is near.
pub fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase().replace(['-', ' '], "_");
    let distance = |word: &&str| edit_distance(&given, word);
    let near = known.iter().copied().min_by_key(|word| distance(word))?;
    (distance(&near) <= 1 + near.chars().count() / 4).then_some(near)
}

/// How many letters must be added, removed or replaced to make one word of the other (Levenshtein 1966).
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{edit_distance, nearest};

    #[test]
    fn misspelt_words_find_their_like() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
        let known = ["rosenbrock", "beale", "himmelblau"];
        assert_eq!(nearest("Rosenbrok", &known), Some("rosenbrock"));
        assert_eq!(nearest("xyz", &known), None);
    }
}
