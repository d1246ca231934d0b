//! Where a tensor stands in a module, in PyTorch's terms.

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

    /// The dotted name, such as `layers.0.norm.weight`. An enum's variant is no part of it.
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

    /// Is the tensor a linear layer's weight, which PyTorch keeps transposed?
    pub fn is_transposed(&self) -> bool {
        let last = self.levels.last();
        last.is_some_and(|(name, container)| container == "Struct:Linear" && name == "weight")
    }
}

/// Transposes row-major values of the shape `[rows, columns]`.
pub(super) fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..rows * columns)
        .map(|i| values[i % rows * columns + i / rows])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pytorchs() {
        let mut path = TensorPath::default();
        path.enter("TinyBn", "Enum:Network");
        path.enter("layers", "Struct:TinyBn");
        path.enter("0", "Vec");
        path.enter("norm", "Struct:ConvNorm");
        path.enter("gamma", "Struct:BatchNorm");
        assert_eq!(path.name(), "layers.0.norm.weight");
        path.exit();
        path.enter("running_var", "Struct:BatchNorm");
        assert_eq!(path.name(), "layers.0.norm.running_var");
    }

    #[test]
    fn transposing() {
        assert_eq!(
            transposed(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3),
            [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
        );
    }
}
