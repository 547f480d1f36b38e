package org.onemall.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.shop.Behavior;

class FinalOrdersTest {
  @TempDir Path folder;

  private static FinalOrders orders() {
    Map<String, FinalOrder> steps = new LinkedHashMap<>();
    steps.put("retriever", new FinalOrder(Scaling.NATS, Map.of(Part.RETRIEVER, 1.0), 0));
    steps.put(
        FinalOrders.ONEMALL,
        new FinalOrder(Scaling.STANDARD, Map.of(Part.RETRIEVER, 1.0, Part.MEMORY, .25), -1.5));
    return new FinalOrders(
        new OrderConfig(
            8,
            2,
            new OrderConfig.Parts(true, true, true, false),
            SharedSid.TOWER,
            List.of(Scaling.NATS, Scaling.STANDARD),
            List.of(0.0, 1.0),
            10,
            -1.5,
            Map.of("live_streaming", 10)),
        Behavior.CLICK,
        steps,
        Map.of("retriever", .25, FinalOrders.ONEMALL, .5));
  }

  @Test
  void theArtefactIsReadAsItWasWritten() throws IOException {
    Path file = folder.resolve("order.json");
    try (OutputStream out = Files.newOutputStream(file)) {
      orders().write(out);
    }
    FinalOrders read = FinalOrders.read(file);
    assertThat(read).isEqualTo(orders());
    assertThat(new ArrayList<>(read.steps().keySet())).containsExactly("retriever", "onemall");
  }

  @Test
  void whatIsNoOrderIsRefusedByTheFilesName() throws IOException {
    Path file = Files.writeString(folder.resolve("order.json"), "{\"steps\": {}, \"weights\": 1}");
    assertThatThrownBy(() -> FinalOrders.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("order.json: expected a FinalOrders")
        .hasMessageContaining("run its stage again");
  }

  @Test
  void aMissingNumberIsNoZero() throws IOException {
    Path file = folder.resolve("order.json");
    try (OutputStream out = Files.newOutputStream(file)) {
      orders().write(out);
    }
    String whole = Files.readString(file);
    String without = whole.replaceFirst("\"beam_size\" : 8,", "");
    assertThat(without).isNotEqualTo(whole);
    Files.writeString(file, without);
    assertThatThrownBy(() -> FinalOrders.read(file)).hasMessageContaining("order.json");
  }
}
