package org.onemall.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each rule is shown a planted violation: a rule that finds nothing proves nothing. */
class RulesTest {
  private static final String PLANTED = "org.onemall.architecture.planted.";
  private final JavaClasses planted =
      new ClassFileImporter().importPackages("org.onemall.architecture.planted");
  private final Map<String, Set<String>> uses = Classes.uses(planted, PLANTED);

  @Test
  void usesAreSeenBothWays() {
    assertThat(uses).containsEntry("util", Set.of("room")).containsEntry("room", Set.of("util"));
  }

  @Test
  void aRingIsFound() {
    assertThat(Rules.cycles(uses))
        .containsExactly(
            " depends on itself through [inner]",
            "inner depends on itself through []",
            "room depends on itself through [util]",
            "util depends on itself through [room]");
    assertThat(Rules.cycles(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of()))).isEmpty();
  }

  @Test
  void everyPackageWithPackagesIsARoot() {
    assertThat(Classes.roots(planted))
        .containsExactly("org.onemall.", "org.onemall.architecture.", PLANTED);
  }

  @Test
  void anUndrawnArrowAndAnUnusedOneAreFound() {
    Picture picture =
        Picture.of(
            """
            ```mermaid
            flowchart LR
              subgraph rooms [Rooms]
                util
              end
              rooms --> paper
              other --> util & paper
            ```
            """,
            0);
    assertThat(
            picture.differences(Map.of("util", Set.of("paper", "room"), "other", Set.of("util"))))
        .containsExactly(
            "the picture draws other --> paper, but nobody uses it",
            "util uses room, but the picture draws no such arrow");
  }

  @Test
  void aNameOfTwoClassesIsFound() {
    assertThat(Rules.sharedNames(planted))
        .containsExactly("Behind is a class of [" + PLANTED + "inner, " + PLANTED + "room]");
  }

  @Test
  void foreignTypesOutsideTheirRoomAreFound() {
    assertThat(Rules.onlyIn(planted, PLANTED, "room", List.of("java.nio.file."))).isNotEmpty();
    assertThat(Rules.onlyIn(planted, PLANTED, "util", List.of("java.nio.file."))).isEmpty();
  }

  @Test
  void emptyNamesRandomnessPrintsAndUncalledMethodsAreFound() {
    assertThat(Rules.emptyNames(planted)).containsExactly(PLANTED + "util");
    assertThat(Rules.forbiddenCalls(planted, Set.of())).hasSize(2);
    assertThat(Rules.forbiddenCalls(planted, Set.of("Grab"))).hasSize(1);
    assertThat(Rules.uncalled(planted, Set.of())).containsExactly(PLANTED + "util.Grab.uncalled");
  }

  @Test
  void settingsThatNobodyReadsAreFound() {
    assertThat(Rules.unreadSettings(planted.get(PLANTED + "Settings")))
        .containsExactly(PLANTED + "Settings.checked", PLANTED + "Settings$Part.forgotten");
  }

  @Test
  void theCommonPoolAndPoolsOfOnesOwnAreFound() {
    assertThat(Rules.sharedOut(planted, List.of()))
        .satisfiesExactlyInAnyOrder(
            access -> assertThat(access).contains("newFixedThreadPool"),
            access -> assertThat(access).contains("IntStream.parallel"));
    assertThat(Rules.sharedOut(planted, List.of(PLANTED + "room")))
        .singleElement()
        .asString()
        .contains("IntStream.parallel");
  }

  @Test
  void aPackageInfoWithoutInAndOutIsFound() {
    assertThat(Rules.packageInfo("p", "/** Things. */\npackage p;")).hasSize(1);
    assertThat(Rules.packageInfo("p", "/**\n * In: a. Out: b.\n */\npackage p;")).isEmpty();
  }

  @Test
  void pythonImportsAreRead() {
    assertThat(
            Rules.pythonImports(
                "from onemall.moe import X\nfrom onemall import bridge\nimport torch\n"))
        .containsExactly("bridge", "moe");
  }
}
