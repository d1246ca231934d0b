//! Embeddings of any symbol, 141,746 parameters: drawings of the same character point the same way.
//!
//! Inkling's own. Four convolutions as Vinyals et al. 2016 ("Matching networks for one shot learning") and Snell et al. 2017 have
//! them, each followed by batch normalisation, thinner, so that a CPU reads an image in about a millisecond. The last pool's windows
//! overlap, so that 4×4 places are left and not 1×1: where a line lies is what tells characters apart. As in the
//! [`siamese`](super::siamese) network the last layer is computed: it compares with prototypes of the ten digits.

use super::{Card, NO_SOURCE};
use crate::layers::LayerSpec::{self, Flatten, Relu};

/// Numbers of an embedding.
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
