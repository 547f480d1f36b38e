package org.onemall.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The artefacts of a run that is done, for one of its scenarios: what a stage of the run would get,
 * for anybody who opens its folder. Nothing is read before it is asked for, and nothing is believed
 * before its hash was checked.
 */
public final class FinishedRun implements Artefacts {
  private final RunFolder folder;
  private final String scenario;

  /**
   * @param scenario its key, such as {@code product_card}; artefacts of all scenarios ignore it
   */
  public FinishedRun(RunFolder folder, String scenario) {
    this.folder = folder;
    this.scenario = scenario;
  }

  @Override
  public Path file(Artefact artefact) {
    try {
      return stage(artefact).artefact(artefact.fileName());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Size and SHA-256 of an artefact, as its stage left it. */
  public FileHash hash(Artefact artefact) throws IOException {
    Manifest manifest = stage(artefact).manifest();
    FileHash hash = manifest == null ? null : manifest.artefacts().get(artefact.fileName());
    if (hash == null) {
      throw new IOException(
          "%s: stage %s left no %s; run it again"
              .formatted(folder.path(), artefact.stage(), artefact));
    }
    return hash;
  }

  /** Whether the stage that writes an artefact is done. */
  public boolean has(Artefact artefact) {
    try {
      return stage(artefact).manifest() != null;
    } catch (IOException e) {
      return false;
    }
  }

  private StageFolder stage(Artefact artefact) throws IOException {
    return folder.finished(artefact.stage(), scenario);
  }
}
