//! Numbers as people read them: grouped, rounded, with their units.
//!
//! A no-break space precedes a unit.

/// `19850` as `19,850`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A shape, such as `32×28×28`.
pub fn shape(sides: &[usize]) -> String {
    let sides: Vec<_> = sides.iter().map(usize::to_string).collect();
    sides.join("×")
}

/// A share (0 to 1) in percent with two decimals: `99.66 %`.
pub fn percent(share: f64) -> String {
    format!("{:.2}\u{a0}%", share * 100.0)
}

/// A count in three digits: `950`, `19.9 k`, `1.21 M`.
pub fn short(n: f64) -> String {
    let (divisor, unit) = match n {
        n if n < 999.5 => return format!("{n:.0}"),
        n if n < 999.5e3 => (1e3, "k"),
        n if n < 999.5e6 => (1e6, "M"),
        _ => (1e9, "G"),
    };
    let value = n / divisor;
    let digits = match value {
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.digits$}\u{a0}{unit}")
}

/// `83576` as `84 kB`, `42200000` as `42.2 MB`.
pub fn bytes(n: u64) -> String {
    match n as f64 {
        n if n < 999.5e3 => format!("{:.0}\u{a0}kB", n / 1e3),
        n => format!("{:.1}\u{a0}MB", n / 1e6),
    }
}

/// A position on an axis, as short as possible: `0.2`, `100`, `10k`, `1M`.
pub fn tick(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{}M", value / 1e6),
        value if value >= 1e4 => format!("{}k", value / 1e3),
        // Rounded, since ticks are sums of steps.
        value => format!("{}", (value * 1e6).round() / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let texts = [0, 999, 1000, 19_850, 10_662_400].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "19,850", "10,662,400"]);
        assert_eq!(shape(&[32, 28, 28]), "32×28×28");
    }

    #[test]
    fn digits_are_grouped_by_three() {
        assert_eq!(
            [0, 999, 1_000, 19_850, 10_547_840].map(grouped),
            ["0", "999", "1,000", "19,850", "10,547,840"]
        );
    }

    #[test]
    fn numbers_are_rounded_to_what_can_be_read() {
        assert_eq!(percent(0.9966), "99.66\u{a0}%");
        assert_eq!(
            [950.0, 19_850.0, 1_210_000.0, 999_700.0].map(short),
            ["950", "19.9\u{a0}k", "1.21\u{a0}M", "1.00\u{a0}M"]
        );
        assert_eq!(bytes(83_576), "84\u{a0}kB");
        assert_eq!(bytes(42_200_000), "42.2\u{a0}MB");
        assert_eq!(
            [0.1 + 0.2, 2000.0, 10_000.0, 5e6].map(tick),
            ["0.3", "2000", "10k", "5M"]
        );
    }
}
