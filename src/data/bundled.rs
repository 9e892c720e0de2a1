//! Real data sets that come with the program (assets/data/README.md has origins and licences in full).

use super::{DataError, Progress, ReadOptions, Table, read_bytes};

/// A data set inside the program.
#[derive(Debug, Clone, Copy)]
pub struct Bundled {
    /// Permanent: files and the command line say it.
    pub id: &'static str,
    pub title: &'static str,
    /// What is in it, one sentence.
    pub about: &'static str,
    pub origin: &'static str,
    pub licence: &'static str,
    bytes: &'static [u8],
}

const UCI: &str = "CC BY 4.0";

/// All of them, in the order of the menu.
pub const BUNDLED: &[Bundled] = &[
    Bundled {
        id: "iris",
        title: "Iris",
        about: "Sepals and petals of 150 flowers of three species",
        origin: "Fisher 1936; UCI Machine Learning Repository",
        licence: UCI,
        bytes: include_bytes!("../../assets/data/iris.csv"),
    },
    Bundled {
        id: "wine",
        title: "Wine",
        about: "Chemical analysis of 178 wines of three cultivars",
        origin: "Aeberhard and Forina 1991; UCI Machine Learning Repository",
        licence: UCI,
        bytes: include_bytes!("../../assets/data/wine.csv"),
    },
    Bundled {
        id: "breast_cancer",
        title: "Breast cancer",
        about: "Cell nuclei of 569 tumours, malignant or benign",
        origin: "Wolberg, Mangasarian, Street and Street 1995; UCI Machine Learning Repository",
        licence: UCI,
        bytes: include_bytes!("../../assets/data/breast_cancer.csv"),
    },
    Bundled {
        id: "diabetes",
        title: "Diabetes",
        about: "Progression of the disease in 442 patients one year on",
        origin: "Efron, Hastie, Johnstone and Tibshirani 2004; scikit-learn",
        licence: "BSD-3-Clause",
        bytes: include_bytes!("../../assets/data/diabetes.csv"),
    },
    Bundled {
        id: "penguins",
        title: "Penguins",
        about: "Bills, flippers and weights of 344 penguins of three species, with missing values",
        origin: "Gorman, Williams and Fraser; palmerpenguins (Horst, Hill and Gorman 2020)",
        licence: "CC0 1.0",
        bytes: include_bytes!("../../assets/data/penguins.csv"),
    },
];

impl Bundled {
    /// The one with this id.
    pub fn from_id(id: &str) -> Option<&'static Self> {
        BUNDLED.iter().find(|b| b.id == id)
    }

    /// The table, read as any file is.
    ///
    /// # Errors
    /// As [`read_bytes`].
    pub fn table(&self) -> Result<Table, DataError> {
        read_bytes(self.id, self.bytes, &ReadOptions::default(), &Progress::default())
    }
}
