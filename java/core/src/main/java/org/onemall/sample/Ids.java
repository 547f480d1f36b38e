package org.onemall.sample;

import java.io.IOException;
import java.nio.file.Path;

/** Checks of ids that come from files and index memory. */
final class Ids {
  private Ids() {}

  static void check(Path file, int snapshot, int snapshots, int item, int items)
      throws IOException {
    if (snapshot < 0 || snapshot >= snapshots || item < 0 || item >= items) {
      throw new IOException(
          "%s: expected snapshots below %d and items below %d, found snapshot %d, item %d; it belongs to another log"
              .formatted(file, snapshots, items, snapshot, item));
    }
  }
}
