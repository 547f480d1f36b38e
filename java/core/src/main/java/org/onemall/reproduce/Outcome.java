package org.onemall.reproduce;

import com.fasterxml.jackson.annotation.JsonValue;
import org.onemall.statistics.SeedInterval;
import org.onemall.statistics.Verdict;

/** What the seeds say of a claim. */
enum Outcome {
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

  Outcome(String words) {
    this.words = words;
  }

  @JsonValue
  String words() {
    return words;
  }

  /** Of differences {@code variant - than}. */
  static Outcome of(SeedInterval difference, boolean more) {
    if (!difference.known()) {
      return NOT_MEASURED;
    }
    Verdict verdict = Verdict.of(difference);
    return switch (more ? verdict : verdict.reversed()) {
      case BETTER -> HOLDS;
      case WORSE -> DOES_NOT_HOLD;
      case WITHIN_NOISE -> WITHIN_NOISE;
    };
  }
}
