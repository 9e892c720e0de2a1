//! Parameters in files: safetensors, with names and shapes as PyTorch gives them for an `nn.Sequential` called `layers`.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::{Architecture, ModelCard, ModelError};

/// The name under which the description of a model stands in the file.
const CARD: &str = "optiscope";
/// Longest description that is read, in bytes: recipes hold a few numbers a column.
const LONGEST_CARD: usize = 64 << 20;

/// Writes the parameters as F64: beside the target and then renamed, so that there is never half a file.
pub fn save(path: &Path, architecture: &Architecture, params: &[f64]) -> Result<(), ModelError> {
    write(path, architecture, params, None)
}

/// The same with what it takes to predict.
pub(super) fn save_with(path: &Path, architecture: &Architecture, params: &[f64], card: &ModelCard) -> Result<(), ModelError> {
    let text = card.text().map_err(|why| ModelError::Description {
        path: path.to_path_buf(),
        why: format!("the recipe cannot be kept in a file: {why}"),
    })?;
    write(path, architecture, params, Some(HashMap::from([(CARD.to_owned(), text)])))
}

fn write(
    path: &Path,
    architecture: &Architecture,
    params: &[f64],
    about: Option<HashMap<String, String>>,
) -> Result<(), ModelError> {
    assert_eq!(params.len(), architecture.n_params(), "one number a parameter");
    let io = |source| ModelError::Io {
        path: path.to_path_buf(),
        source,
    };
    let tensors: Vec<_> = architecture
        .layout()
        .into_iter()
        .map(|tensor| {
            let bytes: Vec<u8> = params[tensor.range].iter().flat_map(|p| p.to_le_bytes()).collect();
            (tensor.name, tensor.shape, bytes)
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F64, shape.clone(), bytes).map_err(|e| io(std::io::Error::other(e)))?;
        Ok((name.as_str(), view))
    });
    let views: Vec<_> = views.collect::<Result<_, ModelError>>()?;
    let file = safetensors::serialize(views, about).map_err(|e| io(std::io::Error::other(e)))?;
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    beside.write_all(&file).map_err(io)?;
    beside.persist(path).map_err(|e| io(e.error))?;
    Ok(())
}

/// Reads parameters (F64 or F32) for a model of this architecture.
pub fn load(path: &Path, architecture: &Architecture) -> Result<Vec<f64>, ModelError> {
    load_prefixed(path, architecture, "")
}

/// Reads parameters of whatever layers there are, with the units of the features and of each layer.
pub(super) fn load_layers(path: &Path) -> Result<(Vec<usize>, Vec<f64>), ModelError> {
    let bytes = read(path)?;
    let file = SafeTensors::deserialize(&bytes).map_err(|why| format_error(path, &why))?;
    let shapes = (0..).map_while(|i| Some(file.tensor(&format!("layers.{i}.weight")).ok()?.shape().to_vec()));
    let shapes: Vec<Vec<usize>> = shapes.collect();
    let inputs = shapes.first().and_then(|shape| shape.get(1)).copied();
    let outputs = shapes.iter().map(|shape| shape.first().copied().unwrap_or(0));
    // What does not fit together is told by name when the tensors are read.
    let units: Vec<usize> = [inputs.unwrap_or(0)].into_iter().chain(outputs).collect();
    let params = parse(path, &bytes, &Architecture::of_units(&units), "")?;
    Ok((units, params))
}

/// Reads one of several sets of parameters in a file: the tensors whose names begin with `prefix`, others left alone.
pub fn load_prefixed(path: &Path, architecture: &Architecture, prefix: &str) -> Result<Vec<f64>, ModelError> {
    parse(path, &read(path)?, architecture, prefix)
}

/// Reads a model with what it takes to predict.
pub(super) fn load_with_card(path: &Path) -> Result<(ModelCard, Vec<f64>), ModelError> {
    let bytes = read(path)?;
    let (_, about) = SafeTensors::read_metadata(&bytes).map_err(|why| format_error(path, &why))?;
    let text = about.metadata().as_ref().and_then(|about| about.get(CARD));
    let text = text.ok_or_else(|| ModelError::WeightsOnly {
        path: path.to_path_buf(),
    })?;
    let described = |why| ModelError::Description {
        path: path.to_path_buf(),
        why,
    };
    if text.len() > LONGEST_CARD {
        return Err(described(
            "what it says of the model is too long to be true; save the model anew".to_owned(),
        ));
    }
    let card = ModelCard::from_text(text).map_err(described)?;
    if !card.is_no_larger_than(bytes.len()) {
        return Err(described(
            "there are fewer weights in it than it says; save the model anew".to_owned(),
        ));
    }
    let params = parse(path, &bytes, card.architecture(), "")?;
    Ok((card, params))
}

fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    std::fs::read(path).map_err(|source| ModelError::Io {
        path: path.to_path_buf(),
        source,
    })
}

fn format_error(path: &Path, why: &safetensors::SafeTensorError) -> ModelError {
    ModelError::Format {
        path: path.to_path_buf(),
        detail: why.to_string(),
    }
}

fn parse(path: &Path, bytes: &[u8], architecture: &Architecture, prefix: &str) -> Result<Vec<f64>, ModelError> {
    let file = SafeTensors::deserialize(bytes).map_err(|why| format_error(path, &why))?;
    let mut layout = architecture.layout();
    layout.iter_mut().for_each(|tensor| tensor.name.insert_str(0, prefix));
    let mut params = vec![0.0; architecture.n_params()];
    for tensor in &layout {
        let Ok(view) = file.tensor(&tensor.name) else {
            let mut names = file.names();
            names.sort_unstable();
            return Err(ModelError::MissingTensor {
                path: path.to_path_buf(),
                name: tensor.name.clone(),
                expected: tensor.shape.clone(),
                present: if names.is_empty() { "none".into() } else { names.join(", ") },
            });
        };
        if view.shape() != tensor.shape {
            return Err(ModelError::Shape {
                path: path.to_path_buf(),
                name: tensor.name.clone(),
                found: view.shape().to_vec(),
                expected: tensor.shape.clone(),
            });
        }
        let to = params[tensor.range.clone()].iter_mut();
        match view.dtype() {
            Dtype::F64 => to
                .zip(view.data().as_chunks().0)
                .for_each(|(p, b)| *p = f64::from_le_bytes(*b)),
            Dtype::F32 => to
                .zip(view.data().as_chunks().0)
                .for_each(|(p, b)| *p = f32::from_le_bytes(*b).into()),
            other => {
                return Err(ModelError::Dtype {
                    path: path.to_path_buf(),
                    name: tensor.name.clone(),
                    dtype: format!("{other:?}"),
                });
            }
        }
    }
    let mut names = file.names();
    names.retain(|name| name.starts_with(prefix));
    names.sort_unstable();
    match names.into_iter().find(|name| !layout.iter().any(|t| t.name == *name)) {
        Some(extra) => Err(ModelError::ExtraTensor {
            path: path.to_path_buf(),
            name: extra.to_string(),
            last: layout.last().map_or_else(String::new, |t| t.name.clone()),
        }),
        None => Ok(params),
    }
}
