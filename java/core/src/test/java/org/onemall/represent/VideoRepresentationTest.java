package org.onemall.represent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.represent.TestCatalogue.Item;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Scenario;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class VideoRepresentationTest {
  @TempDir Path folder;

  @Test
  void aVideoIsItsProductAndItselfScaledRight() throws IOException {
    Random random = new Random(2);
    List<Item> list = new ArrayList<>();
    for (int item = 0; item < 60; item++) {
      boolean product = item % 3 == 0;
      list.add(
          new Item(
              product ? Scenario.PRODUCT_CARD : Scenario.SHORT_VIDEO,
              product ? -1 : random.nextInt(20) * 3));
    }
    list.add(new Item(Scenario.SHORT_VIDEO, -1));
    list.add(new Item(Scenario.SHORT_VIDEO, 1));
    list.add(new Item(Scenario.SHORT_VIDEO, 77));
    list.add(new Item(Scenario.LIVE_STREAMING, -1));
    try (RootAllocator allocator = new RootAllocator();
        Tensor features = Tensor.allocate(allocator, DType.FLOAT32, list.size(), 5)) {
      for (long i = 0; i < features.size(); i++) {
        features.setFloat(i, (float) random.nextGaussian());
      }
      CatalogueItems items = TestCatalogue.items(folder, allocator, list);
      try (Represented videos =
              ItemRepresentation.videos(
                  new RepresentConfig.Video(2, 0.5), items, features, allocator);
          Represented cards = ItemRepresentation.cards(items, features, allocator)) {
        assertThat(videos.reasons())
            .isEqualTo(Map.of("video_without_product", 1, "video_of_unknown_product", 2));
        assertThat(videos.vectors().rows()).isEqualTo(40);
        assertThat(cards.vectors().rows()).isEqualTo(20);
        assertThat(videos.vectors().validFromMs()).containsOnly(0);
        for (int row = 0; row < 40; row++) {
          int item = videos.vectors().item()[row];
          float[] found = videos.vectors().vectors().toFloats(row * 10L, 10);
          check(found, 0, features, list.get(item).product(), 2);
          check(found, 5, features, item, 0.5);
        }
        for (int row = 0; row < 20; row++) {
          assertThat(cards.vectors().vectors().toFloats(row * 5L, 5))
              .containsExactly(features.toFloats(cards.vectors().item()[row] * 5L, 5));
        }
      }
    }
  }

  private static void check(float[] found, int offset, Tensor features, int item, double weight) {
    float[] own = features.toFloats(item * 5L, 5);
    double length = 0;
    for (float value : own) {
      length += (double) value * value;
    }
    for (int d = 0; d < 5; d++) {
      assertThat((double) found[offset + d])
          .isCloseTo(own[d] * weight / Math.sqrt(length), within(1e-6));
    }
  }

  @Test
  void scenariosWithoutTheirSettingsAreRefused() {
    RepresentConfig bare = new RepresentConfig(1, 0, null, null);
    bare.checkScenarios(List.of(Scenario.PRODUCT_CARD));
    assertThatThrownBy(
            () -> bare.checkScenarios(List.of(Scenario.PRODUCT_CARD, Scenario.SHORT_VIDEO)))
        .hasMessageContaining("short_video needs the settings represent.video");
    assertThatThrownBy(
            () -> bare.checkScenarios(List.of(Scenario.PRODUCT_CARD, Scenario.LIVE_STREAMING)))
        .hasMessageContaining("live_streaming needs the settings represent.live");
    RepresentConfig videos = new RepresentConfig(1, 0, new RepresentConfig.Video(1, 1), null);
    assertThatThrownBy(() -> videos.checkScenarios(List.of(Scenario.SHORT_VIDEO)))
        .hasMessageContaining("product_card must be among them, found [short_video]");
  }
}
