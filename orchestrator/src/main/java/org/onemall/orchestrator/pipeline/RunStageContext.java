package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Models;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.run.RunFolder;
import org.onemall.run.StageWriter;
import org.onemall.shop.Scenario;

/** A step's view of its run: it gets what it declared to read, and may write what it declared. */
public record RunStageContext(
    RunConfig config,
    Step step,
    List<Step> steps,
    RunFolder folder,
    StageWriter writer,
    BufferAllocator allocator,
    LazyModels lazyModels)
    implements StageContext {

  @Override
  public Scenario scenario() {
    Scenario scenario = step.scenario();
    return scenario == null ? Scenario.PRODUCT_CARD : scenario;
  }

  @Override
  public long seed() {
    return step.seed(config);
  }

  @Override
  public Models models() {
    return lazyModels.get();
  }

  @Override
  public Path file(Artefact artefact) {
    List<Step> writers = writers(artefact);
    if (writers.size() > 1) {
      throw new IllegalStateException(
          "%s: %s is there for each of %s; say of which scenario"
              .formatted(step, artefact, writers));
    }
    return verified(writers.getFirst(), artefact);
  }

  @Override
  public Path file(Scenario scenario, Artefact artefact) {
    List<Pipeline.Source> sources = Pipeline.sources(steps, step);
    declared(sources.stream().map(Pipeline.Source::artefact).distinct().toList(), artefact, "read");
    for (Pipeline.Source source : sources) {
      if (source.artefact() == artefact && source.writer().scenario() == scenario) {
        return verified(source.writer(), artefact);
      }
    }
    throw new IllegalStateException("%s: there is no %s of %s".formatted(step, artefact, scenario));
  }

  private List<Step> writers(Artefact artefact) {
    declared(step.stage().reads(), artefact, "read");
    return Pipeline.writers(steps, step, artefact);
  }

  private Path verified(Step writer, Artefact artefact) {
    try {
      return folder.stage(writer.folder()).artefact(artefact.fileName());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public OutputStream create(Artefact artefact) throws IOException {
    declared(step.stage().writes(), artefact, "write");
    return writer.create(artefact.fileName());
  }

  @Override
  public void write(Artefact artefact, PathWriter filler) throws IOException {
    declared(step.stage().writes(), artefact, "write");
    writer.write(artefact.fileName(), filler::write);
  }

  private void declared(List<Artefact> artefacts, Artefact artefact, String verb) {
    if (!artefacts.contains(artefact)) {
      throw new IllegalStateException(
          "%s: declared to %s %s, not %s".formatted(step, verb, artefacts, artefact));
    }
  }

  @Override
  public Path checkpoints() throws IOException {
    return writer.checkpoints();
  }

  @Override
  public void metric(Map<String, ?> values) {
    try {
      writer.metric(values);
    } catch (IOException e) {
      throw new UncheckedIOException(step + ": metrics can't be written: " + e.getMessage(), e);
    }
  }

  @Override
  public List<Map<String, Object>> provenance() {
    return steps.subList(0, steps.indexOf(step)).stream()
        .map(before -> folder.stage(before.folder()).provenance())
        .toList();
  }

  @Override
  public Progress progress(String what, long total) {
    return Progress.start(step + ": " + what, total);
  }
}
