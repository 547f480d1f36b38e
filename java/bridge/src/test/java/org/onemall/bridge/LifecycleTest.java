package org.onemall.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.onemall.model.Device;
import org.onemall.model.Model;
import org.onemall.tensor.Tensors;

/** Start and end of the embedded Python. */
class LifecycleTest {
  @Test
  void pythonCanBeClosedAndStartedAgain() {
    for (int round = 0; round < 2; round++) {
      PythonModels models = Probe.start();
      Model left = models.open("probe", Map.of(), 1);
      models.close();
      models.close();
      left.close();
      assertThatThrownBy(models::versions)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void theCheckFindsEverythingInOrder() {
    List<Finding> findings = BridgeCheck.run(Probe.VENV, Device.CPU);
    assertThat(findings)
        .extracting(Finding::name)
        .containsExactly(
            "java", "jvm flags", "memory", "python", "device", "round trip", "network");
    assertThat(findings).allSatisfy(finding -> assertThat(finding.ok()).isTrue());
  }

  @Test
  void theCheckNamesAMissingEnvironmentWithItsFix() {
    List<Finding> findings = BridgeCheck.run(Probe.ROOT.resolve("no-such-venv"), Device.CPU);
    Finding last = findings.getLast();
    assertThat(last.ok()).isFalse();
    assertThat(last.found()).contains("no-such-venv");
    assertThat(last.fix()).contains("./onemall");
  }

  @Test
  void theCheckOfAGpuThatIsNotThereSaysSoAndLeavesTheEnvironmentAlone() {
    List<Finding> findings = BridgeCheck.run(Probe.VENV, Device.CUDA);
    Finding device =
        findings.stream().filter(found -> found.name().equals("device")).findFirst().orElseThrow();
    assumeFalse(device.ok(), "this machine has a GPU");
    assertThat(device.found()).contains("torch finds no GPU");
    assertThat(device.fix())
        .contains("--device auto or cpu", "nvidia-smi")
        .doesNotContain("delete");
    assertThat(findings).filteredOn(finding -> !finding.ok()).containsExactly(device);
  }

  @Test
  void aStoppedProcessDoesNotWaitForAFrozenPython() throws Exception {
    Process process = process(Frozen.class);
    try {
      awaitLine(process, "frozen");
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void destructorsOfNativeLibrariesDoNotRunWhenTheProcessEnds() throws Exception {
    Process process = process(Ending.class);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(process.exitValue()).as("134 = a handler that aborts was run").isEqualTo(3);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process process(Class<?> main) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Donemall.root=" + Probe.ROOT);
    String classPath = System.getProperty("surefire.test.class.path");
    command.add("-cp");
    command.add(classPath != null ? classPath : System.getProperty("java.class.path"));
    command.add(main.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void awaitLine(Process process, String wanted) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    while (line != null && !line.equals(wanted)) {
      line = output.readLine();
    }
    assertThat(line).isEqualTo(wanted);
  }

  /** A process with a native handler of its end that aborts, as one that meets a thread may. */
  static final class Ending {
    private Ending() {}

    public static void main(String[] arguments) {
      try (PythonModels models = Probe.start();
          Model probe = models.open("probe", Map.of(), 1);
          Tensors none = new Tensors()) {
        probe.infer("abort_at_exit", none, none);
      }
      System.exit(3);
    }
  }

  /** A process whose Python never comes back. */
  static final class Frozen {
    private Frozen() {}

    public static void main(String[] arguments) {
      try (PythonModels models = Probe.start();
          Model probe = models.open("probe", Map.of(), 1);
          Tensors none = new Tensors()) {
        probe.infer("freeze", none, none);
      }
    }
  }
}
