package org.onemall.retrieve;

import java.io.IOException;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.Baselines;
import org.onemall.baseline.FittedBaseline;
import org.onemall.baseline.FittedBaselines;
import org.onemall.baseline.KnownShop;

/**
 * The two baselines that are parts of the final order, because counting knows what the network need
 * not learn: what goes together with what the user had, and the user's own habits.
 *
 * @param knn scores 0 or more
 * @param frequency scores 0 or more
 */
public record Memory(FittedBaseline knn, FittedBaseline frequency) implements AutoCloseable {
  /** Fits both; the result belongs to the caller. */
  public static Memory fit(BaselineParameters parameters, KnownShop shop) throws IOException {
    FittedBaseline knn = Baselines.itemKnn(parameters).fit(shop);
    try {
      return new Memory(knn, Baselines.personalFrequency(parameters).fit(shop));
    } catch (IOException | RuntimeException e) {
      knn.close();
      throw e;
    }
  }

  /** Those among others that are fitted already; they stay whose they are. */
  public static Memory of(FittedBaselines baselines) {
    return new Memory(
        baselines.get(Baselines.ITEM_KNN), baselines.get(Baselines.PERSONAL_FREQUENCY));
  }

  @Override
  public void close() {
    knn.close();
    frequency.close();
  }
}
