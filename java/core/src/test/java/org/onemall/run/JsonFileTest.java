package org.onemall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
  @TempDir Path folder;

  private enum Kind {
    FIRST_KIND
  }

  private record Inner(int itemCount, @Nullable String note) {}

  private record Outer(Kind kind, List<Inner> inners, @Nullable Inner last) {}

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("a.json"), text);
  }

  @Test
  void readsWhatItWroteAndLeavesOutNulls() throws IOException {
    Outer value = new Outer(Kind.FIRST_KIND, List.of(new Inner(3, null), new Inner(4, "x")), null);
    Path file = folder.resolve("a.json");
    try (OutputStream out = Files.newOutputStream(file)) {
      JsonFile.write(value, out);
    }
    assertThat(JsonFile.read(file, Outer.class)).isEqualTo(value);
    assertThat(Files.readString(file))
        .isEqualTo(JsonFile.text(value))
        .contains("first_kind", "item_count")
        .doesNotContain("null", "last");
  }

  @Test
  void aMissingComponentIsAnErrorUnlessItMayBeNull() throws IOException {
    assertThat(JsonFile.read(file("{\"item_count\": 1}"), Inner.class))
        .isEqualTo(new Inner(1, null));
    assertThatThrownBy(() -> JsonFile.read(file("{\"note\": \"x\"}"), Inner.class))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("a.json", "Inner", "item_count", "run its stage again");
    assertThatThrownBy(() -> JsonFile.read(file("{\"kind\": \"first_kind\"}"), Outer.class))
        .hasMessageContainingAll("Outer", "inners");
  }

  @Test
  void anUnknownNameAndTextThatIsCutAreErrors() throws IOException {
    assertThatThrownBy(() -> JsonFile.read(file("{\"item_count\": 1, \"items\": 2}"), Inner.class))
        .hasMessageContainingAll("a.json", "items");
    assertThatThrownBy(() -> JsonFile.read(file("{\"item_count\": 1"), Inner.class))
        .hasMessageContaining("a.json");
    assertThatThrownBy(() -> JsonFile.read(file("{\"item_count\": 1"), JsonNode.class))
        .hasMessageContaining("a.json");
  }
}
