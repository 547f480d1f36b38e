package org.onemall.tokenizer;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the items' pictures and texts; what can't be used is left out, and never stops a
 * run.
 *
 * @param pictures by outcome, see {@link PictureOutcome}
 * @param examples the first path of each outcome but {@code read}, with the reason where there is
 *     one
 * @param itemsWithoutPicture no picture was named, or none could be read: text alone speaks for
 *     them
 * @param itemsWithoutText pictures alone speak for them
 * @param itemsWithNeither all of them get the same vector
 */
public record PictureCounts(
    Map<String, Integer> pictures,
    Map<String, String> examples,
    int itemsWithoutPicture,
    int itemsWithoutText,
    int itemsWithNeither) {
  public PictureCounts {
    pictures = Collections.unmodifiableMap(new TreeMap<>(pictures));
    examples = Collections.unmodifiableMap(new TreeMap<>(examples));
  }
}
