package org.onemall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  enum Colour {
    RED,
    DARK_GREEN
  }

  record Part(int width, double learningRate) {
    Part {
      if (width < 1) {
        throw new IllegalArgumentException("width: expected 1 or more, found " + width);
      }
      if (width < learningRate) {
        throw new IllegalArgumentException("learning rate above width");
      }
    }
  }

  record Config(
      String name,
      long seed,
      boolean fast,
      float rate,
      Colour colour,
      Path file,
      Part part,
      @Nullable Part extra,
      @Nullable String note,
      List<Integer> sizes,
      Map<String, Part> parts) {}

  private static final Map<String, String> GOOD = new LinkedHashMap<>();

  static {
    GOOD.put("name", "a");
    GOOD.put("seed", "7");
    GOOD.put("fast", "true");
    GOOD.put("rate", "0.5");
    GOOD.put("colour", "dark_green");
    GOOD.put("file", "data/x.csv");
    GOOD.put("part", "{width: 2, learning_rate: 1e-3}");
    GOOD.put("sizes", "[1, 2]");
    GOOD.put("parts", "{one: {width: 1, learning_rate: 0}}");
  }

  @TempDir Path folder;

  private Path file(Map<String, String> lines) throws IOException {
    Path file = folder.resolve("run.yaml");
    StringBuilder text = new StringBuilder();
    lines.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
    return Files.writeString(file, text);
  }

  private Config read(Map<String, String> lines, String... overrides) throws IOException {
    return ConfigReader.read(file(lines), List.of(overrides), Config.class);
  }

  private Map<String, String> with(String key, String value) {
    Map<String, String> lines = new LinkedHashMap<>(GOOD);
    lines.put(key, value);
    return lines;
  }

  private void assertProblem(ThrowingCallable reading, String... parts) {
    assertThatThrownBy(reading).isInstanceOf(ConfigException.class).hasMessageContainingAll(parts);
  }

  @Test
  void fillsEveryType() throws IOException {
    Config config = read(with("note", "hello"));
    assertThat(config)
        .isEqualTo(
            new Config(
                "a",
                7,
                true,
                .5f,
                Colour.DARK_GREEN,
                folder.resolve("data/x.csv"),
                new Part(2, 1e-3),
                null,
                "hello",
                List.of(1, 2),
                Map.of("one", new Part(1, 0))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no",
        "010",
        "1:30",
        "null",
        "~",
        "1_000",
        "2024-01-01",
        "0x1F",
        "1.50",
        "on",
        "=",
        ".inf"
      })
  void textStaysAsWritten(String text) throws IOException {
    assertThat(read(with("name", text)).name()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "seed,010",
    "seed,1:30",
    "seed,0x1F",
    "seed,1e3",
    "seed,7.0",
    "seed,'\"7\"'",
    "seed,9223372036854775808",
    "seed,''",
    "seed,~",
    "fast,yes",
    "fast,no",
    "fast,True",
    "fast,1",
    "rate,.inf",
    "rate,.nan",
    "rate,1:30",
    "rate,1e99",
    "rate,.",
    "name,''",
    "file,''",
    "sizes,3",
    "sizes,'[1, x]'",
    "part,3",
    "parts,'[1]'",
    "name,'[a]'"
  })
  void valuesOfAnotherTypeAreRefusedWithTheirLine(String key, String value) {
    int line = List.copyOf(GOOD.keySet()).indexOf(key) + 1;
    assertProblem(
        () -> read(with(key, value)),
        "1 problem",
        "run.yaml:" + line + ": " + key,
        "expected",
        "found");
  }

  @ParameterizedTest
  @CsvSource({"1_000,1000", "-5,-5", "0,0", "9223372036854775807,9223372036854775807"})
  void wholeNumbers(String text, long value) throws IOException {
    assertThat(read(with("seed", text)).seed()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({".5,.5", "1.,1", "1e-3,.001", "2,2", "-0.25,-.25"})
  void decimals(String text, float value) throws IOException {
    assertThat(read(with("rate", text)).rate()).isEqualTo(value);
  }

  @Test
  void duplicateKeysAreRefusedWithBothLines() throws IOException {
    Path file = file(GOOD);
    Files.writeString(file, Files.readString(file) + "seed: 8\n");
    assertProblem(
        () -> ConfigReader.read(file, List.of(), Config.class),
        "run.yaml:10: duplicate key 'seed'",
        "run.yaml:2");
  }

  @Test
  void constructorComplaintsCarryTheirLine() {
    assertProblem(
        () -> read(with("extra", "\n  learning_rate: 0\n  width: 0")),
        "run.yaml:12: extra.width: expected 1 or more, found 0");
    assertProblem(
        () -> read(with("part", "{width: 1, learning_rate: 2}")),
        "run.yaml:7: part: learning rate above width");
  }

  @Test
  void overridesAreTypedTheSame() throws IOException {
    Config config =
        read(
            GOOD,
            "name=no",
            "part.width=9",
            "sizes=[3, 4]",
            "extra.width=1",
            "extra.learning_rate=1",
            "note=a: b, c=d #e",
            "colour=red");
    assertThat(config.name()).isEqualTo("no");
    assertThat(config.part().width()).isEqualTo(9);
    assertThat(config.sizes()).containsExactly(3, 4);
    assertThat(config.extra()).isEqualTo(new Part(1, 1));
    assertThat(config.note()).isEqualTo("a: b, c=d #e");
    assertThat(config.colour()).isEqualTo(Colour.RED);
  }

  @Test
  void badOverridesAreAllReported() {
    assertProblem(
        () -> read(GOOD, "part.widht=9", "seed=x", "name", "seed.a=1", "sizes=[1", "nmae=b"),
        "6 problems",
        "--set part.widht=9: part.widht: unknown key; did you mean 'width'?",
        "--set seed=x: seed: expected a whole number",
        "--set name: expected name=value",
        "--set seed.a=1: 'seed' has no keys below it",
        "--set sizes=[1: not YAML",
        "--set nmae=b: nmae: unknown key; did you mean 'name'?");
  }

  @Test
  void whatIsNoYamlIsRefused() throws IOException {
    Path file = folder.resolve("bad.yaml");
    for (String text :
        List.of(
            "",
            "# nothing",
            "- a",
            "just text",
            "a: [1",
            "a: b: c",
            "a: 1\n---\nb: 2",
            "? [x]\n: 1",
            "a: &x [*x]",
            "\ta: 1",
            "a: !!python/object 1",
            "a: !thing 1")) {
      Files.writeString(file, text);
      assertProblem(() -> ConfigReader.read(file, List.of(), Config.class), "bad.yaml");
    }
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
    assertProblem(() -> ConfigReader.read(file, List.of(), Config.class), "UTF-8");
    assertProblem(
        () -> ConfigReader.read(folder.resolve("none.yaml"), List.of(), Config.class),
        "none.yaml: there is no such file");
  }

  @Test
  void whatIsWrittenReadsBackEqual() throws IOException {
    Config config =
        read(with("note", "\"0123: no\""), "extra.width=3", "extra.learning_rate=0.1", "name=~");
    Path copy = Files.writeString(folder.resolve("copy.yaml"), ConfigWriter.yaml(config));
    Config again = ConfigReader.read(copy, List.of(), Config.class);
    assertThat(again).isEqualTo(config);
    assertThat(ConfigWriter.json(again)).isEqualTo(ConfigWriter.json(config));
  }

  @Test
  void aPathIsRelativeToTheFileThatSaysItAndInAnOverrideToTheWorkingFolder() throws IOException {
    assertThat(read(GOOD).file()).isEqualTo(folder.resolve("data/x.csv"));
    assertThat(read(with("file", "../x.csv")).file())
        .isEqualTo(folder.resolveSibling("x.csv").normalize());
    assertThat(read(with("file", "/data/x.csv")).file()).isEqualTo(Path.of("/data/x.csv"));
    assertThat(read(GOOD, "file=data/y.csv").file()).isEqualTo(Path.of("data/y.csv"));
  }

  @Test
  void aWrittenConfigNamesTheSameFilesFromWhereverItLies() throws IOException {
    Config config = read(GOOD, "file=some/where/y.csv");
    Path elsewhere = Files.createDirectories(folder.resolve("runs/a"));
    Path written = elsewhere.resolve("config.yaml");
    Files.writeString(written, ConfigWriter.wholeYaml(config, elsewhere));
    Config again = ConfigReader.read(written, List.of(), Config.class);
    assertThat(again.file().toAbsolutePath().normalize()).isEqualTo(config.file().toAbsolutePath());
    assertThat(Files.readString(written)).contains("file: ../");
    assertThat(ConfigWriter.json(again)).isEqualTo(ConfigWriter.json(config));
  }

  @Test
  void jsonIsCanonical() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("z", new Part(1, .5));
    settings.put("a", List.of(Colour.DARK_GREEN, Path.of("x/y"), 0.1f));
    assertThat(ConfigWriter.json(settings))
        .isEqualTo("{\"a\":[\"dark_green\",\"y\",0.1],\"z\":{\"learning_rate\":0.5,\"width\":1}}");
  }

  /** Any mix of faults, each on another key, gives just as many problems, each with its line. */
  @RepeatedTest(100)
  void allProblemsAreReportedAtOnce(RepetitionInfo repetition) throws IOException {
    Random random = new Random(repetition.getCurrentRepetition());
    Map<String, String> lines = new LinkedHashMap<>();
    List<String> expected = new ArrayList<>();
    List<String> keys = new ArrayList<>(GOOD.keySet());
    Collections.shuffle(keys, random);
    int line = 0;
    for (String key : keys) {
      String path = key + ": ";
      switch (random.nextInt(4)) {
        case 0 -> expected.add(path + "missing");
        case 1 -> {
          String typo = swap(key, random);
          lines.put(typo, String.valueOf(GOOD.get(key)));
          line++;
          expected.add(
              "run.yaml:" + line + ": " + typo + ": unknown key; did you mean '" + key + "'");
          expected.add(path + "missing");
        }
        case 2 -> {
          boolean list = key.equals("name") || key.equals("file") || key.startsWith("part");
          lines.put(key, list ? "[]" : "{}");
          line++;
          expected.add("run.yaml:" + line + ": " + path + "expected");
        }
        default -> {
          lines.put(key, String.valueOf(GOOD.get(key)));
          line++;
        }
      }
    }
    if (expected.isEmpty() || lines.isEmpty()) {
      return;
    }
    String count = expected.size() == 1 ? "1 problem" : expected.size() + " problems";
    assertThatThrownBy(() -> read(lines))
        .as("seed %d", repetition.getCurrentRepetition())
        .hasMessageStartingWith(count + " in the config")
        .hasMessageContainingAll(expected.toArray(String[]::new));
  }

  /** A typo that is no other key: one letter doubled. */
  private static String swap(String key, Random random) {
    int i = random.nextInt(key.length());
    return key.substring(0, i)
        + key.charAt(i)
        + key.charAt(i)
        + key.charAt(i)
        + key.substring(i + 1);
  }
}
