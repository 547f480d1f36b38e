package org.onemall.orchestrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is stopped, as by Ctrl-C, says that nothing is lost; one that ends doesn't. */
@Timeout(60)
class InterruptionTest {
  private static Process child(String what) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = List.of(java, "-cp", classPath, InterruptionTest.class.getName(), what);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /**
   * The child: it ends by itself, or waits to be stopped and then fails, as a cut-off stage does.
   */
  public static void main(String[] args) throws InterruptedException {
    try (Interruption _ = new Interruption()) {
      System.out.println("works");
      while (args[0].equals("wait") && !Interruption.isStopping()) {
        Thread.sleep(10);
      }
    }
    if (args[0].equals("wait")) {
      Main.commandLine().execute("check", "no-such-run");
    }
  }

  @Test
  void whoStopsItIsToldThatTheSameCommandGoesOn() throws Exception {
    Process child = child("wait");
    try (BufferedReader output = child.inputReader()) {
      assertThat(output.readLine()).isEqualTo("works");
      child.toHandle().destroy(); // Process.destroy would close the output too
      assertThat(output.lines())
          .singleElement()
          .asString()
          .matches(
              "20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d) WARN  interrupted;"
                  + " the same command goes on where this one stopped");
    }
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).as("128 and the signal").isEqualTo(143);
  }

  @Test
  void whatEndsSaysNothing() throws Exception {
    Process child = child("end");
    try (BufferedReader output = child.inputReader()) {
      assertThat(output.lines()).containsExactly("works");
    }
    assertThat(child.waitFor()).isZero();
  }
}
