package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

class SidTreeTest {
  @TempDir Path folder;

  private ItemLabels labels(int items) throws IOException {
    Path file = folder.resolve("items.arrow");
    try (RootAllocator allocator = new RootAllocator()) {
      try (OutputStream out = Files.newOutputStream(file);
          TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
        for (int item = 0; item < items; item++) {
          String title = item == 2 ? "😀".repeat(100) : "item " + item;
          writer.setInt(0, item).setString(1, "i").setString(2, "product_card");
          writer.setString(3, title).setString(4, item == 0 ? null : "leaf " + item % 3);
          writer.setFloat(5, 1).setNull(6).setLong(7, 0);
          if (item == 1) {
            writer.setStrings(11, List.of("pictures/1.jpg", "pictures/2.jpg"));
          }
          writer.endRow();
        }
      }
      return ItemLabels.read(file, _ -> true, allocator);
    }
  }

  @Test
  void codesAreShownLargestFirstWithWhatIsBehindThem() throws IOException {
    int[][] codes = {{1, 1, 0, 1}, {0, 2, 0, 2}};
    SidTree tree =
        SidTree.of(
            "product_card",
            "all items",
            new int[] {2, 3},
            codes,
            new int[] {0, 1, 2, 3},
            new double[] {3, 2, 1, .5},
            labels(4));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    tree.write(out);
    JsonNode json = new ObjectMapper().readTree(out.toByteArray());
    assertThat(json.get("codes").asInt()).isEqualTo(2);
    JsonNode largest = json.get("nodes").get(0);
    assertThat(largest.get("code").toString()).isEqualTo("[1]");
    assertThat(largest.get("items").asInt()).isEqualTo(3);
    assertThat(largest.get("examples").get(0).get("title").asText()).isEqualTo("item 3");
    assertThat(largest.get("categories").get("leaf 0").asDouble()).isEqualTo(1 / 3.);
    assertThat(largest.get("examples").get(1).get("picture").asText()).isEqualTo("pictures/1.jpg");
    assertThat(largest.get("nodes").get(0).get("code").toString()).isEqualTo("[1,2]");
    assertThat(largest.get("nodes").get(0).get("nodes")).isEmpty();
    String cut = json.get("nodes").get(1).get("examples").get(0).get("title").asText();
    assertThat(cut).endsWith("😀…").hasSizeLessThan(170);
  }

  @Test
  void theTreeIsBounded() throws IOException {
    int[] sizes = {200, 50, 50};
    int items = 3_000;
    int[][] codes = RandomSids.codes(new Random(1), sizes, items);
    int[] item = new int[items];
    SidTree tree =
        SidTree.of("product_card", "all", sizes, codes, item, new double[items], labels(1));
    assertThat(tree.nodes()).hasSize(SidTree.FIRST_LEVEL);
    assertThat(tree.codes()).isEqualTo(200);
    assertThat(tree.nodes())
        .allSatisfy(node -> {
          assertThat(node.nodes()).hasSizeLessThanOrEqualTo(SidTree.LATER_LEVELS);
          assertThat(node.codes()).isGreaterThanOrEqualTo(node.nodes().size());
        });
  }
}
