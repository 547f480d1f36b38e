package org.onemall.semanticid;

import java.io.IOException;
import org.onemall.run.Artefact;
import org.onemall.shop.CatalogueItems;

/** What becomes of items that were given the same codes. */
public final class ConflictResolution {
  private ConflictResolution() {}

  /**
   * The codes after conflicts were resolved, by level and row: cards and videos make way for those
   * that came before, a room's conflicts come and go.
   *
   * @param sizes codes of each level
   * @param item of each row
   * @param coded the codes before, which stay as they are
   */
  public static int[][] of(
      SidScope scope,
      SemanticIdConfig.Conflicts conflicts,
      int[] sizes,
      int[] item,
      SidCoder.Coded coded)
      throws IOException {
    int[][] after = coded.codes().clone();
    int last = sizes.length - 1;
    after[last] = after[last].clone();
    switch (scope.scenario()) {
      case LIVE_STREAMING -> {}
      case PRODUCT_CARD, SHORT_VIDEO -> {
        switch (conflicts) {
          case KEEP -> {}
          case NEAREST_FREE -> {
            CatalogueItems items =
                CatalogueItems.read(scope.run().file(Artefact.ITEMS), scope.allocator());
            NearestFree.resolve(sizes, after, items.byFirstAppearance(item), coded.distance());
          }
        }
      }
    }
    return after;
  }
}
