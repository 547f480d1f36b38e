package org.onemall.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.bridge.PythonModels;
import org.onemall.embed.Embedder;
import org.onemall.model.Device;
import org.onemall.statistics.Estimate;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.Tensor;
import org.onemall.tokenizer.ItemTokenizer;
import org.onemall.tokenizer.PartnerFigures;
import org.onemall.tokenizer.PictureCounts;
import org.onemall.tokenizer.PictureFolder;
import org.onemall.tokenizer.TokenizerCard;
import org.onemall.tokenizer.TokenizerConfig;
import org.onemall.tokenizer.TokenizerInputs;
import org.onemall.training.Schedule;

/**
 * A shop whose partners share a colour that only their pictures show and a word that only their
 * titles have: the real network must find partners by either, and best by both.
 */
class ItemTokenizerBoundaryTest {
  private static final int ITEMS = 96;
  private static final int COLOURS = 4;
  private static final int WORDS = 3;
  private static final Path VENV =
      Path.of(System.getProperty("onemall.root", ".")).resolve(".venv");
  private static final String SWIN =
      "swin:{\"image_size\": 32, \"patch_size\": 8, \"embed_dim\": 16, \"depths\": [1, 1],"
          + " \"num_heads\": [1, 2], \"window_size\": 2}";
  @TempDir Path folder;

  private static TokenizerConfig.Encoder encoder(boolean aligned) {
    return new TokenizerConfig.Encoder(
        "tiny_bert",
        TokenizerConfig.Attention.BIDIRECTIONAL,
        TokenizerConfig.Readout.EMB,
        16,
        null,
        new TokenizerConfig.Vision(SWIN, 1, 3, false, aligned ? 0.3 : null),
        null,
        null,
        null,
        0.05,
        false,
        false,
        0.01);
  }

  /** Vision learns from pairs, or first from the titles, half of which name the colour. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void partnersAreFoundByWordsAndPicturesAndNothingIsLeft(boolean aligned) throws IOException {
    TokenizerConfig.Encoder encoder = encoder(aligned);
    TokenizerConfig config =
        new TokenizerConfig(
            encoder,
            60,
            24,
            new Schedule(0.003, 5, 0.1),
            aligned ? new TokenizerConfig.Align(40, 32, 0.003) : null,
            null,
            new TokenizerConfig.HeldOut(0.2, 500, 200, true));
    try (RootAllocator allocator = new RootAllocator();
        PythonModels models = PythonModels.start(VENV, Device.CPU, 1)) {
      Path items = items(allocator, aligned);
      TokenizerInputs inputs =
          new TokenizerInputs(
              items,
              Integer.MAX_VALUE,
              pairs(allocator),
              new PictureFolder(folder, 100_000),
              aligned ? Files.createDirectory(folder.resolve("checkpoints")) : null);
      Path weights = folder.resolve("tokenizer.safetensors");
      Path features = folder.resolve("picture_features.arrow");
      TokenizerCard card;
      try (ItemTokenizer tokenizer =
          ItemTokenizer.train(models, config, inputs, 2, 7, allocator, (step, figures) -> {})) {
        card = tokenizer.card();
        tokenizer.save(weights);
        try (OutputStream out = Files.newOutputStream(features)) {
          tokenizer.writeFeatures(out, allocator);
        }
      }
      assertThat(card.visionTrained()).isTrue();
      assertThat(card.alignmentLosses()).hasSize(aligned ? 40 : 0);
      PictureCounts counts = Objects.requireNonNull(card.pictures());
      assertThat(counts.pictures())
          .isEqualTo(Map.of("read", ITEMS - 1, "broken", 1, "absent", 1, "refused", 1));
      assertThat(counts.examples()).containsEntry("broken", "pictures/0.jpg");
      assertThat(counts.itemsWithoutPicture()).isEqualTo(1);
      figuresSayThatBothIsBest(card.heldOut());
      Embedder.Tuned tuned = new Embedder.Tuned(card, weights, features);
      int[] ends = {ITEMS / 2, ITEMS};
      try (Tensor first = Embedder.embed(models, encoder, tuned, items, ends, 1, allocator);
          Tensor second = Embedder.embed(models, encoder, tuned, items, ends, 2, allocator)) {
        assertThat(first.segment().mismatch(second.segment())).isEqualTo(-1);
        assertThat(first.shape()).containsExactly(ITEMS, 64);
      }
    }
  }

  private static void figuresSayThatBothIsBest(List<PartnerFigures> figures) {
    List<PartnerFigures> all =
        figures.stream().filter(each -> each.source().equals("all")).toList();
    assertThat(all).extracting(PartnerFigures::use).containsExactly("both", "text", "picture");
    assertThat(all.getFirst().behind()).isNull();
    for (PartnerFigures alone : all.subList(1, 3)) {
      assertThat(alone.hr10().value()).as(alone.use()).isBetween(2 * 10.0 / ITEMS, 0.9);
      Estimate behind = Objects.requireNonNull(alone.behind());
      assertThat(behind.low()).as(alone.use()).isPositive();
    }
  }

  /** Item i has colour i % 4, and the word i % 3; of each dozen every other one says its colour. */
  private Path items(RootAllocator allocator, boolean named) throws IOException {
    Files.createDirectories(folder.resolve("pictures"));
    Random random = new Random(3);
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < ITEMS; item++) {
        String picture = "pictures/" + item + ".jpg";
        draw(item, random, folder.resolve(picture));
        List<String> pictures =
            item == 1 ? List.of(picture, "pictures/none.jpg", "../outside.jpg") : List.of(picture);
        writer
            .setInt(0, item)
            .setString(1, "x" + item)
            .setString(2, "product_card")
            .setString(
                3,
                "word"
                    + "abc".charAt(item % WORDS)
                    + (named && item / (COLOURS * WORDS) % 2 == 0 ? " hue" + item % COLOURS : ""))
            .setString(4, null)
            .setFloat(5, 1)
            .setString(6, null)
            .setLong(7, 0)
            .setStrings(11, pictures)
            .endRow();
      }
    }
    Files.writeString(folder.resolve("pictures/0.jpg"), "no picture");
    Files.writeString(folder.resolve("../outside.jpg"), "not yours");
    return file;
  }

  private static void draw(int item, Random random, Path file) throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Color colour = Color.getHSBColor((item % COLOURS) / (float) COLOURS, 1, 0.9f);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        boolean noise = random.nextInt(4) == 0;
        image.setRGB(x, y, noise ? random.nextInt(1 << 24) : colour.getRGB());
      }
    }
    ImageIO.write(image, "jpg", file.toFile());
  }

  /** Partners share word and colour; each comes both ways. */
  private Path pairs(RootAllocator allocator) throws IOException {
    Path file = folder.resolve("item_pairs.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEM_PAIRS.schema(0), out, allocator)) {
      for (int a = 0; a < ITEMS; a++) {
        for (int b = 0; b < ITEMS; b++) {
          if (a != b && a % COLOURS == b % COLOURS && a % WORDS == b % WORDS) {
            writer.setInt(0, a).setInt(1, b).setFloat(2, 1).setString(3, "swing").endRow();
          }
        }
      }
    }
    return file;
  }
}
