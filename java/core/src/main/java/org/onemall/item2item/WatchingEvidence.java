package org.onemall.item2item;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * The table {@link TableSchema#WATCHING_EVIDENCE}: which video each click was paired with, and what
 * that is worth where the truth is known.
 */
public final class WatchingEvidence implements AutoCloseable {
  private final TableWriter writer;
  private final ItemKinds kinds;

  /** Opens the table; the stream stays the caller's. */
  public WatchingEvidence(ItemKinds kinds, OutputStream out, BufferAllocator allocator)
      throws IOException {
    this.kinds = kinds;
    this.writer = new TableWriter(TableSchema.WATCHING_EVIDENCE.schema(0), out, allocator);
  }

  /** A click that has no video by {@link WatchingRule#NONE}. */
  void addAlone(int request, int position, int product) throws IOException {
    start(WatchingRule.NONE, request, position, product);
    writer.setNull(4).setNull(5).setNull(6).endRow();
  }

  void add(WatchingRule rule, int request, int position, int product, int video, long sinceEndMs)
      throws IOException {
    start(rule, request, position, product);
    writer
        .setInt(4, video)
        .setFloat(5, sinceEndMs / 1000f)
        .setString(6, kinds.category(video))
        .endRow();
  }

  private void start(WatchingRule rule, int request, int position, int product) {
    writer.setInt(0, request).setInt(1, position).setInt(2, product).setString(3, rule.key());
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /**
   * What a rule's pairs are worth.
   *
   * @param clicksWithPair share of all clicks that have a pair
   * @param truePairs share of the pairs whose video did cause the click
   * @param causedFound share of the clicks that a video caused, in pairs with that video
   */
  public record Worth(long pairs, double clicksWithPair, double truePairs, double causedFound) {}

  /**
   * Compares every rule with the truth of a simulated world.
   *
   * @param evidence the table
   * @param request of each event whose cause is known
   * @param position likewise
   * @param cause the dense id of the video that the user clicked that event's product because of;
   *     -1 where there was none, or where the product is not what the video made the user want
   */
  public static Map<String, Worth> worth(
      Path evidence, int[] request, int[] position, int[] cause, BufferAllocator allocator)
      throws IOException {
    Long2IntOpenHashMap causes = new Long2IntOpenHashMap(request.length);
    causes.defaultReturnValue(-1);
    for (int i = 0; i < request.length; i++) {
      causes.put(key(request[i], position[i]), cause[i]);
    }
    Map<WatchingRule, Tally> tallies = new EnumMap<>(WatchingRule.class);
    for (WatchingRule rule : WatchingRule.values()) {
      tallies.put(rule, new Tally());
    }
    Tally clicks = new Tally();
    try (TableReader reader = new TableReader(TableSchema.WATCHING_EVIDENCE, evidence, allocator)) {
      while (reader.next()) {
        count(reader.batch(), causes, tallies, clicks);
      }
    }
    Map<String, Worth> worth = new LinkedHashMap<>();
    tallies.forEach((rule, tally) ->
        worth.put(
            rule.key(),
            new Worth(
                tally.all,
                share(tally.all, clicks.all),
                share(tally.caused, tally.all),
                share(tally.caused, clicks.caused))));
    return worth;
  }

  /** Of pairs, or of clicks, how many have the true cause, or any. */
  private static final class Tally {
    long all;
    long caused;

    void add(boolean isCaused) {
      all++;
      caused += isCaused ? 1 : 0;
    }
  }

  private static void count(
      VectorSchemaRoot batch,
      Long2IntOpenHashMap causes,
      Map<WatchingRule, Tally> tallies,
      Tally clicks) {
    IntVector request = (IntVector) batch.getVector("request");
    IntVector position = (IntVector) batch.getVector("position");
    IntVector video = (IntVector) batch.getVector("video");
    VarCharVector rules = (VarCharVector) batch.getVector("rule");
    for (int row = 0; row < batch.getRowCount(); row++) {
      WatchingRule rule = WatchingRule.of(new String(rules.get(row), StandardCharsets.UTF_8));
      int cause = causes.get(key(request.get(row), position.get(row)));
      if (rule == WatchingRule.NONE) {
        clicks.add(cause >= 0);
      }
      Tally tally = tallies.get(rule);
      if (tally != null && !video.isNull(row)) {
        tally.add(video.get(row) == cause);
      }
    }
  }

  private static long key(int request, int position) {
    return ((long) request << 32) | position;
  }

  private static double share(long part, long of) {
    return of == 0 ? 0 : (double) part / of;
  }
}
