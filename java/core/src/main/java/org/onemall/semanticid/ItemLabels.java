package org.onemall.semanticid;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** What people call items: titles, categories and first pictures, of some items. */
public final class ItemLabels {
  private static final int TITLE_LENGTH = 80;

  private record Label(String title, @Nullable String category, @Nullable String picture) {}

  private final Map<Integer, Label> labels = new HashMap<>();

  private ItemLabels() {}

  /** Which items to read. */
  @FunctionalInterface
  public interface Wanted {
    boolean test(int item);
  }

  /** Reads {@link TableSchema#ITEMS}. */
  public static ItemLabels read(Path items, Wanted wanted, BufferAllocator allocator)
      throws IOException {
    ItemLabels all = new ItemLabels();
    Map<String, String> categories = new HashMap<>();
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      int item = 0;
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        VarCharVector category = (VarCharVector) batch.getVector("category");
        for (int row = 0; row < batch.getRowCount(); row++, item++) {
          if (wanted.test(item)) {
            String path = category.isNull(row) ? null : text(category, row);
            all.labels.put(
                item,
                new Label(
                    shortened(text((VarCharVector) batch.getVector("title"), row)),
                    path == null ? null : categories.computeIfAbsent(path, same -> same),
                    picture((ListVector) batch.getVector("pictures"), row)));
          }
        }
      }
    }
    return all;
  }

  private static String text(VarCharVector column, int row) {
    return new String(column.get(row), StandardCharsets.UTF_8);
  }

  private static String shortened(String title) {
    return title.length() <= TITLE_LENGTH
        ? title
        : title.substring(0, title.offsetByCodePoints(0, title.codePointCount(0, TITLE_LENGTH)))
            + "…";
  }

  private static @Nullable String picture(ListVector pictures, int row) {
    int start = pictures.getElementStartIndex(row);
    boolean any = !pictures.isNull(row) && start < pictures.getElementEndIndex(row);
    return any ? text((VarCharVector) pictures.getDataVector(), start) : null;
  }

  private Label label(int item) {
    Label label = labels.get(item);
    if (label == null) {
      throw new IllegalArgumentException("item %d was not read".formatted(item));
    }
    return label;
  }

  /** The title, cut where it is long. */
  public String title(int item) {
    return label(item).title();
  }

  /** The path of the leaf category; null for none. */
  public @Nullable String category(int item) {
    return label(item).category();
  }

  /** The path of the first picture; null for none. */
  public @Nullable String picture(int item) {
    return label(item).picture();
  }
}
