//! Projects embeddings onto a plane.

use super::dot;

/// Steps of the power iteration; more make no visible difference.
const N_STEPS: usize = 60;

/// Returns the place of each point, relative to their mean, along the two directions in which the points differ most
/// (principal components, Pearson 1901, by power iteration). The same points give the same places.
pub fn project(points: &[Vec<f32>]) -> Vec<[f32; 2]> {
    let width = points.iter().map(Vec::len).max().unwrap_or_default();
    let mut mean = vec![0.0; width];
    for point in points {
        add(&mut mean, point, 1.0 / points.len() as f32);
    }
    let mut rest: Vec<Vec<f32>> = points
        .iter()
        .map(|point| {
            let mut centred = point.clone();
            centred.resize(width, 0.0);
            add(&mut centred, &mean, -1.0);
            centred
        })
        .collect();
    let mut places = vec![[0.0; 2]; points.len()];
    for axis in 0..2 {
        let direction = main_direction(&rest, width);
        for (place, point) in places.iter_mut().zip(&mut rest) {
            place[axis] = dot(point, &direction);
            // Leaves the remainder for the second direction.
            add(point, &direction, -place[axis]);
        }
    }
    places
}

/// A vector of length 1, or all 0 if the points do not differ.
fn main_direction(points: &[Vec<f32>], width: usize) -> Vec<f32> {
    // Start from the point furthest out, which is never at right angles to the main direction.
    let furthest = points.iter().max_by(|a, b| dot(a, a).total_cmp(&dot(b, b)));
    let mut direction = furthest.cloned().unwrap_or_else(|| vec![0.0; width]);
    for _ in 0..N_STEPS {
        let mut next = vec![0.0; width];
        for point in points {
            add(&mut next, point, dot(point, &direction));
        }
        let length = dot(&next, &next).sqrt();
        if length < 1e-12 {
            return vec![0.0; width];
        }
        next.iter_mut().for_each(|value| *value /= length);
        direction = next;
    }
    direction
}

fn add(sum: &mut [f32], values: &[f32], times: f32) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += times * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plane_in_which_points_lie_is_found() {
        // An ellipse in a slanted plane of four dimensions.
        let points: Vec<Vec<f32>> = (0..40)
            .map(|i| {
                let (sin, cos) = (i as f32 * 0.157).sin_cos();
                let (long, short) = (5.0 * cos, 2.0 * sin);
                vec![1.0 + 0.6 * long, short, 0.8 * long - 3.0, 7.0]
            })
            .collect();
        let places = project(&points);
        for i in 0..points.len() {
            for j in 0..i {
                let gap: f32 = points[i]
                    .iter()
                    .zip(&points[j])
                    .map(|(a, b)| (a - b).powi(2))
                    .sum();
                let [x, y] = [0, 1].map(|axis| places[i][axis] - places[j][axis]);
                assert!((gap.sqrt() - x.hypot(y)).abs() < 1e-2, "{i} and {j}");
            }
        }
        let reach = |axis: usize| places.iter().map(|p| p[axis].abs()).fold(0.0, f32::max);
        assert!((reach(0) - 5.0).abs() < 0.1 && (reach(1) - 2.0).abs() < 0.1);
        assert_eq!(project(&points), places);
    }

    #[test]
    fn points_that_do_not_differ_lie_in_the_middle() {
        assert!(project(&[]).is_empty());
        assert_eq!(project(&[vec![1.0, 2.0]]), [[0.0, 0.0]]);
        assert_eq!(project(&[vec![3.0; 4], vec![3.0; 4]]), [[0.0, 0.0]; 2]);
    }
}
