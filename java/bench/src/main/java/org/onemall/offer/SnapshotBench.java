package org.onemall.offer;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.onemall.semanticid.SemanticIds;
import org.onemall.shop.Availability;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * What it costs that an item goes out of stock: the assortment made anew, against the part of it
 * that is in stock, in CPU seconds, alternating. Arguments: a scratch folder, items, rounds.
 */
final class SnapshotBench {
  private static final int[] SIZES = {4096, 4096, 4096};

  private SnapshotBench() {}

  public static void main(String[] args) throws IOException {
    Path scratch = Files.createDirectories(Path.of(args[0]));
    int items = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    SplittableRandom random = new SplittableRandom(1);
    try (BufferAllocator allocator = new RootAllocator()) {
      Availability availability = availability(scratch, items, allocator);
      SemanticIds sids = SemanticIds.of(SIZES, codes(items, random));
      double[] anew = new double[rounds];
      double[] part = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        BitSet stock = new BitSet();
        for (int item = 0; item < items; item++) {
          stock.set(item, random.nextInt(100) > 0);
        }
        double start = cpuSeconds();
        Assortments all =
            new Assortments(sids, availability, Scenario.PRODUCT_CARD, new float[0][], 1);
        Assortment whole = all.at(0);
        anew[round] = cpuSeconds() - start;
        start = cpuSeconds();
        Assortment now = whole.only(stock::get);
        part[round] = cpuSeconds() - start;
        if (now.items() != stock.cardinality()) {
          throw new IllegalStateException("%d items, not %d".formatted(now.items(), items));
        }
      }
      Arrays.sort(anew);
      Arrays.sort(part);
      System.out.printf(
          "%d items: anew %.3f s, a part %.3f s (%.3f to %.3f): %.1fx%n",
          items,
          anew[rounds / 2],
          part[rounds / 2],
          part[0],
          part[rounds - 1],
          anew[rounds / 2] / part[rounds / 2]);
    }
  }

  /** Codes as a good codebook has them: the first two crowded, nearly all SIDs distinct. */
  private static int[][] codes(int items, SplittableRandom random) {
    int[][] codes = new int[SIZES.length][items];
    for (int item = 0; item < items; item++) {
      for (int level = 0; level < SIZES.length; level++) {
        codes[level][item] = (int) (SIZES[level] * Math.pow(random.nextDouble(), 2));
      }
    }
    return codes;
  }

  private static Availability availability(Path scratch, int items, BufferAllocator allocator)
      throws IOException {
    Path catalogue = scratch.resolve("items.arrow");
    Path rooms = scratch.resolve("room_states.arrow");
    try (OutputStream out = Files.newOutputStream(catalogue);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < items; item++) {
        writer.setInt(0, item).setString(1, "i" + item).setString(2, "product_card");
        writer.setString(3, "item " + item).setFloat(5, 1).setLong(7, 0).endRow();
      }
    }
    try (OutputStream out = Files.newOutputStream(rooms);
        TableWriter writer = new TableWriter(TableSchema.ROOM_STATES.schema(0), out, allocator)) {
      // No rooms.
    }
    return Availability.read(catalogue, rooms, allocator);
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }
}
