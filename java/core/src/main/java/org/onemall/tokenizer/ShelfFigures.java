package org.onemall.tokenizer;

import java.util.List;
import org.onemall.statistics.Estimate;

/**
 * How often the nearest product is the photo's own.
 *
 * @param reads what of photo and product is compared
 * @param tuned whether after training, or before
 * @param among the products that compete: {@code held_out} ones or {@code all}
 * @param share of the held-out products' photos; the interval draws products
 * @param bySeed the share of each seed
 */
public record ShelfFigures(
    String reads, boolean tuned, String among, Estimate share, List<Double> bySeed) {
  public ShelfFigures {
    bySeed = List.copyOf(bySeed);
  }
}
