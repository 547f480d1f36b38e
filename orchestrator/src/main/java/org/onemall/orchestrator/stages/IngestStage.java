package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.shop.SplitConfig;

/** Reads the source into catalogue, users, interactions, room states and the split by time. */
public final class IngestStage implements Stage {
  private record Settings(IngestConfig ingest, SplitConfig split) {}

  @Override
  public Declaration declaration() {
    return Declaration.shared("ingest")
        .writes(
            Artefact.ITEMS,
            Artefact.USERS,
            Artefact.INTERACTIONS,
            Artefact.ROOM_STATES,
            Artefact.PERIODS,
            Artefact.FUNNEL);
  }

  @Override
  public List<Path> sources(RunConfig config) throws IOException {
    return config.ingest().files();
  }

  @Override
  public Object settings(RunConfig config) {
    return new Settings(config.ingest(), config.split());
  }

  @Override
  public void run(StageContext context) throws IOException {
    RunConfig config = context.config();
    long seed = Seeds.of(context.seed(), name());
    Path scratch = empty(context.checkpoints());
    BufferAllocator allocator = context.allocator();
    try (Ingest ingest = new Ingest(config.ingest(), config.split(), seed, scratch, allocator)) {
      try (OutputStream out = context.create(Artefact.ITEMS)) {
        ingest.writeItems(out, allocator);
      }
      try (OutputStream out = context.create(Artefact.USERS)) {
        ingest.writeUsers(out, allocator);
      }
      try (OutputStream out = context.create(Artefact.INTERACTIONS)) {
        ingest.writeInteractions(out, allocator);
      }
      try (OutputStream out = context.create(Artefact.ROOM_STATES)) {
        ingest.writeRoomStates(out, allocator);
      }
      try (OutputStream out = context.create(Artefact.PERIODS)) {
        ingest.periods().write(out);
      }
      try (OutputStream out = context.create(Artefact.FUNNEL)) {
        ingest.funnel().write(out);
      }
    } finally {
      empty(scratch);
    }
  }

  /** A killed run may have left its database there. */
  private static Path empty(Path folder) throws IOException {
    List<Path> found;
    try (Stream<Path> walk = Files.walk(folder)) {
      found = walk.filter(path -> !path.equals(folder)).toList();
    }
    for (Path path : found.reversed()) {
      Files.delete(path);
    }
    return folder;
  }
}
