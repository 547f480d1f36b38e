package org.onemall.codebook;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;
import org.onemall.table.TimedVectors;

/**
 * The vectors that were there before validation, which is all that a codebook may be fitted to:
 * those of items first seen before it, and of states that rooms had before it.
 */
public final class KnownVectors {
  private KnownVectors() {}

  /** Reads them from a scenario's item vectors; they belong to the caller. */
  public static TimedVectors read(Artefacts run, Scenario scenario, BufferAllocator allocator)
      throws IOException {
    try (TimedVectors all = TimedVectors.read(run.file(Artefact.ITEM_VECTORS), allocator)) {
      return all.where(among(all, run, scenario, allocator), allocator);
    }
  }

  /**
   * Which of a scenario's vectors they are.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static boolean[] among(
      TimedVectors rows, Artefacts run, Scenario scenario, BufferAllocator allocator)
      throws IOException {
    CatalogueItems items = CatalogueItems.read(run.file(Artefact.ITEMS), allocator);
    long split = Periods.read(run.file(Artefact.PERIODS)).validationFromMs();
    boolean[] known = new boolean[rows.rows()];
    boolean any = false;
    for (int row = 0; row < known.length; row++) {
      long since =
          switch (scenario) {
            case PRODUCT_CARD, SHORT_VIDEO -> items.firstSeenMs(rows.item()[row]);
            case LIVE_STREAMING -> rows.validFromMs()[row];
          };
      known[row] = since < split;
      any |= known[row];
    }
    if (!any) {
      throw new IllegalArgumentException(
          "expected at least one vector of %s that was there before validation, to fit a codebook to, found none of %d; see represent.json for the reasons, or begin validation later"
              .formatted(scenario.key(), rows.rows()));
    }
    return known;
  }
}
