package org.onemall.orchestrator.cli;

import org.onemall.orchestrator.pipeline.Version;
import org.onemall.run.CodeVersion;
import picocli.CommandLine.Option;

/** The option that decides what an upgrade does to finished stages. */
final class KeepArtefacts {
  @Option(
      names = "--keep-artefacts",
      description =
          "Keep what another version of the code made where nothing else changed, instead of making it"
              + " again; provenance tells which version made what.")
  private boolean keep;

  CodeVersion code() {
    return new CodeVersion(Version.ofCode(), keep);
  }
}
