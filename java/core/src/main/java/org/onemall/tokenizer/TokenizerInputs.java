package org.onemall.tokenizer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.onemall.model.PictureSource;

/**
 * What the item tokenizer is made from.
 *
 * @param items {@code items.arrow}
 * @param itemPairs {@code item_pairs.arrow}
 * @param pictures of the items; asked only where the model reads pictures
 * @param checkpoints a folder that outlives a kill; null for no checkpoints
 */
public record TokenizerInputs(
    Path items, Path itemPairs, PictureSource pictures, @Nullable Path checkpoints) {}
