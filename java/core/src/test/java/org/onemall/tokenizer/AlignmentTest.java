package org.onemall.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.FakeModels;
import org.onemall.model.Model;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.Schedule;
import org.onemall.training.StepListener;

class AlignmentTest {
  private static final int ITEMS = 10;
  private static final TokenizerConfig.Vision VISION =
      new TokenizerConfig.Vision("swin:{}", 1, 1, null, 0.3);
  private static final TokenizerConfig.Vision WITHOUT =
      new TokenizerConfig.Vision("swin:{}", 1, 1, null, null);

  @TempDir Path folder;
  private int known = Integer.MAX_VALUE;
  private final List<int[]> batches = new ArrayList<>();

  /** Every picture can be read, but that of item 9. */
  private final FakeModels models =
      new FakeModels() {
        @Override
        public Model open(Kind kind, Object config, long seed) {
          calls.add("open " + ((TokenizerConfig.Encoder) config).use());
          return this;
        }

        @Override
        public void feed(String what, VectorSchemaRoot table) {
          calls.add("feed " + what);
        }

        @Override
        public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
          Tensor items = batch.get("item");
          batches.add(IntStream.range(0, (int) items.size()).map(items::getInt).toArray());
          return Map.of("loss", (double) batches.size());
        }

        @Override
        public Map<String, Double> infer(String what, Tensors in, Tensors out) {
          out.get("outcome").setByte(ITEMS - 1, (byte) 3);
          return Map.of();
        }

        @Override
        public void save(Path file, boolean training) {
          super.save(file, training);
          try {
            Files.writeString(file, training + " " + batches.size());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  @Test
  void everyItemWithAPictureComesOncePerPassAndTheWeightsAreKept() throws IOException {
    Alignment alignment = align(config(6, 3), folder, (step, figures) -> {});
    assertThat(alignment.losses()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    assertThat(batches).allMatch(batch -> batch.length == 3);
    for (int pass = 0; pass < 2; pass++) {
      assertThat(batches.subList(3 * pass, 3 * pass + 3).stream().flatMapToInt(IntStream::of))
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }
    assertThat(models.calls)
        .startsWith("open BOTH", "feed texts", "feed pictures")
        .endsWith("close");
    assertThat(folder.resolve("aligned.safetensors")).hasContent("false 6");
    alignment.load(models);
    assertThat(models.calls).endsWith("load aligned.safetensors");
  }

  @Test
  void itemsThatCameLaterTeachNothing() throws IOException {
    known = 4;
    align(config(6, 2), folder, (step, figures) -> {});
    assertThat(batches.stream().flatMapToInt(IntStream::of).distinct())
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(models.calls).startsWith("open BOTH", "feed texts", "feed texts", "feed pictures");
  }

  /** A kill after step 52 of 60: the next try goes on after step 50 with the same batches. */
  @Test
  void aKilledAlignmentGoesOnWhereItWasSaved() throws IOException {
    assertThatThrownBy(() ->
            align(
                config(60, 4),
                folder,
                (step, figures) -> {
                  if (step == 51) {
                    throw new IllegalStateException("killed");
                  }
                }))
        .hasMessage("killed");
    assertThat(batches).hasSize(52);
    assertThat(align(config(60, 4), folder, (step, figures) -> {}).losses()).hasSize(60);
    assertThat(batches).hasSize(62);
    assertThat(batches.get(52)).containsExactly(batches.get(50));
    assertThat(batches.get(53)).containsExactly(batches.get(51));
  }

  @Test
  void withoutAlignmentNothingIsOpened() throws IOException {
    TokenizerConfig text = config(6, 3).with(TokenizerConfig.Use.TEXT, 1);
    for (TokenizerConfig config : List.of(text, config(null, WITHOUT))) {
      assertThat(config.allSteps()).isEqualTo(1);
      assertThat(align(config, null, (step, figures) -> {}))
          .isEqualTo(new Alignment(null, List.of()));
    }
    assertThat(models.calls).isEmpty();
  }

  @Test
  void whatIsMissingIsSaid() {
    var align = new TokenizerConfig.Align(1, 2, 0.1);
    assertThatThrownBy(() -> config(null, VISION))
        .hasMessageContaining("tokenizer.align: expected steps for encoder.vision");
    assertThatThrownBy(() -> config(align, WITHOUT))
        .hasMessage(
            "tokenizer.align: expected encoder.vision.shortcut, which it teaches, found none");
    assertThatThrownBy(() -> align(config(1, 2), null, (step, figures) -> {}))
        .hasMessageContaining("expected a folder for checkpoints");
  }

  private static TokenizerConfig config(int steps, int batchItems) {
    return config(new TokenizerConfig.Align(steps, batchItems, 0.1), VISION);
  }

  private static TokenizerConfig config(
      TokenizerConfig.@Nullable Align align, TokenizerConfig.Vision vision) {
    var encoder =
        new TokenizerConfig.Encoder(
            "tiny_bert",
            TokenizerConfig.Attention.BIDIRECTIONAL,
            TokenizerConfig.Readout.EMB,
            16,
            null,
            vision,
            null,
            null,
            null,
            0.05,
            false,
            false,
            0.01);
    return new TokenizerConfig(encoder, 1, 2, new Schedule(0.1, 0, 1), align, null, null);
  }

  private Alignment align(TokenizerConfig config, @Nullable Path checkpoints, StepListener listener)
      throws IOException {
    try (RootAllocator allocator = new RootAllocator()) {
      Path items = items(allocator);
      var inputs = new TokenizerInputs(items, known, items, path -> new byte[] {1}, checkpoints);
      return Alignment.run(models, config, inputs, 1, 7, allocator, listener);
    }
  }

  private Path items(RootAllocator allocator) throws IOException {
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < ITEMS; item++) {
        writer
            .setInt(0, item)
            .setString(1, "x" + item)
            .setString(2, "product_card")
            .setString(3, "title")
            .setFloat(5, 1)
            .setLong(7, 0)
            .setStrings(11, List.of(item + ".jpg"))
            .endRow();
      }
    }
    return file;
  }
}
