package org.onemall.codebook;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.onemall.run.JsonFile;

/**
 * What a codebook is, written beside it as {@code codebook.json}.
 *
 * @param sizes codes of each k-means level
 * @param wanted the same as the settings have it: more where there were fewer different vectors
 * @param last whether an FSQ level follows them
 * @param bits bits of the FSQ level, 0 without one
 * @param width floats of the vectors that it codes
 */
public record CodebookMetadata(
    List<Integer> sizes, List<Integer> wanted, CodebookConfig.Last last, int bits, int width) {
  public CodebookMetadata {
    sizes = List.copyOf(sizes);
    wanted = List.copyOf(wanted);
    if ((last == CodebookConfig.Last.FSQ) != (bits > 0)) {
      throw new IllegalArgumentException(
          "codebook metadata: last level %s with %d bits".formatted(last, bits));
    }
    if (width < 1 || sizes.isEmpty()) {
      throw new IllegalArgumentException(
          "codebook metadata: sizes %s, width %d".formatted(sizes, width));
    }
  }

  /** What was fitted by some settings to vectors of a width. */
  public static CodebookMetadata of(CodebookConfig config, ResidualKMeans fitted, int width) {
    return new CodebookMetadata(
        fitted.levels().stream().map(Centroids::size).toList(),
        config.sizes(),
        config.last(),
        config.last() == CodebookConfig.Last.FSQ ? config.fsq().bits() : 0,
        width);
  }

  /** Codes of every level of a SID, the last one included. */
  public int[] levelSizes() {
    List<Integer> all = new ArrayList<>(sizes);
    if (last == CodebookConfig.Last.FSQ) {
      all.add(1 << bits);
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Reads what {@link #write} wrote. */
  public static CodebookMetadata read(Path file) throws IOException {
    return JsonFile.read(file, CodebookMetadata.class);
  }

  /** Writes it as JSON; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }
}
