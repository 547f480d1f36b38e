package org.onemall.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.stages.StandardPipeline;
import org.onemall.run.Artefact;

/**
 * The shape of the system: the pictures and the table of ARCHITECTURE.md are the rule, the code
 * must equal them.
 */
class ArchitectureTest {
  /**
   * What a library's user calls, or a framework by reflection; README and ARCHITECTURE show the
   * former.
   */
  private static final Set<String> CALLED_FROM_OUTSIDE =
      Set.of(
          "Recommender.recommend",
          "Recommender.items",
          "Baskets.size",
          "Baskets.timeMs",
          "SidIndex.of",
          "SemanticIds.of");

  private static final Pattern TRUTH = Pattern.compile("\"truth|TRUTH_|truth[/_]");
  private static final Set<String> MAY_KNOW_THE_TRUTH =
      Set.of("/mall/", "/report/", "/ReportStage.java", "/MallVerb.java", "/TableSchema.java");

  private static final Pattern READS_THE_SHOP =
      Pattern.compile(
          "new Table(?:Reader|Rows)\\(\\s*TableSchema\\.(ITEMS|INTERACTIONS|ROOM_STATES|USERS)\\b");

  private static JavaClasses classes;
  private static Map<String, Set<String>> uses;

  @BeforeAll
  static void read() {
    classes = Classes.production();
    uses = Classes.uses(classes, Classes.ROOT);
    assertThat(uses).as("compiled production packages").hasSizeGreaterThan(10);
  }

  @Test
  void javaPackagesUseEachOtherAsDrawn() {
    assertThat(Picture.of(Sources.architecture(), 0).differences(uses)).isEmpty();
  }

  @Test
  void pythonModulesUseEachOtherAsDrawn() {
    Map<String, Set<String>> modules = new TreeMap<>();
    for (Path file : Sources.python()) {
      String module = file.getFileName().toString().replace(".py", "");
      Set<String> imports = new TreeSet<>(Rules.pythonImports(Sources.read(file)));
      imports.remove(module);
      modules.put(module, imports);
    }
    assertThat(modules).isNotEmpty();
    assertThat(Picture.of(Sources.architecture(), 1).differences(modules)).isEmpty();
  }

  @Test
  void theStageTableIsThePipeline() {
    List<String> rows =
        Sources.architecture()
            .lines()
            .filter(line -> line.matches("\\| [a-z0-9]+ \\| (yes)? ?\\|.*"))
            .toList();
    List<String> expected =
        StandardPipeline.create().stages().stream()
            .map(stage ->
                "| %s | %s| %s | %s |"
                    .formatted(
                        stage.name(),
                        stage.perScenario() ? "yes " : "",
                        names(stage.reads()),
                        names(stage.writes())))
            .toList();
    assertThat(rows.stream().map(ArchitectureTest::withoutPurpose)).isEqualTo(expected);
  }

  private static String names(List<Artefact> artefacts) {
    return artefacts.stream().map(Artefact::fileName).collect(Collectors.joining(", "));
  }

  @Test
  void everyArtefactIsWrittenByTheStageThatItNames() {
    Map<Artefact, String> writers = new TreeMap<>();
    StandardPipeline.create()
        .stages()
        .forEach(stage -> stage.writes().forEach(artefact -> writers.put(artefact, stage.name())));
    assertThat(Artefact.values())
        .allSatisfy(artefact -> assertThat(writers).containsEntry(artefact, artefact.stage()));
  }

  /** A row is: stage, per scenario, what it does, reads, writes; the third column is prose. */
  private static String withoutPurpose(String row) {
    String[] cells = row.split("\\|", -1);
    return "|" + cells[1] + "|" + cells[2] + "|" + cells[4] + "|" + cells[5] + "|";
  }

  /** The truth of a simulated mall: the mall writes and checks it, the report may show it. */
  @Test
  void noStageUpToEvaluateReadsTheTruth() {
    assertThat(Rules.naming(TRUTH, Sources.java(), MAY_KNOW_THE_TRUTH)).isEmpty();
    assertThat(Rules.naming(TRUTH, Sources.python(), Set.of())).isEmpty();
    assertThat(Rules.naming(TRUTH, Sources.java(), Set.of())).isNotEmpty();
  }

  /** A network's settings cross the border whole: Python reads those. */
  @Test
  void everySettingIsRead() {
    String python = String.join("\n", Sources.python().stream().map(Sources::read).toList());
    List<String> unread = Rules.unreadSettings(classes.get(RunConfig.class));
    assertThat(unread).as("settings that only Python reads").isNotEmpty();
    assertThat(unread)
        .allSatisfy(setting -> {
          String name = setting.substring(setting.lastIndexOf('.') + 1);
          String key = name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
          assertThat(python).as(setting).containsPattern("[.]" + key + "\\b");
        });
  }

  @Test
  void theTablesOfAShopAreParsedInItsRoomAlone() {
    assertThat(Rules.naming(READS_THE_SHOP, Sources.java(), Set.of("/org/onemall/shop/")))
        .isEmpty();
    assertThat(Rules.naming(READS_THE_SHOP, Sources.java(), Set.of()))
        .anySatisfy(found -> assertThat(found).contains("ItemReader.java"))
        .anySatisfy(found -> assertThat(found).contains("InteractionReader.java"));
  }

  @Test
  void jepAndArrowsInterfaceForCLiveInTheBridge() {
    assertThat(
            Rules.onlyIn(classes, Classes.ROOT, "bridge", List.of("jep.", "org.apache.arrow.c.")))
        .isEmpty();
  }

  @Test
  void noTwoClassesHaveOneName() {
    assertThat(Rules.sharedNames(classes)).isEmpty();
  }

  @Test
  void packagesFormNoRing() {
    assertThat(Classes.roots(classes)).contains(Classes.ROOT, "org.onemall.mall.");
    assertThat(Classes.roots(classes))
        .allSatisfy(root -> assertThat(Rules.cycles(Classes.uses(classes, root))).isEmpty());
  }

  @Test
  void packageNamesSaySomething() {
    assertThat(Rules.emptyNames(classes)).isEmpty();
  }

  @Test
  void everyPackageSaysWhatGoesInAndWhatComesOut() {
    Set<String> packages = new TreeSet<>();
    classes.forEach(type -> packages.add(type.getPackageName()));
    Map<String, Path> infos = new TreeMap<>();
    for (Path file : Sources.java()) {
      if (file.endsWith("package-info.java")) {
        infos.put(Sources.packageOf(file), file);
      }
    }
    assertThat(infos.keySet()).isEqualTo(packages);
    List<String> found = new ArrayList<>();
    infos.forEach((name, file) -> found.addAll(Rules.packageInfo(name, Sources.read(file))));
    assertThat(found).isEmpty();
  }

  @Test
  void everyStageHasItsPackageAndItsClass() {
    assertThat(StandardPipeline.create().stages())
        .allSatisfy(stage -> {
          assertThat(uses).containsKey(stage.name());
          assertThat(stage.getClass().getSimpleName())
              .isEqualToIgnoringCase(stage.name() + "Stage");
        });
  }

  @Test
  void randomnessIsPassedInAndOutputIsMains() {
    assertThat(Rules.forbiddenCalls(classes, Set.of("Main"))).isEmpty();
  }

  /** The bridge has its one thread for Python. */
  @Test
  void workIsSharedOutInOneWay() {
    assertThat(Rules.sharedOut(classes, List.of("org.onemall.bridge"))).isEmpty();
  }

  @Test
  void everyPublicMethodHasACallerThatIsNoTest() {
    assertThat(Rules.uncalled(classes, CALLED_FROM_OUTSIDE)).isEmpty();
  }

  @Test
  void filesAndMethodsCanBeReadInOneGo() {
    Map<String, String> sources = new TreeMap<>();
    for (Path file : Sources.java()) {
      sources.put(Sources.ROOT.relativize(file).toString(), Sources.read(file));
    }
    assertThat(sources).hasSizeGreaterThan(100);
    assertThat(Smells.of(sources)).isEmpty();
  }
}
