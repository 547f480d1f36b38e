package org.onemall.shop;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;

/**
 * How a log is split into training, validation and test. Of a split by time, what is absent follows
 * from the log's length, once that is known; a split by order has none of the lengths.
 *
 * @param by time, or each user's order
 * @param validationDays the validation period is so many days before the test
 * @param testDays the test period is so many last days of the log
 * @param snapshotDays counters are frozen so often
 */
public record SplitConfig(
    By by,
    @Nullable Integer validationDays,
    @Nullable Integer testDays,
    @Nullable Integer snapshotDays) {
  /** What is absent for a log of unknown length, and in a split by order. */
  private static final String UNKNOWN = "null";

  /** What tells the periods apart. */
  public enum By {
    /** The moment of a request: the last days are the test, the days before them validation. */
    TIME,
    /**
     * The place of a request in its user's order: the last one is the test, the one before it
     * validation. {@link Periods} says what may be known then.
     */
    LEAVE_ONE_OUT
  }

  public SplitConfig {
    if (by == By.LEAVE_ONE_OUT) {
      none("validation_days", validationDays);
      none("test_days", testDays);
      none("snapshot_days", snapshotDays);
    }
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
        others -> isByTime(shop, others) ? String.valueOf(periodDays(shop.days())) : UNKNOWN,
        "test_days",
        others -> isByTime(shop, others) ? String.valueOf(periodDays(shop.days())) : UNKNOWN,
        "snapshot_days",
        others ->
            isByTime(shop, others)
                ? String.valueOf(snapshotDays((int) others.number("split.validation_days")))
                : UNKNOWN);
  }

  private static boolean isByTime(ShopSize shop, Rule.Settings others) {
    return shop.days() > 0 && !others.text("split.by").equals("leave_one_out");
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

  private static void none(String name, @Nullable Integer days) {
    if (days != null) {
      throw new IllegalArgumentException(
          "%s: expected only with by: time, found %d with by: leave_one_out, which goes by order and not by days; remove it"
              .formatted(name, days));
    }
  }
}
