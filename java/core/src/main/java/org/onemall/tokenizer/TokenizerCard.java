package org.onemall.tokenizer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onemall.run.JsonFile;

/**
 * What {@code tokenizer.json} tells about the weights beside it.
 *
 * @param backbone that was tuned
 * @param width of an item's vector
 * @param steps of training
 * @param losses of each step; empty where the model was taken as it is
 * @param alignmentLosses of the steps before, in which pictures learned which text goes with them
 * @param vision that made tokens of pictures; null where text alone is read
 * @param visionTrained whether vision had no pretrained weights, and so was trained, instead of
 *     being frozen from the start
 * @param pictures what became of the pictures; null where text alone is read
 * @param heldOut how often held-out partners are found; empty where none were held out
 */
public record TokenizerCard(
    String backbone,
    int width,
    int steps,
    List<Double> losses,
    List<Double> alignmentLosses,
    @Nullable String vision,
    boolean visionTrained,
    @Nullable PictureCounts pictures,
    List<PartnerFigures> heldOut) {
  public TokenizerCard {
    if (width < 1) {
      throw new IllegalArgumentException(
          "tokenizer: expected a width of 1 or more, found " + width);
    }
    losses = List.copyOf(losses);
    alignmentLosses = List.copyOf(alignmentLosses);
    heldOut = List.copyOf(heldOut);
  }

  /** Writes JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }

  /** Reads what {@link #write} wrote. */
  public static TokenizerCard read(Path file) throws IOException {
    return JsonFile.read(file, TokenizerCard.class);
  }
}
