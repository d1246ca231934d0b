//! The IDX format of MNIST (LeCun, Cortes, Burges, "The MNIST database", file formats).

use super::Dataset;
use crate::digit::{DigitImage, N_CLASSES, N_PIXELS, SIDE};

const IMAGES_MAGIC: u32 = 0x0803;
const LABELS_MAGIC: u32 = 0x0801;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdxError {
    #[error("not an IDX file of {what}: it starts with {found:#06x}, not {expected:#06x}")]
    Magic {
        what: &'static str,
        expected: u32,
        found: u32,
    },
    #[error("the images have {rows}×{columns} pixels, not 28×28")]
    Size { rows: u32, columns: u32 },
    #[error("cut short or too long: expected {expected} bytes, found {found}")]
    Length { expected: usize, found: usize },
    #[error("the label at index {index} is {label}, but labels are 0 to 9")]
    Label { label: u8, index: usize },
}

/// Reads an IDX3 file of 28×28 images.
pub fn read_images(bytes: &[u8]) -> Result<Vec<DigitImage>, IdxError> {
    let (header, count) = header::<4>(bytes, "images", IMAGES_MAGIC)?;
    let (rows, columns) = (header[2], header[3]);
    if (rows, columns) != (SIDE as u32, SIDE as u32) {
        return Err(IdxError::Size { rows, columns });
    }
    let body = body(bytes, 16, count * N_PIXELS)?;
    Ok(body
        .chunks_exact(N_PIXELS)
        .filter_map(DigitImage::from_slice)
        .collect())
}

/// Reads an IDX1 file of labels 0 to 9.
pub fn read_labels(bytes: &[u8]) -> Result<Vec<u8>, IdxError> {
    let (_, count) = header::<2>(bytes, "labels", LABELS_MAGIC)?;
    let labels = body(bytes, 8, count)?;
    match labels
        .iter()
        .position(|&label| usize::from(label) >= N_CLASSES)
    {
        Some(index) => Err(IdxError::Label {
            label: labels[index],
            index,
        }),
        None => Ok(labels.to_vec()),
    }
}

/// Labelled images as one file: an IDX3 file of 28×28 images, followed by the IDX1 file of their labels. The images
/// stay bytes, the form in which an engine receives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledBytes {
    bytes: Vec<u8>,
    labels: Vec<u8>,
}

impl LabelledBytes {
    pub fn read(bytes: Vec<u8>) -> Result<Self, IdxError> {
        let (words, count) = header::<4>(&bytes, "images", IMAGES_MAGIC)?;
        let (rows, columns) = (words[2], words[3]);
        if (rows, columns) != (SIDE as u32, SIDE as u32) {
            return Err(IdxError::Size { rows, columns });
        }
        let end = 16 + count * N_PIXELS;
        let labels = read_labels(bytes.get(end..).unwrap_or_default())?;
        match labels.len() == count {
            true => Ok(Self { bytes, labels }),
            false => Err(IdxError::Length {
                expected: end + 8 + count,
                found: bytes.len(),
            }),
        }
    }

    /// The file of a dataset.
    pub fn of(dataset: &Dataset) -> Self {
        let (n, side) = (dataset.len() as u32, SIDE as u32);
        let words = |words: &[u32]| -> Vec<u8> {
            words.iter().flat_map(|word| word.to_be_bytes()).collect()
        };
        let mut bytes = words(&[IMAGES_MAGIC, n, side, side]);
        for image in dataset.images() {
            bytes.extend(image.pixels());
        }
        bytes.extend(words(&[LABELS_MAGIC, n]));
        bytes.extend(dataset.labels());
        Self {
            bytes,
            labels: dataset.labels().to_vec(),
        }
    }

    /// The bytes, as [`read`](Self::read) accepts them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Converts the file to images, which take as much memory.
    pub fn dataset(&self) -> Dataset {
        let (images, _) = self.images(0, self.labels.len()).as_chunks::<N_PIXELS>();
        let images = images.iter().copied().map(DigitImage::new).collect();
        Dataset::new(images, self.labels.clone()).unwrap_or_default()
    }

    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// `n` images from `first` on, 784 bytes each; empty if there are fewer.
    pub fn images(&self, first: usize, n: usize) -> &[u8] {
        let start = 16 + first * N_PIXELS;
        let is_there = first + n <= self.labels.len();
        match is_there {
            true => &self.bytes[start..start + n * N_PIXELS],
            false => &[],
        }
    }
}

/// The big-endian words at the start; the second is the number of items.
fn header<const N: usize>(
    bytes: &[u8],
    what: &'static str,
    magic: u32,
) -> Result<([u32; N], usize), IdxError> {
    let found = bytes.len();
    let start = bytes.get(..4 * N).ok_or(IdxError::Length {
        expected: 4 * N,
        found,
    })?;
    let mut words = [0; N];
    for (word, chunk) in words.iter_mut().zip(start.chunks_exact(4)) {
        *word = chunk
            .iter()
            .fold(0, |word, &byte| word << 8 | u32::from(byte));
    }
    if words[0] != magic {
        return Err(IdxError::Magic {
            what,
            expected: magic,
            found: words[0],
        });
    }
    Ok((words, words[1] as usize))
}

fn body(bytes: &[u8], start: usize, length: usize) -> Result<&[u8], IdxError> {
    let expected = start + length;
    let found = bytes.len();
    if found == expected {
        Ok(&bytes[start..])
    } else {
        Err(IdxError::Length { expected, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images_file(count: u8, rows: u8, pixels: usize) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, rows, 0, 0, 0, 28];
        bytes.resize(16 + pixels, 7);
        bytes
    }

    #[test]
    fn images_and_labels_are_read() {
        let images = read_images(&images_file(2, 28, 2 * N_PIXELS)).unwrap();
        assert_eq!(images, vec![DigitImage::new([7; N_PIXELS]); 2]);
        assert_eq!(
            read_labels(&[0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 5]),
            Ok(vec![9, 0, 5])
        );
    }

    #[test]
    fn images_and_their_labels_are_read_from_one_file() {
        let mut bytes = images_file(2, 28, 2 * N_PIXELS);
        bytes[16 + N_PIXELS] = 1;
        bytes.extend([0, 0, 8, 1, 0, 0, 0, 2, 9, 0]);
        let read = LabelledBytes::read(bytes.clone()).unwrap();
        assert_eq!(read.labels(), [9, 0]);
        assert_eq!(read.images(0, 2).len(), 2 * N_PIXELS);
        assert_eq!(read.images(1, 1)[..2], [1, 7]);
        assert_eq!(LabelledBytes::of(&read.dataset()), read);
        assert_eq!(read.bytes(), bytes);
        assert!(read.images(1, 2).is_empty());

        bytes[7] = 3;
        assert!(LabelledBytes::read(bytes.clone()).is_err());
        (bytes[7], bytes[16 + 2 * N_PIXELS + 7]) = (2, 1);
        bytes.pop();
        assert!(matches!(
            LabelledBytes::read(bytes),
            Err(IdxError::Length { .. })
        ));
    }

    #[test]
    fn a_wrong_file_says_what_is_wrong() {
        let cut = read_images(&images_file(2, 28, 2 * N_PIXELS - 1));
        assert_eq!(
            cut,
            Err(IdxError::Length {
                expected: 1584,
                found: 1583
            })
        );
        let size = read_images(&images_file(1, 32, 32 * 28));
        assert_eq!(
            size,
            Err(IdxError::Size {
                rows: 32,
                columns: 28
            })
        );
        let label = read_labels(&[0, 0, 8, 1, 0, 0, 0, 1, 10]);
        assert_eq!(
            label,
            Err(IdxError::Label {
                label: 10,
                index: 0
            })
        );
        let html = read_labels(b"<!doctype html>").unwrap_err();
        assert!(html.to_string().starts_with("not an IDX file of labels"));
        assert!(matches!(read_labels(&[0, 0]), Err(IdxError::Length { .. })));
    }
}
