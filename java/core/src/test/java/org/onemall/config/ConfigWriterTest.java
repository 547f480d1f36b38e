package org.onemall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigWriterTest {
  record Weights(double later, Map<String, Integer> behaviors, double earlier) {}

  /** {@code Map.of} iterates in an order that changes from one JVM to the next. */
  @Test
  void mapsAreWrittenInTheOrderOfTheirKeysAndRecordsInThatOfTheirComponents() {
    Map<String, Integer> behaviors = Map.of("f", 6, "a", 1, "d", 4, "c", 3, "e", 5, "b", 2);
    assertThat(ConfigWriter.yaml(new Weights(2, behaviors, 1)).lines())
        .containsExactly(
            "later: 2.0",
            "behaviors:",
            "  a: 1",
            "  b: 2",
            "  c: 3",
            "  d: 4",
            "  e: 5",
            "  f: 6",
            "earlier: 1.0");
  }
}
