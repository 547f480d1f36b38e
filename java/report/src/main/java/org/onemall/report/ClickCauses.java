package org.onemall.report;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.Behavior;
import org.onemall.shop.InteractionReader;
import org.onemall.shop.ItemReader;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * Which clicks a video caused, as the simulated mall knows it: the user was after what the video
 * had shown, and clicked a product of that kind. Speaks in the run's ids. The run's requests have
 * the mall's numbers only where no row was refused, so that there is no answer otherwise.
 */
public final class ClickCauses {
  private final IntArrayList requests = new IntArrayList();
  private final IntArrayList positions = new IntArrayList();
  private final IntArrayList videos = new IntArrayList();

  /** What the user was after, by request and position: the video that caused it and the leaf. */
  private final Long2LongOpenHashMap intents = new Long2LongOpenHashMap();

  private final Map<String, Integer> sourceItems = new HashMap<>();
  private final Map<Integer, Integer> leaves = new HashMap<>();
  private int[] toRun = {};
  private int[] leafOf = {};

  private ClickCauses() {}

  /** Request, position in it and video of each such click, in three arrays of the same length. */
  public List<int[]> columns() {
    return List.of(requests.toIntArray(), positions.toIntArray(), videos.toIntArray());
  }

  /** The files in the truth's folder, and beside it, that are read. */
  public static List<Path> files(Path truth) throws IOException {
    try (Stream<Path> days = Files.list(truth.resolve("interactions"))) {
      return Stream.concat(
              days.sorted(), Stream.of(truth.resolve("products.arrow"), sourceItems(truth)))
          .toList();
    }
  }

  private static Path sourceItems(Path truth) {
    return truth.resolveSibling("items.arrow");
  }

  /**
   * Reads the truth.
   *
   * @param items the run's {@code items.arrow}
   * @param interactions the run's {@code interactions.arrow}
   * @return null where the run's events are not the mall's, one for one
   */
  public static @Nullable ClickCauses read(
      Path truth, Path items, Path interactions, BufferAllocator allocator) throws IOException {
    ClickCauses causes = new ClickCauses();
    long rows = 0;
    List<Path> files = files(truth);
    for (Path day : files.subList(0, files.size() - 2)) {
      rows += causes.intents(day, allocator);
    }
    if (rows != TableReader.rows(TableSchema.INTERACTIONS, interactions, allocator)) {
      return null;
    }
    causes.sourceItems(sourceItems(truth), allocator);
    causes.leaves(truth.resolve("products.arrow"), allocator);
    causes.items(items, allocator);
    causes.clicks(interactions, allocator);
    return causes;
  }

  private static long key(int high, int low) {
    return ((long) high << 32) | low;
  }

  private long intents(Path day, BufferAllocator allocator) throws IOException {
    long rows = 0;
    try (TableReader reader = new TableReader(TableSchema.TRUTH_INTERACTIONS, day, allocator)) {
      while (reader.next()) {
        IntVector request = ints(reader.batch(), "request");
        IntVector position = ints(reader.batch(), "position");
        IntVector video = ints(reader.batch(), "intent_source");
        IntVector leaf = ints(reader.batch(), "intent_leaf");
        rows += reader.batch().getRowCount();
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          if (video.get(row) >= 0) {
            intents.put(
                key(request.get(row), position.get(row)), key(video.get(row), leaf.get(row)));
          }
        }
      }
    }
    return rows;
  }

  private void sourceItems(Path file, BufferAllocator allocator) throws IOException {
    try (ItemReader reader = new ItemReader(file, allocator)) {
      while (reader.next()) {
        sourceItems.put(name(reader), reader.item());
      }
    }
  }

  private void leaves(Path file, BufferAllocator allocator) throws IOException {
    try (TableReader reader = new TableReader(TableSchema.TRUTH_PRODUCTS, file, allocator)) {
      while (reader.next()) {
        IntVector item = ints(reader.batch(), "item");
        IntVector leaf = ints(reader.batch(), "leaf");
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          leaves.put(item.get(row), leaf.get(row));
        }
      }
    }
  }

  private void items(Path file, BufferAllocator allocator) throws IOException {
    leafOf = new int[ItemReader.count(file, allocator)];
    toRun = new int[sourceItems.values().stream().mapToInt(id -> id + 1).max().orElse(0)];
    Arrays.fill(toRun, -1);
    try (ItemReader reader = new ItemReader(file, allocator)) {
      while (reader.next()) {
        Integer source = sourceItems.get(name(reader));
        leafOf[reader.item()] = source == null ? -1 : leaves.getOrDefault(source, -1);
        if (source != null) {
          toRun[source] = reader.item();
        }
      }
    }
  }

  private void clicks(Path file, BufferAllocator allocator) throws IOException {
    try (InteractionReader reader = new InteractionReader(file, allocator)) {
      while (reader.next()) {
        long key = key(reader.request(), reader.position());
        if (reader.did(Behavior.CLICK) && reader.product() >= 0 && intents.containsKey(key)) {
          long intent = intents.get(key);
          if (leafOf[reader.product()] == (int) intent) {
            requests.add(reader.request());
            positions.add(reader.position());
            videos.add(toRun[(int) (intent >> 32)]);
          }
        }
      }
    }
  }

  private static IntVector ints(VectorSchemaRoot batch, String column) {
    return (IntVector) batch.getVector(column);
  }

  private static String name(ItemReader item) throws IOException {
    return item.scenario().key() + " " + item.externalId();
  }
}
