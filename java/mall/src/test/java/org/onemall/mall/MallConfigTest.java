package org.onemall.mall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.onemall.mall.world.WorldParameters;

class MallConfigTest {
  @Test
  void namesTheWorldItIsMadeFrom() {
    MallConfig config = new MallConfig(Path.of("mall"), 300, 4, 1_200, 600, 400, 150, 1);
    assertThat(config.world()).isEqualTo(WorldParameters.Size.TINY.parameters());
  }

  @Test
  void sizesThatNoWorldCanHaveAreRefusedByName() {
    assertThatThrownBy(() -> new MallConfig(Path.of("mall"), 0, 4, 1_200, 600, 400, 150, 1))
        .hasMessageStartingWith("users: expected 1 to");
    assertThatThrownBy(() -> new MallConfig(Path.of("mall"), 9, 4, 1_200, 6, 400, 150, 1))
        .hasMessageStartingWith("ecom_videos: expected 100 to");
  }
}
