package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Device;
import org.onemall.run.Artefact;
import org.onemall.run.CodeVersion;
import org.onemall.run.Sha256;
import org.onemall.shop.Scenario;

/** Stages that write the hash of what they read, and configs without settings of stages. */
public final class Fakes {
  /** The code of the tests, which keeps nothing of another's. */
  public static final CodeVersion CODE = new CodeVersion("test", false);

  private Fakes() {}

  @FunctionalInterface
  public interface Work {
    void run(StageContext context) throws IOException;
  }

  /** A stage by hand; a test may change its {@code settings}. */
  record FakeStage(
      String name,
      boolean perScenario,
      List<Artefact> reads,
      List<Artefact> writes,
      AtomicInteger settings,
      List<Path> files,
      Work work)
      implements Stage {
    @Override
    public Declaration declaration() {
      return new Declaration(name, perScenario, reads, writes);
    }

    @Override
    public Object settings(RunConfig config) {
      return settings.get();
    }

    @Override
    public List<Path> sources(RunConfig config) {
      return files;
    }

    @Override
    public String estimate(RunConfig config) {
      return "about a second";
    }

    @Override
    public void run(StageContext context) throws IOException {
      work.run(context);
    }
  }

  /** Writes to each artefact: its name, the scenario, the settings and the inputs' hash. */
  static void copy(Stage stage, StageContext context) throws IOException {
    StringBuilder content = new StringBuilder(stage.settings(context.config()).toString());
    for (Artefact read : stage.reads()) {
      content.append(Sha256.of(context.file(read)));
    }
    for (Artefact write : stage.writes()) {
      try (OutputStream out = context.create(write)) {
        out.write(
            (write.fileName() + context.scenario() + content).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** A config in which the parts of the stages are missing: the fakes don't look at them. */
  public static RunConfig config(long seed, Scenario... scenarios) {
    return config(
        Map.of("name", "test", "seed", String.valueOf(seed), "device", "cpu", "threads", "0"),
        scenarios);
  }

  /** The same by name; {@code model_seed} may be absent. */
  public static RunConfig config(Map<String, String> values, Scenario... scenarios) {
    RecordComponent[] components = RunConfig.class.getRecordComponents();
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      String text = values.getOrDefault(name.equals("modelSeed") ? "model_seed" : name, "");
      arguments[i] =
          switch (name) {
            case "name" -> text;
            case "seed" -> Long.parseLong(text);
            case "modelSeed" -> text.isEmpty() ? null : Long.valueOf(text);
            case "device" -> Device.valueOf(text.toUpperCase(Locale.ROOT));
            case "threads" -> Integer.parseInt(text);
            case "scenarios" -> List.of(scenarios);
            default -> null;
          };
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return RunConfig.class.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] flipOneBit(Path file, int bit) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    int at = bit % (whole.length * 8);
    flipped[at / 8] ^= (byte) (1 << at % 8);
    Files.write(file, flipped);
    return whole;
  }
}
