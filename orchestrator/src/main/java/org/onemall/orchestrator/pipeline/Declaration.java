package org.onemall.orchestrator.pipeline;

import java.util.List;
import java.util.stream.Stream;
import org.onemall.run.Artefact;

/**
 * What a stage says of itself: a row of the stage table.
 *
 * @param name in README, folders, configs and {@code --from}
 * @param perScenario whether it runs once for each scenario
 * @param reads the artefacts that it reads, each written by an earlier stage
 * @param writes the artefacts that it writes, all of them each time
 */
public record Declaration(
    String name, boolean perScenario, List<Artefact> reads, List<Artefact> writes) {
  public Declaration {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }

  /** A stage that runs once. */
  public static Declaration shared(String name) {
    return new Declaration(name, false, List.of(), List.of());
  }

  /** A stage that runs once for each scenario. */
  public static Declaration perScenario(String name) {
    return new Declaration(name, true, List.of(), List.of());
  }

  /** The same, and it reads these too. */
  public Declaration reads(Artefact... more) {
    return reads(List.of(more));
  }

  /** The same, and it reads these too. */
  public Declaration reads(List<Artefact> more) {
    List<Artefact> all = Stream.concat(reads.stream(), more.stream()).toList();
    return new Declaration(name, perScenario, all, writes);
  }

  /** The same, and it writes these. */
  public Declaration writes(Artefact... all) {
    return new Declaration(name, perScenario, reads, List.of(all));
  }
}
