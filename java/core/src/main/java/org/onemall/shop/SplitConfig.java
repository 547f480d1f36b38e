package org.onemall.shop;

/**
 * The split by time: the test period is the last {@code testDays} of the log, the validation period
 * the {@code validationDays} before it, the rest is for training. Counters are frozen every {@code
 * snapshotDays}.
 */
public record SplitConfig(int validationDays, int testDays, int snapshotDays) {
  public SplitConfig {
    positive("validation_days", validationDays);
    positive("test_days", testDays);
    positive("snapshot_days", snapshotDays);
    if (validationDays % snapshotDays != 0) {
      throw new IllegalArgumentException(
          "validation_days: expected a multiple of snapshot_days (%d), so that the validation period starts at a snapshot, found %d"
              .formatted(snapshotDays, validationDays));
    }
  }

  private static void positive(String name, int days) {
    if (days < 1) {
      throw new IllegalArgumentException(name + ": expected at least 1, found " + days);
    }
  }
}
