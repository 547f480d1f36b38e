package org.onemall.tokenizer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.onemall.model.PictureSource;
import org.onemall.training.Checkpoints;

/**
 * What the item tokenizer is made from.
 *
 * @param items {@code items.arrow}
 * @param known how many items, from 0 on, were there before validation: what is fitted to texts or
 *     pictures themselves is fitted to theirs
 * @param itemPairs {@code item_pairs.arrow}
 * @param pictures of the items; asked only where the model reads pictures
 * @param checkpoints a folder that outlives a kill; null for no checkpoints
 */
public record TokenizerInputs(
    Path items, int known, Path itemPairs, PictureSource pictures, @Nullable Path checkpoints) {
  /** Where one training's checkpoints go. */
  Checkpoints checkpoints(String training) {
    return checkpoints == null
        ? Checkpoints.none()
        : new Checkpoints(checkpoints.resolve(training));
  }
}
