package org.onemall.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each alarm is shown code that looks like ours, one line or one parameter too long. */
class SmellsTest {
  private static List<String> alarms(String file, String source) {
    return Smells.of(Map.of(file, source));
  }

  /** A class whose {@code run} is as long as given, written as google-java-format wraps it. */
  private static String classWithMethod(int lines) {
    return """
    package org.onemall.item2item;

    import java.util.List;

    /** Writes the tables of the stage. */
    final class Tables {
      private final int[] counts = new int[3];

      @SuppressWarnings("unchecked")
      static void run(
          List<? extends Comparable<?>> events,
          int[] from)
          throws java.io.IOException {
        try (Closing writer =
            new Closing(
                events.size(),
                from.length)) {
          Runnable each =
              () -> {
                for (int i = 0; i < from.length; i++) {
                  if (from[i] > 0) {
                    writer.write(
                        from[i],
                        events.get(i));
                  }
                }
              };
          Object named =
              new Object() {
                @Override
                public String toString() {
                  return "}";
                }
              };
    %s\
          each.run();
          writer.write(0, named);
        }
      }

      private static int next(int i) {
        return i + 1;
      }
    }
    """
        .formatted("      writer.write(\n          1);\n".repeat((lines - 30) / 2));
  }

  @Test
  void aWrappedMethodIsAsLongAsItIs() {
    assertThat(alarms("Tables.java", classWithMethod(60))).isEmpty();
    assertThat(alarms("Tables.java", classWithMethod(62)))
        .containsExactly("Tables.java:9: run has 62 lines, at most 60");
  }

  @Test
  void aLongMethodOfAnAnonymousClassIsFound() {
    String body = "            step();\n".repeat(57);
    String source =
        """
        enum Kind {
          CARD {
            @Override
            Runnable work() {
              return new Runnable() {
                @Override
                public void run() {
        %s\
                }
              };
            }
          };

          abstract Runnable work();
        }
        """;
    assertThat(alarms("Kind.java", source.formatted(body)))
        .containsExactly("Kind.java:3: work has 65 lines, at most 60");
    assertThat(alarms("Kind.java", source.formatted(body + "            step();\n")))
        .containsExactly(
            "Kind.java:3: work has 66 lines, at most 60",
            "Kind.java:6: run has 61 lines, at most 60");
  }

  @Test
  void longLambdasAndInitializersOfFieldsAreFound() {
    String source =
        """
        final class Calls {
          private static final Runnable CALL =
              () -> {
        %1$s\
              };

          static {
        %1$s\
          }
        }
        """;
    assertThat(alarms("Calls.java", source.formatted("        step();\n".repeat(58)))).isEmpty();
    assertThat(alarms("Calls.java", source.formatted("        step();\n".repeat(59))))
        .containsExactly(
            "Calls.java:65: initializer of Calls has 61 lines, at most 60",
            "Calls.java:3: lambda has 61 lines, at most 60");
  }

  @Test
  void moreThanSevenParametersAreFoundButComponentsOfARecordAreNone() {
    String source =
        """
        /** Of a run. */
        record Settings(int a, int b, int c, int d, int e, int f, int g, int h) {
          static final int MOST = 3;

          Settings {
            if (a > MOST) {
              throw new IllegalArgumentException("a: at most 3, found " + a);
            }
          }

          Settings(
              int a,
              int b,
              java.util.Map<String, Integer> c,
              int d,
              int e,
              int f,
              int g%s) {
            this(a, b, c.size(), d, e, f, g, 0);
          }
        }
        """;
    assertThat(alarms("Settings.java", source.formatted(""))).isEmpty();
    assertThat(alarms("Settings.java", source.formatted(", int h, int i")))
        .containsExactly("Settings.java:11: <init> has 9 parameters, at most 7");
  }

  @Test
  void aLongFileAndALongStageAreFound() {
    String comment = "// one more\n";
    assertThat(alarms("F.java", "class F {}\n" + comment.repeat(399))).isEmpty();
    assertThat(alarms("F.java", "class F {}\n" + comment.repeat(400)))
        .containsExactly("F.java: 401 lines, at most 400");
    String stage = "@Deprecated\nfinal class SampleStage {\n%s}\n";
    assertThat(alarms("S.java", stage.formatted(comment.repeat(Smells.STAGE_LINES - 3)))).isEmpty();
    assertThat(alarms("S.java", stage.formatted(comment.repeat(Smells.STAGE_LINES - 2))))
        .hasSize(1)
        .allSatisfy(found -> assertThat(found).contains("class SampleStage"));
  }

  @Test
  void whatDoesNotParseIsNotTakenForShort() {
    assertThatThrownBy(() -> alarms("F.java", "class F { void run( }"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("F.java");
  }
}
