//! A tensor's path in a module, in PyTorch's terms.

/// Follows a visitor or mapper through the module tree.
#[derive(Default)]
pub(super) struct TensorPath {
    /// Field name and container of each level, as Burn's derive reports them.
    levels: Vec<(String, String)>,
}

impl TensorPath {
    pub fn enter(&mut self, name: &str, container: &str) {
        self.levels.push((name.into(), container.into()));
    }

    pub fn exit(&mut self) {
        self.levels.pop();
    }

    /// The dotted name, such as `layers.0.weight`, without enum variants.
    pub fn name(&self) -> String {
        let parts = self.levels.iter();
        let parts = parts.filter(|(_, container)| !container.starts_with("Enum:"));
        let name = |(name, container): &(String, String)| {
            match (container.as_str(), name.as_str()) {
                ("Struct:BatchNorm", "gamma") => "weight",
                ("Struct:BatchNorm", "beta") => "bias",
                (_, name) => name,
            }
            .to_owned()
        };
        parts.map(name).collect::<Vec<_>>().join(".")
    }

    /// Whether the tensor is a linear layer's weight, which PyTorch stores transposed.
    pub fn is_transposed(&self) -> bool {
        let last = self.levels.last();
        last.is_some_and(|(name, container)| container == "Struct:Linear" && name == "weight")
    }
}

/// Transposes row-major values of the shape `[rows, columns]`.
pub(super) fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut turned = vec![0.0; values.len()];
    for (r, row) in values.chunks_exact(columns.max(1)).enumerate() {
        for (&value, place) in row.iter().zip(turned[r..].iter_mut().step_by(rows)) {
            *place = value;
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pytorchs() {
        let mut path = TensorPath::default();
        path.enter("layers", "Struct:Network");
        path.enter("1", "Vec");
        path.enter("Norm", "Enum:Layer");
        path.enter("gamma", "Struct:BatchNorm");
        assert_eq!(path.name(), "layers.1.weight");
        path.exit();
        path.enter("running_var", "Struct:BatchNorm");
        assert_eq!(path.name(), "layers.1.running_var");
    }

    #[test]
    fn transposing() {
        assert_eq!(
            transposed(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3),
            [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
        );
    }
}
