package org.onemall.codebook;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** The k-means levels as {@link TableSchema#CODEBOOK}. */
public final class CodebookTable {
  private CodebookTable() {}

  /** Writes all levels. */
  public static void write(ResidualKMeans codebook, OutputStream out, BufferAllocator allocator)
      throws IOException {
    int width = codebook.levels().getFirst().width();
    float[] centroid = new float[width];
    try (TableWriter writer = new TableWriter(TableSchema.CODEBOOK.schema(width), out, allocator)) {
      for (int level = 0; level < codebook.levels().size(); level++) {
        Centroids centroids = codebook.levels().get(level);
        for (int code = 0; code < centroids.size(); code++) {
          System.arraycopy(centroids.values(), code * width, centroid, 0, width);
          writer.setInt(0, level).setInt(1, code).setVector(2, centroid).endRow();
        }
      }
    }
  }

  /** Reads the levels, which must be as {@code metadata} has them. */
  public static ResidualKMeans read(Path file, CodebookMetadata metadata, BufferAllocator allocator)
      throws IOException {
    List<float[]> levels = new ArrayList<>();
    for (int size : metadata.sizes()) {
      levels.add(new float[Math.multiplyExact(size, metadata.width())]);
    }
    int level = 0;
    int code = 0;
    try (TableReader reader = new TableReader(TableSchema.CODEBOOK, file, allocator)) {
      check(reader.width() == metadata.width(), file, metadata, "width " + reader.width());
      while (reader.next()) {
        IntVector levelOf = (IntVector) reader.batch().getVector(0);
        IntVector codeOf = (IntVector) reader.batch().getVector(1);
        FixedSizeListVector list = (FixedSizeListVector) reader.batch().getVector(2);
        Float4Vector values = (Float4Vector) list.getDataVector();
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          if (level < levels.size() && code == metadata.sizes().get(level)) {
            level++;
            code = 0;
          }
          check(
              level < levels.size() && levelOf.get(row) == level && codeOf.get(row) == code,
              file,
              metadata,
              "level %d, code %d".formatted(levelOf.get(row), codeOf.get(row)));
          for (int d = 0; d < metadata.width(); d++) {
            levels.get(level)[code * metadata.width() + d] = values.get(row * metadata.width() + d);
          }
          code++;
        }
      }
    }
    check(
        level == levels.size() - 1 && code == metadata.sizes().get(level),
        file,
        metadata,
        "the end after level %d, code %d".formatted(level, code - 1));
    List<Centroids> centroids = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      centroids.add(new Centroids(metadata.sizes().get(i), metadata.width(), levels.get(i)));
    }
    return new ResidualKMeans(centroids);
  }

  private static void check(boolean holds, Path file, CodebookMetadata metadata, String found)
      throws IOException {
    if (!holds) {
      throw new IOException(
          "%s: expected levels %s of width %d in order, found %s"
              .formatted(file, metadata.sizes(), metadata.width(), found));
    }
  }
}
