package org.onemall.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

class ExternalIdsTest {
  @TempDir Path folder;

  @Test
  void everyIdIsFoundUnderItsDenseOne() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<String> ids = new LinkedHashSet<>(List.of("", "a", "ab", "\u00e9", "\ud83d\ude00", "A 1"));
    while (ids.size() < 500) {
      ids.add(Long.toString(random.nextLong(), 36).substring(random.nextInt(5)));
    }
    Path file = folder.resolve("users.arrow");
    try (RootAllocator allocator = new RootAllocator()) {
      Schema schema = TableSchema.USERS.schema(0);
      try (OutputStream out = Files.newOutputStream(file);
          TableWriter writer = new TableWriter(schema, out, allocator)) {
        int next = 0;
        for (String id : ids) {
          writer.setInt(0, next++).setString(1, id);
          for (int column = 2; column < schema.getFields().size(); column++) {
            writer.setNull(column);
          }
          writer.endRow();
        }
      }
      ExternalIds found = ExternalIds.read(TableSchema.USERS, file, allocator);
      assertThat(found.size()).isEqualTo(ids.size());
      int next = 0;
      for (String id : ids) {
        assertThat(found.of(next)).isEqualTo(id);
        assertThat(found.find(id)).as("seed %d, '%s'", seed, id).isEqualTo(next++);
      }
      assertThat(found.find("nobody")).isEqualTo(-1);
    }
  }
}
