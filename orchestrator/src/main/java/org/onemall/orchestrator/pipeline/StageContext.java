package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Models;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.run.Progress;
import org.onemall.shop.Scenario;
import org.onemall.training.StepListener;

/** All that a stage may touch: its inputs, its outputs, the networks, and where it reports. */
public interface StageContext extends Artefacts {
  RunConfig config();

  /** The scenario of a per-scenario stage; product_card's for the shared ones. */
  Scenario scenario();

  /** The seed of the step; stages derive theirs by {@code Seeds.of(seed, "what for")}. */
  long seed();

  BufferAllocator allocator();

  /** Threads that the stage may use. */
  default int threads() {
    int threads = config().threads();
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** The networks; the first call starts Python. */
  Models models();

  /**
   * The verified file of an artefact of one scenario: for stages that read what several scenarios
   * wrote, or what was written for an earlier one.
   */
  Path file(Scenario scenario, Artefact artefact);

  /** Opens an artefact for writing; it is hashed, synced and renamed into place on close. */
  OutputStream create(Artefact artefact) throws IOException;

  /** Has {@code writer} fill a file of its own, then hashes, syncs and renames it into place. */
  void write(Artefact artefact, PathWriter writer) throws IOException;

  /**
   * A folder for checkpoints inside the stage: survives a kill, is only kept while the stage's
   * inputs and settings stay the same, and is removed when the stage commits.
   */
  Path checkpoints() throws IOException;

  /** Appends one line to the stage's {@code metrics.jsonl}. */
  void metric(Map<String, ?> values);

  /** Appends one line for a training step. */
  default void metric(long step, Map<String, Double> figures) {
    Map<String, Object> line = new HashMap<>(figures);
    line.put("step", step);
    metric(line);
  }

  /**
   * Reports every step of a training: on a display of its steps and in a line. Those that were made
   * before a kill count as made with the first that is told.
   */
  default StepListener steps(Progress progress) {
    AtomicLong done = new AtomicLong();
    return (step, figures) -> {
      progress.step(step + 1 - done.getAndSet(step + 1));
      metric(step, figures);
    };
  }

  /**
   * How the steps before this one were made, in order: when, how long, on what, with which
   * versions. For people: it differs between runs that are equal otherwise.
   */
  List<Map<String, Object>> provenance();

  /** Starts a progress display of {@code total} steps. */
  Progress progress(String what, long total);

  /** Fills one file. */
  @FunctionalInterface
  interface PathWriter {
    void write(Path file) throws IOException;
  }
}
