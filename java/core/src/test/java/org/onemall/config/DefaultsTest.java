package org.onemall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultsTest {
  record Inner(int width, double rate) {
    Inner {
      if (width < 1) {
        throw new IllegalArgumentException("width: expected 1 or more, found " + width);
      }
      if (rate > width) {
        throw new IllegalArgumentException("rate: expected at most width, found " + rate);
      }
    }
  }

  record Part(
      int steps, List<Integer> sizes, Inner inner, @Nullable Inner extra, @Nullable String note) {}

  record Config(String name, Part part, @Nullable Map<String, Integer> goals) {}

  private static final Defaults DEFAULTS =
      new Defaults(
          "defaults.yaml",
          """
          name: null
          elsewhere: {a: 1}
          part:
            steps: auto
            sizes: [1, 2]
            inner: {width: 4, rate: 0.5}
            extra: !optional
              width: auto
              rate: 0.25
            note: as it stands
          goals: null
          """);

  @TempDir Path folder;

  private ConfigDraft draft(String yaml, String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("run.yaml"), yaml);
    return ConfigReader.draft(file, DEFAULTS, List.of(overrides), Config.class);
  }

  private static final Map<String, Rule> RULES =
      Map.of(
          "part.steps",
          others -> String.valueOf((int) (10 * others.number("part.extra.width"))),
          "part.extra.width",
          others -> others.text("name").equals("wide") ? "9" : "3");

  private Config read(String yaml, String... overrides) throws IOException {
    return draft(yaml, overrides).resolve(RULES, Config.class).config();
  }

  @Test
  void aConfigIsCompletedKeyByKeyAndItsListsReplaceWhole() throws IOException {
    Config config = read("name: a\npart: {steps: 5, sizes: [7], inner: {rate: 2}}");
    assertThat(config.part())
        .isEqualTo(new Part(5, List.of(7), new Inner(4, 2), null, "as it stands"));
  }

  @Test
  void anOptionalPartHoldsWhereItIsNamed() throws IOException {
    assertThat(read("name: a\npart: {steps: 5}").part().extra()).isNull();
    assertThat(read("name: a\npart: {extra: {}}").part().extra()).isEqualTo(new Inner(3, .25));
    assertThat(read("name: a\npart: {extra: {width: 8}}").part().extra())
        .isEqualTo(new Inner(8, .25));
    assertThat(read("name: a", "part.extra.rate=1").part().extra()).isEqualTo(new Inner(3, 1));
    assertThat(read("name: a\npart: {steps: 1, extra: null}").part().extra()).isNull();
  }

  @Test
  void nullTakesADefaultBack() throws IOException {
    assertThat(read("name: a\npart: {note: null}").part().note()).isNull();
    assertThat(read("name: a\npart:", "part={note: ~}").part().note()).isNull();
  }

  @Test
  void whatHasNoDefaultIsNotInherited() throws IOException {
    assertThat(read("name: a").goals()).isNull();
    assertThatThrownBy(() -> read("part: {steps: 1}")).hasMessageContaining("name: missing");
  }

  @Test
  void rulesAskOtherSettingsAndSayWhatTheyChose() throws IOException {
    ConfigDraft.Resolved<Config> wide =
        draft("name: wide\npart: {extra: {}}").resolve(RULES, Config.class);
    assertThat(wide.config().part().steps()).isEqualTo(90);
    assertThat(wide.chosen()).isEqualTo(Map.of("part.steps", "90", "part.extra.width", "9"));
    ConfigDraft.Resolved<Config> said =
        draft("name: wide\npart: {extra: {width: 2}}").resolve(RULES, Config.class);
    assertThat(said.config().part().steps()).isEqualTo(20);
    assertThat(said.chosen()).containsOnlyKeys("part.steps");
  }

  @Test
  void messagesNameTheFileThatSaidIt() {
    assertThatThrownBy(() -> read("name: a\npart:\n  inner:\n    widht: 3"))
        .hasMessageContaining("run.yaml:4: part.inner.widht: unknown key; did you mean 'width'?");
    assertThatThrownBy(() -> read("name: a\npart:\n  inner:\n    width: 0"))
        .hasMessageContaining("run.yaml:4: part.inner.width: expected 1 or more");
    assertThatThrownBy(() -> read("name: a", "part.extra.rate=5"))
        .hasMessageContaining("--set part.extra.rate=5: part.extra.rate: expected at most width");
    assertThatThrownBy(() -> draft("name: a").bind(Config.class))
        .hasMessageContaining("defaults.yaml:4: part.steps: expected a whole number");
  }

  @Test
  void aRuleThatFitsNotIsToldWithItsValue() {
    assertThatThrownBy(() -> read("name: a\npart: {extra: {rate: 4}}"))
        .hasMessageContaining("part.extra.rate: expected at most width, found 4.0");
    Map<String, Rule> bad = Map.of("part.steps", others -> "many");
    assertThatThrownBy(() -> draft("name: a").resolve(bad, Config.class))
        .hasMessageContaining(
            "defaults.yaml:4 (auto is many): part.steps: expected a whole number");
  }

  @Test
  void aWholeConfigComesBackAsItWasWhateverTheDefaults() throws IOException {
    for (String yaml :
        List.of("name: a\npart: {note: null, steps: 1}", "name: a\npart: {extra: {}}")) {
      Config config = read(yaml);
      assertThat(read(ConfigWriter.wholeYaml(config, folder))).isEqualTo(config);
    }
  }
}
