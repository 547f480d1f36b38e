package org.onemall.orchestrator.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.onemall.bridge.BridgeCheck;
import org.onemall.bridge.Finding;
import org.onemall.model.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    description =
        "Looks at Java, Python and the way between them; each finding comes with its fix.")
public final class DoctorVerb implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--device", description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
  private Device device = Device.AUTO;

  @Override
  public Integer call() {
    PrintWriter results = spec.commandLine().getOut();
    List<Finding> findings = BridgeCheck.run(Main.venv(), device);
    for (Finding finding : findings) {
      results.printf(
          "%-4s %-11s %s%n", finding.ok() ? "ok" : "BAD", finding.name(), finding.found());
      if (!finding.ok()) {
        results.printf("     %-11s %s%n", "", "fix: " + finding.fix());
      }
    }
    results.flush();
    return findings.stream().allMatch(Finding::ok) ? 0 : Main.FAILED;
  }
}
