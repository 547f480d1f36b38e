package org.onemall.tokenizer;

import java.util.List;
import java.util.Locale;

/** What became of a picture. */
public enum PictureOutcome {
  /** It is used. */
  READ,
  /** Its file holds nothing. */
  EMPTY,
  /** Its header names more pixels than are decoded. */
  TOO_LARGE,
  /** Its content is damaged, cut off or no picture. */
  BROKEN,
  /** The source has no such file. */
  ABSENT,
  /** The source refused the file. */
  REFUSED;

  /** {@code OUTCOMES} of {@code vision.py}, in the same order. */
  private static final List<PictureOutcome> TOLD = List.of(READ, EMPTY, TOO_LARGE, BROKEN);

  /** What the network tells by its number. */
  static PictureOutcome told(int number) {
    return TOLD.get(number);
  }

  /** The name in JSON. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
