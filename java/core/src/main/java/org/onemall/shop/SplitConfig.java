package org.onemall.shop;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;

/**
 * The split by time: the test period is the last {@code testDays} of the log, the validation period
 * the {@code validationDays} before it, the rest is for training. Counters are frozen every {@code
 * snapshotDays}. What is absent follows from the log's length, once that is known.
 */
public record SplitConfig(
    @Nullable Integer validationDays, @Nullable Integer testDays, @Nullable Integer snapshotDays) {
  /** What is absent for a log of unknown length. */
  private static final String UNKNOWN = "null";

  public SplitConfig {
    positive("validation_days", validationDays);
    positive("test_days", testDays);
    positive("snapshot_days", snapshotDays);
    if (validationDays != null && snapshotDays != null && validationDays % snapshotDays != 0) {
      throw new IllegalArgumentException(
          "validation_days: expected a multiple of snapshot_days (%d), so that the validation period starts at a snapshot, found %d"
              .formatted(snapshotDays, validationDays));
    }
  }

  /** What {@code auto} stands for. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "validation_days",
        others -> shop.days() == 0 ? UNKNOWN : String.valueOf(periodDays(shop.days())),
        "test_days",
        others -> shop.days() == 0 ? UNKNOWN : String.valueOf(periodDays(shop.days())),
        "snapshot_days",
        others ->
            shop.days() == 0
                ? UNKNOWN
                : String.valueOf(snapshotDays((int) others.number("split.validation_days"))));
  }

  /** Days of validation in a log of so many days. */
  int validationDays(double days) {
    return validationDays == null ? periodDays(days) : validationDays;
  }

  /** Days of the test, likewise. */
  int testDays(double days) {
    return testDays == null ? periodDays(days) : testDays;
  }

  /** Days between snapshots, likewise. */
  int snapshotDays(double days) {
    return snapshotDays == null ? snapshotDays(validationDays(days)) : snapshotDays;
  }

  /** A twelfth of the log, in days or weeks that people think in, four weeks at most. */
  private static int periodDays(double days) {
    int period = 1;
    for (int each : new int[] {2, 3, 7, 14, 28}) {
      period = each <= days / 12 ? each : period;
    }
    return period;
  }

  /** Weeks where validation has whole ones, else days. */
  private static int snapshotDays(int validationDays) {
    return validationDays % 7 == 0 ? 7 : 1;
  }

  private static void positive(String name, @Nullable Integer days) {
    if (days != null && days < 1) {
      throw new IllegalArgumentException(name + ": expected at least 1, found " + days);
    }
  }
}
