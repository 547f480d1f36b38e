package org.onemall.semanticid;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.ItemReader;
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
    try (ItemReader reader = new ItemReader(items, allocator)) {
      for (int item = 0; reader.next(); item++) {
        if (wanted.test(item)) {
          String path = reader.category();
          List<String> pictures = reader.pictures();
          all.labels.put(
              item,
              new Label(
                  shortened(reader.title()),
                  path == null ? null : categories.computeIfAbsent(path, same -> same),
                  pictures.isEmpty() ? null : pictures.getFirst()));
        }
      }
    }
    return all;
  }

  private static String shortened(String title) {
    return title.length() <= TITLE_LENGTH
        ? title
        : title.substring(0, title.offsetByCodePoints(0, title.codePointCount(0, TITLE_LENGTH)))
            + "…";
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
