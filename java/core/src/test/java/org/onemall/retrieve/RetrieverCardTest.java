package org.onemall.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.retrieve.RetrieverConfig.ContrastivePosition;
import org.onemall.retrieve.RetrieverConfig.ExpertType;
import org.onemall.retrieve.RetrieverConfig.Residual;
import org.onemall.sample.AgeUnit;
import org.onemall.sample.SampleConfig;
import org.onemall.shop.Behavior;
import org.onemall.shop.Scenario;

class RetrieverCardTest {
  @TempDir Path folder;

  @Test
  void weightsDescribeThemselves() throws IOException {
    RetrieverConfig network =
        new RetrieverConfig(
            8,
            2,
            1,
            8,
            0,
            2,
            1,
            ExpertType.SWIGLU,
            .01,
            Residual.PAPER,
            .1,
            .1,
            true,
            false,
            true,
            false,
            true,
            1,
            .07,
            ContrastivePosition.LAST,
            .5,
            .1,
            .9,
            .98,
            1,
            true,
            null,
            false);
    SampleConfig sample =
        new SampleConfig(
            Behavior.CLICK,
            List.of(Behavior.CLICK, Behavior.LONG_VIEW),
            50,
            20,
            10,
            .8f,
            3,
            SampleConfig.TargetWeight.REQUEST,
            AgeUnit.MINUTES,
            Map.of("long_view", 20));
    RetrieverCard card =
        new RetrieverCard(Scenario.SHORT_VIDEO, 100, List.of(16, 16, 64), 48, 3, sample, network);
    Path file = folder.resolve("retriever.json");
    try (OutputStream out = Files.newOutputStream(file)) {
      card.write(out);
    }
    assertThat(RetrieverCard.read(file)).isEqualTo(card);
    assertThat(RetrieverCard.read(file).shape().behaviors())
        .containsExactly(Behavior.CLICK, Behavior.LONG_VIEW);
  }
}
