package org.onemall.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.FakeModels;
import org.onemall.model.PictureSource;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

class ItemPicturesTest {
  @TempDir Path folder;

  @Test
  void framesAreEvenlySpacedAndEveryOutcomeIsCounted() throws IOException {
    FakeModels models =
        new FakeModels() {
          @Override
          public void feed(String what, VectorSchemaRoot table) {
            StringBuilder rows = new StringBuilder();
            for (int row = 0; row < table.getRowCount(); row++) {
              byte[] picture = (byte[]) table.getVector("picture").getObject(row);
              rows.append(table.getVector("item").getObject(row)).append(':');
              rows.append(table.getVector("place").getObject(row)).append(':');
              rows.append(new String(picture, StandardCharsets.UTF_8)).append(' ');
            }
            calls.add("feed " + what + " " + rows);
          }

          @Override
          public Map<String, Double> infer(String what, Tensors in, Tensors out) {
            super.infer(what, in, out);
            Tensor outcome = out.get("outcome");
            outcome.setByte(outcome.size() - 1, (byte) 3); // the last of each call is broken
            return Map.of();
          }
        };
    PictureSource source =
        path ->
            switch (path) {
              case "gone.jpg" -> null;
              case "bad.jpg" -> throw new IOException("bad.jpg: too many bytes");
              default -> path.getBytes(StandardCharsets.UTF_8);
            };
    try (RootAllocator allocator = new RootAllocator()) {
      ItemPictures pictures = new ItemPictures(models, source, 2, 3, allocator);
      Path items =
          items(
              allocator,
              new String[] {"", "cup", "", "lamp", "spoon"},
              List.of(
                  List.of("a.jpg"),
                  List.of("f0", "f1", "f2", "f3", "f4", "f5"),
                  List.of(),
                  List.of("gone.jpg", "bad.jpg"),
                  List.of("z.jpg")));
      PictureCounts counts = pictures.feed(items);
      assertThat(models.calls)
          .containsExactly("feed pictures 0:0:a.jpg 1:1:f1 1:4:f4 4:0:z.jpg ", "infer outcomes");
      assertThat(counts)
          .isEqualTo(
              new PictureCounts(
                  Map.of("read", 3, "broken", 1, "absent", 1, "refused", 1),
                  Map.of(
                      "broken", "z.jpg",
                      "absent", "gone.jpg",
                      "refused", "bad.jpg: too many bytes"),
                  3,
                  2,
                  1));
      assertThat(pictures.items()).containsExactly(0, 1, 1);
      assertThat(pictures.places()).containsExactly(0, 1, 4);
    }
  }

  @Test
  void aFolderGivesItsFilesAndNothingElse() throws IOException {
    Path root = Files.createDirectory(folder.resolve("shop"));
    Files.write(root.resolve("a.jpg"), new byte[] {1, 2, 3});
    Files.write(folder.resolve("secret"), new byte[] {9});
    Files.createSymbolicLink(root.resolve("link.jpg"), folder.resolve("secret"));
    PictureFolder source = new PictureFolder(root, 3);
    assertThat(source.read("a.jpg")).containsExactly(1, 2, 3);
    assertThat(source.read("./x/../none.jpg")).isNull();
    for (String path :
        List.of("../secret", "link.jpg", folder.resolve("secret").toString(), "..")) {
      assertThatThrownBy(() -> source.read(path))
          .as(path)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("inside the folder");
    }
    assertThatThrownBy(() -> source.read(".")).hasMessageContaining("expected a file");
    assertThatThrownBy(() -> source.read("a\0b")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new PictureFolder(root, 2).read("a.jpg"))
        .hasMessage("a.jpg: expected at most 2 bytes, found 3");
  }

  @Test
  void textsOfThreeScenarios() throws IOException {
    FakeModels models = new FakeModels();
    try (RootAllocator allocator = new RootAllocator()) {
      Path file = folder.resolve("items.arrow");
      try (OutputStream out = Files.newOutputStream(file);
          TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
        String[] scenarios = {"product_card", "short_video", "live_streaming"};
        for (int item = 0; item < 3; item++) {
          writer
              .setInt(0, item)
              .setString(1, "x")
              .setString(2, scenarios[item])
              .setString(3, "title")
              .setString(4, "leaf")
              .setFloat(5, 1)
              .setLong(7, 0)
              .setString(8, "ocr")
              .setString(9, "asr")
              .endRow();
        }
      }
      assertThat(ItemTexts.feed(models, file, allocator)).isEqualTo(3);
    }
    assertThat(models.calls)
        .containsExactly("feed texts item\ttext|0\ttitle. leaf|1\ttitle. ocr. asr|2\ttitle|");
  }

  private Path items(RootAllocator allocator, String[] titles, List<List<String>> pictures)
      throws IOException {
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item : IntStream.range(0, titles.length).toArray()) {
        writer
            .setInt(0, item)
            .setString(1, "x" + item)
            .setString(2, "product_card")
            .setString(3, titles[item])
            .setFloat(5, 1)
            .setLong(7, 0);
        if (!pictures.get(item).isEmpty()) {
          writer.setStrings(11, pictures.get(item));
        }
        writer.endRow();
      }
    }
    return file;
  }
}
