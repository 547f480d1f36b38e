package org.onemall.reproduce;

import com.fasterxml.jackson.annotation.JsonValue;
import org.onemall.statistics.SeedInterval;

/** What the seeds say of a claim. */
enum Verdict {
  HOLDS("holds"),
  DOES_NOT_HOLD("does not hold"),
  WITHIN_NOISE("within noise"),
  NOT_MEASURED("not measured");

  static final String RULE =
      "Both rows of a claim are run with the same seeds. The verdict looks at the difference of each"
          + " pair: where the 95 % t-interval of its mean over the seeds excludes 0, the claim holds if"
          + " the difference goes its way and does not hold if it goes the other way; else it is within"
          + " noise. Where no seed changes the difference, it is compared directly. Seeds vary what is"
          + " learned from the same data, embeddings and item pairs, not the data: what other users"
          + " would have done is in each run's own intervals. Claims are judged one by one, so that of"
          + " forty true nothings about two look like something.";

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  @JsonValue
  String words() {
    return words;
  }

  /** Of differences {@code variant - than}. */
  static Verdict of(SeedInterval difference, boolean more) {
    if (!difference.known()) {
      return NOT_MEASURED;
    }
    double low = more ? difference.low() : -difference.high();
    double high = more ? difference.high() : -difference.low();
    return low > 0 ? HOLDS : high < 0 ? DOES_NOT_HOLD : WITHIN_NOISE;
  }
}
