package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

class SemanticIdsTest {
  private final BufferAllocator allocator = new RootAllocator();

  @TempDir Path folder;

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  private Path write(Schema schema, int[]... rows) throws IOException {
    Path file = folder.resolve("semantic_ids.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(schema, out, allocator)) {
      for (int[] row : rows) {
        writer.setInt(0, row[0]).setLong(1, row[1]).setCodes(2, new int[] {row[2], row[3]});
        writer.endRow();
      }
    }
    return file;
  }

  private static Schema schema(String sizes) {
    return new Schema(TableSchema.SEMANTIC_IDS.schema(2).getFields(), Map.of("sizes", sizes));
  }

  @Test
  void comeBackFromTheirTable() throws IOException {
    int[][] codes = {{3, 0, 2}, {1, 1, 0}};
    Path file = folder.resolve("semantic_ids.arrow");
    try (OutputStream out = Files.newOutputStream(file)) {
      SemanticIds.of(new int[] {4, 2}, codes).write(out, allocator);
    }
    SemanticIds ids = SemanticIds.read(file, allocator);
    assertThat(ids.sizes()).containsExactly(4, 2);
    assertThat(ids.items()).isEqualTo(3);
    int[] sid = new int[2];
    for (int item = 0; item < 3; item++) {
      ids.codes(item, item * 1_000_000L, sid);
      assertThat(sid).containsExactly(codes[0][item], codes[1][item]);
    }
  }

  @Test
  void aMomentHasTheSidThatWasValidThen() throws IOException {
    Path file =
        write(
            schema("4,4"),
            new int[] {1, 100, 0, 0},
            new int[] {1, 200, 1, 0},
            new int[] {1, 300, 2, 0},
            new int[] {3, 50, 3, 3});
    SemanticIds ids = SemanticIds.read(file, allocator);
    int[] sid = new int[2];
    int[][] expected = {
      {0, 0}, {99, 0}, {100, 0}, {199, 0}, {200, 1}, {299, 1}, {300, 2}, {999, 2}
    };
    for (int[] each : expected) {
      ids.codes(1, each[0], sid);
      assertThat(sid[0]).as("at %d", each[0]).isEqualTo(each[1]);
    }
    assertThat(ids.has(2)).isFalse();
    assertThat(ids.has(4)).isFalse();
    assertThatThrownBy(() -> ids.codes(2, 0, sid)).hasMessageContaining("item 2 has none");
    SidIndex index = SidIndex.of(ids, 200);
    assertThat(index.leaves()).isEqualTo(2);
    index.codes(0, sid);
    assertThat(sid).containsExactly(1, 0);
    assertThat(index.item(0, 0)).isEqualTo(1);
    assertThat(index.item(1, 0)).isEqualTo(3);
  }

  @Test
  void anyMomentHasTheSidOfALinearScanFromTheEnd() throws IOException {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      int rows = 1 + random.nextInt(60);
      int[] items = new int[rows];
      long[] from = new long[rows];
      int[][] codes = RandomSids.codes(random, new int[] {3, 2}, rows);
      for (int row = 0; row < rows; row++) {
        boolean same = row > 0 && random.nextInt(4) > 0;
        items[row] = row == 0 ? random.nextInt(3) : items[row - 1] + (same ? 0 : 1);
        from[row] = same ? from[row - 1] + 1 + random.nextInt(5) : random.nextInt(9) - 4;
      }
      Path file = folder.resolve("semantic_ids.arrow");
      try (OutputStream out = Files.newOutputStream(file)) {
        SemanticIds.of(new int[] {3, 2}, items, from, codes).write(out, allocator);
      }
      SemanticIds ids = SemanticIds.read(file, allocator);
      int[] sid = new int[2];
      for (int item = 0; item <= items[rows - 1] + 1; item++) {
        int first = 0;
        while (first < rows && items[first] != item) {
          first++;
        }
        assertThat(ids.has(item)).isEqualTo(first < rows);
        for (long moment = -6; first < rows && moment < 120; moment++) {
          int row = rows - 1;
          while (row > first && (items[row] != item || from[row] > moment)) {
            row--;
          }
          ids.codes(item, moment, sid);
          assertThat(sid)
              .as("seed %d, item %d at %d", seed, item, moment)
              .containsExactly(codes[0][row], codes[1][row]);
        }
      }
    }
    assertThatThrownBy(() ->
            SemanticIds.of(
                new int[] {2}, new int[] {4, 4}, new long[] {5, 5}, new int[][] {{0, 1}}))
        .hasMessageContaining("found item 4 at row 1");
    assertThatThrownBy(
            () -> SemanticIds.of(new int[] {2}, new int[] {4}, new long[] {5}, new int[][] {{2}}))
        .hasMessageContaining("found 2 for item 4");
  }

  @Test
  void tablesOutOfOrderOrWithoutSizesAreRefused() throws IOException {
    Path unsorted = write(schema("4,4"), new int[] {1, 9, 0, 0}, new int[] {1, 9, 1, 0});
    assertThatThrownBy(() -> SemanticIds.read(unsorted, allocator))
        .hasMessageContaining("found item 1 at row 1");
    Path bare = write(TableSchema.SEMANTIC_IDS.schema(2), new int[] {1, 9, 0, 0});
    assertThatThrownBy(() -> SemanticIds.read(bare, allocator)).hasMessageContaining("'sizes'");
  }

  @Test
  void theIndexGroupsItemsBySid() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      int[] sizes = {1 + random.nextInt(6), 1 + random.nextInt(6), 1 + random.nextInt(6)};
      int items = 1 + random.nextInt(300);
      int[][] codes = RandomSids.codes(random, sizes, items);
      SidIndex index = SidIndex.of(SemanticIds.of(sizes, codes), 0);
      Map<List<Integer>, List<Integer>> expected = new HashMap<>();
      for (int item = 0; item < items; item++) {
        expected
            .computeIfAbsent(
                List.of(codes[0][item], codes[1][item], codes[2][item]), _ -> new ArrayList<>())
            .add(item);
      }
      assertThat(index.leaves()).as("seed %d", seed).isEqualTo(expected.size());
      int[] sid = new int[3];
      int[] before = new int[3];
      for (int leaf = 0; leaf < index.leaves(); leaf++) {
        index.codes(leaf, sid);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < index.count(leaf); i++) {
          found.add(index.item(leaf, i));
        }
        assertThat(found)
            .as("seed %d", seed)
            .isEqualTo(expected.get(List.of(sid[0], sid[1], sid[2])));
        assertThat(leaf == 0 || Arrays.compare(before, sid) < 0).isTrue();
        System.arraycopy(sid, 0, before, 0, 3);
      }
    }
  }
}
