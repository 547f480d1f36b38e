package org.onemall.ingest.folder;

import java.nio.charset.StandardCharsets;

/** A text of a source, made harmless: of bounded length, without NULs. */
final class TextCleaner {
  /** UTF-8 bytes of any one text; what a tokenizer reads of it is far less. */
  static final int MOST_BYTES = 1 << 16;

  private final DefectCounts defects;

  TextCleaner(DefectCounts defects) {
    this.defects = defects;
  }

  /** The text without surrounding space, cut at the limit between two characters. */
  String clean(String text) {
    String cut = cut(text);
    if (cut.length() < text.length()) {
      defects.one(Defect.ITEMS__LONG_TEXT, text.length() + " characters");
    }
    if (cut.indexOf('\0') >= 0 || cut.indexOf('\uFFFD') >= 0) {
      defects.one(Defect.ITEMS__BROKEN_TEXT, cut.replace('\0', '?').strip());
      cut = cut.replace('\0', ' ');
    }
    return cut.strip();
  }

  private static String cut(String text) {
    if (text.length() <= MOST_BYTES / 3) {
      return text;
    }
    byte[] bytes =
        text.substring(0, Math.min(text.length(), MOST_BYTES + 1)).getBytes(StandardCharsets.UTF_8);
    if (text.length() <= MOST_BYTES && bytes.length <= MOST_BYTES) {
      return text;
    }
    int end = Math.min(bytes.length, MOST_BYTES);
    while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
