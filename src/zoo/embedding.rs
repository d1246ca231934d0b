//! Embeddings of any symbol, 141,746 parameters: drawings of the same character point in the same direction.
//!
//! One of Inkling's own networks. It has four convolutions, each followed by batch normalisation, as in Vinyals et al.
//! 2016 ("Matching networks for one shot learning") and Snell et al. 2017, but narrower, so that a CPU takes about a
//! millisecond for an image. The windows of the last pool overlap, which leaves 4×4 positions instead of 1×1, because
//! the position of a line is what tells characters apart. As in the [`siamese`](super::siamese) network, the last
//! layer is computed, not trained: it compares an embedding with prototypes of the ten digits.

use super::{Card, NO_SOURCE};
use crate::layers::LayerSpec::{self, Flatten, Relu};

/// Number of values in an embedding.
pub const EMBEDDING: usize = 64;

#[rustfmt::skip]
pub const LAYERS: [LayerSpec; 18] = [
    //                                                output    parameters
    LayerSpec::conv_before_norm(1, 24, 3, 1),      // 24×28×28         216
    LayerSpec::norm(24), Relu,                     //                   48
    LayerSpec::pool(2),                            // 24×14×14
    LayerSpec::conv_before_norm(24, 48, 3, 1),     // 48×14×14      10,368
    LayerSpec::norm(48), Relu,                     //                   96
    LayerSpec::pool(2),                            // 48×7×7
    LayerSpec::conv_before_norm(48, 64, 3, 1),     // 64×7×7        27,648
    LayerSpec::norm(64), Relu,                     //                  128
    LayerSpec::overlapping_pool(3, 2, 1),          // 64×4×4
    LayerSpec::conv_before_norm(64, 64, 3, 1),     // 64×4×4        36,864
    LayerSpec::norm(64), Relu,                     //                  128
    Flatten,                                       //  1,024
    LayerSpec::linear(1024, EMBEDDING),            //     64        65,600
    LayerSpec::linear(EMBEDDING, 10),              //     10        prototypes
];

pub const CARD: Card = Card {
    about: "Embeddings of any symbol: tells apart characters it has never seen before, from one example of each.",
    training: "One of Inkling's own networks. Its “source's recipe” is training on the digits 0, 1 and 2 \
        alone, like the Siamese network's.",
    claimed: NO_SOURCE,
    really: None,
    notes: &[
        "It learns from pairs of drawings of characters from 20 scripts (Omniglot's background set), each also \
         turned by 90, 180 and 270 degrees, and from MNIST's 0, 1 and 2. It has never seen 3 to 9. The loss is a \
         softmax over all pairs of a batch; half of each batch comes from one script.",
        "Five scripts are the validation set, which chooses the best epoch, and five others the test set, used once \
         at the end. The validation figures of its runs and its curves are for ten characters of one script with one \
         example of each.",
        "The ten logits compare an image with prototypes, each computed from five training images of a digit, not \
         trained. The network is meant for learning from few examples, not for classifying digits.",
    ],
};
