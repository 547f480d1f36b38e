package org.onemall.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.embed.Embedder;
import org.onemall.model.FakeModels;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.Schedule;

class ItemTokenizerTest {
  private static final TokenizerConfig.Encoder ENCODER =
      new TokenizerConfig.Encoder(
          "tiny_bert",
          TokenizerConfig.Attention.BIDIRECTIONAL,
          TokenizerConfig.Readout.EMB,
          16,
          null,
          null,
          null,
          null,
          null,
          0.05,
          false,
          false,
          0.01);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noItemComesTwiceInABatchAndEveryPairComesOncePerPass(long seed) {
    Random random = new Random(seed);
    int pairs = 200;
    int[] anchors = new int[pairs];
    int[] positives = new int[pairs];
    Set<Long> known = new HashSet<>();
    for (int pair = 0; pair < pairs; pair++) {
      do {
        anchors[pair] = random.nextInt(60);
        positives[pair] = 60 + random.nextInt(60);
      } while (!known.add(anchors[pair] * 1_000L + positives[pair]));
    }
    PairBatches batches = new PairBatches(pairs(anchors, positives), 8, seed);
    int[] seen = new int[pairs];
    int total = 0;
    long step = 0;
    try (RootAllocator allocator = new RootAllocator()) {
      while (total < 3 * pairs) {
        try (Tensors batch = batches.batch(step++, allocator)) {
          Set<Integer> items = new HashSet<>();
          int size = (int) batch.get("anchor").size();
          assertThat(size).isBetween(1, 8);
          for (int row = 0; row < size; row++) {
            int anchor = batch.get("anchor").getInt(row);
            int positive = batch.get("positive").getInt(row);
            assertThat(items.add(anchor)).as("seed %d", seed).isTrue();
            assertThat(items.add(positive)).as("seed %d", seed).isTrue();
            for (int pair = 0; pair < pairs; pair++) {
              seen[pair] += anchors[pair] == anchor && positives[pair] == positive ? 1 : 0;
            }
            for (int column = 0; column < size; column++) {
              long key = anchor * 1_000L + batch.get("positive").getInt(column);
              assertThat(batch.get("known").getByte((long) row * size + column))
                  .isEqualTo((byte) (known.contains(key) ? 1 : 0));
            }
          }
          total += size;
        }
      }
    }
    for (int count : seen) {
      assertThat(count).as("seed %d", seed).isBetween(2, 4);
    }
  }

  @Test
  void feedsTextsTrainsAndSavesThenEmbedsWithTheSameWeights() throws IOException {
    FakeModels models =
        new FakeModels() {
          @Override
          public Map<String, Double> infer(String what, Tensors in, Tensors out) {
            super.infer(what, in, out);
            return Map.of("width", 2.0);
          }
        };
    TokenizerConfig config =
        new TokenizerConfig(ENCODER, 2, 4, new Schedule(0.1, 0, 1), null, null, null);
    Path weights = folder.resolve("tokenizer.safetensors");
    Path features = folder.resolve("picture_features.arrow");
    try (RootAllocator allocator = new RootAllocator()) {
      Path items = items(allocator);
      TokenizerCard card;
      try (ItemTokenizer tokenizer =
          ItemTokenizer.train(
              models,
              config,
              new TokenizerInputs(items, Integer.MAX_VALUE, pairs(allocator), path -> null, null),
              1,
              3,
              allocator,
              (s, f) -> {})) {
        card = tokenizer.card();
        tokenizer.save(weights);
        try (OutputStream out = Files.newOutputStream(features)) {
          tokenizer.writeFeatures(out, allocator);
        }
      }
      assertThat(card)
          .isEqualTo(
              new TokenizerCard(
                  "tiny_bert", 2, 2, List.of(1.0, 1.0), List.of(), null, false, null, List.of()));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      card.write(out);
      Path file = Files.write(folder.resolve("tokenizer.json"), out.toByteArray());
      assertThat(TokenizerCard.read(file)).isEqualTo(card);
      try (Tensor vectors =
          Embedder.embed(
              models,
              ENCODER,
              new Embedder.Tuned(card, weights, features),
              items,
              new int[] {3},
              3,
              allocator)) {
        assertThat(vectors.shape()).containsExactly(3, 2);
      }
    }
    String texts = "feed texts item\ttext|0\tred cup. cups|1\tblue cup|2\tlamp|";
    assertThat(models.calls)
        .containsExactly(
            "open item_encoder " + ENCODER,
            texts,
            "step pairs [anchor, positive, known] {learning_rate=0.1}",
            "step pairs [anchor, positive, known] {learning_rate=0.1}",
            "infer width",
            "save tokenizer.safetensors",
            "close",
            "open item_encoder " + ENCODER,
            "load tokenizer.safetensors",
            texts,
            "infer embed",
            "close");
  }

  /** A kill after step 52 of 60: the next try loads what was saved after step 50 and goes on. */
  @Test
  void aKilledTrainingGoesOnWhereItWasSaved() throws IOException {
    TokenizerConfig config =
        new TokenizerConfig(ENCODER, 60, 2, new Schedule(0.1, 0, 1), null, null, null);
    List<Integer> seen = new ArrayList<>();
    FakeModels models =
        new FakeModels() {
          @Override
          public Map<String, Double> infer(String what, Tensors in, Tensors out) {
            return Map.of("width", 2.0);
          }

          @Override
          public void save(Path file, boolean training) {
            super.save(file, training);
            try {
              Files.writeString(file, "weights " + seen.size());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }

          @Override
          public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
            seen.add(batch.get("anchor").getInt(0));
            return Map.of("loss", (double) seen.size());
          }
        };
    try (RootAllocator allocator = new RootAllocator()) {
      TokenizerInputs inputs =
          new TokenizerInputs(
              items(allocator), Integer.MAX_VALUE, manyPairs(allocator), path -> null, folder);
      assertThatThrownBy(() ->
              ItemTokenizer.train(
                  models,
                  config,
                  inputs,
                  1,
                  3,
                  allocator,
                  (step, figures) -> {
                    if (step == 51) {
                      throw new IllegalStateException("killed");
                    }
                  }))
          .hasMessage("killed");
      List<Integer> before = List.copyOf(seen);
      assertThat(before).hasSize(52);
      try (ItemTokenizer resumed =
          ItemTokenizer.train(models, config, inputs, 1, 3, allocator, (step, figures) -> {})) {
        assertThat(resumed.card().losses()).hasSize(60);
      }
      assertThat(models.calls).contains("load model-00000050.state.safetensors");
      assertThat(seen).hasSize(62);
      assertThat(seen.subList(52, 54)).isEqualTo(before.subList(50, 52));
      Files.writeString(
          folder.resolve("text").resolve("model-00000060.state.safetensors"), "damaged");
      try (ItemTokenizer anew =
          ItemTokenizer.train(models, config, inputs, 1, 3, allocator, (step, figures) -> {})) {
        assertThat(anew.card().losses()).hasSize(60);
        assertThat(seen).hasSize(122);
        assertThat(seen.subList(62, 114)).isEqualTo(before);
      }
    }
  }

  private Path manyPairs(RootAllocator allocator) throws IOException {
    Path file = folder.resolve("many_pairs.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEM_PAIRS.schema(0), out, allocator)) {
      for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
          if (a != b) {
            writer.setInt(0, a).setInt(1, b).setFloat(2, 1).setString(3, "swing").endRow();
          }
        }
      }
    }
    return file;
  }

  private Path items(RootAllocator allocator) throws IOException {
    Path file = folder.resolve("items.arrow");
    String[] titles = {"red cup", "blue cup", "lamp"};
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < titles.length; item++) {
        writer
            .setInt(0, item)
            .setString(1, "x" + item)
            .setString(2, "product_card")
            .setString(3, titles[item])
            .setString(4, item == 0 ? "cups" : null)
            .setFloat(5, 1)
            .setString(6, null)
            .setLong(7, 0)
            .endRow();
      }
    }
    return file;
  }

  private Path pairs(RootAllocator allocator) throws IOException {
    Path file = folder.resolve("item_pairs.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEM_PAIRS.schema(0), out, allocator)) {
      writer.setInt(0, 0).setInt(1, 1).setFloat(2, 1).setString(3, "swing").endRow();
    }
    return file;
  }

  private static Pairs pairs(int[] anchors, int[] positives) {
    return new Pairs(anchors, positives, Collections.nCopies(anchors.length, "swing"), 0, 1);
  }

  @Test
  void noPairsAreAnErrorThatSaysWhatToDo() {
    assertThatThrownBy(() -> new PairBatches(pairs(new int[0], new int[0]), 4, 1))
        .hasMessageContaining("set tokenizer.steps to 0");
  }
}
