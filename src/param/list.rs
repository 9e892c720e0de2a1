//! A few whole numbers as one value.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Up to eight whole numbers, written `30|80`: small enough to be copied like any other value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<u64>", into = "Vec<u64>")]
pub struct List {
    items: [u64; Self::CAPACITY],
    len: usize,
}

impl List {
    /// The most numbers a list can hold.
    pub const CAPACITY: usize = 8;

    /// A list of these numbers; those beyond the capacity are left out.
    pub const fn of(numbers: &[u64]) -> Self {
        let mut list = Self {
            items: [0; Self::CAPACITY],
            len: 0,
        };
        while list.len < numbers.len() && list.len < Self::CAPACITY {
            list.items[list.len] = numbers[list.len];
            list.len += 1;
        }
        list
    }

    pub fn as_slice(&self) -> &[u64] {
        &self.items[..self.len]
    }
}

impl TryFrom<Vec<u64>> for List {
    type Error = String;

    fn try_from(numbers: Vec<u64>) -> Result<Self, String> {
        if numbers.len() > Self::CAPACITY {
            return Err(format!("{} numbers in a list of at most {}", numbers.len(), Self::CAPACITY));
        }
        Ok(Self::of(&numbers))
    }
}

impl From<List> for Vec<u64> {
    fn from(list: List) -> Self {
        list.as_slice().to_vec()
    }
}

impl FromStr for List {
    type Err = ();

    /// `30|80`; an empty text is an empty list.
    fn from_str(text: &str) -> Result<Self, ()> {
        let parts = text
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty() || text.contains('|'));
        let numbers: Vec<u64> = parts.map(|part| part.parse().map_err(|_| ())).collect::<Result<_, ()>>()?;
        Self::try_from(numbers).map_err(|_| ())
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, number) in self.as_slice().iter().enumerate() {
            write!(f, "{}{number}", if i == 0 { "" } else { "|" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_refuses_the_rest() {
        for text in ["", "7", "30|80|150"] {
            assert_eq!(text.parse::<List>().map(|list| list.to_string()), Ok(text.to_owned()));
        }
        for text in ["30,80", "30||80", "-1", "1.5", "a", "1|2|3|4|5|6|7|8|9"] {
            assert_eq!(text.parse::<List>(), Err(()), "{text}");
        }
        assert!(serde_json::from_str::<List>("[1,2,3,4,5,6,7,8,9]").is_err());
    }
}
