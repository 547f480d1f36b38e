package org.onemall.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies in run folders. */
final class Runs {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Runs() {}

  /** The file of an artefact, of whatever stage writes it first. */
  static Path artefact(Path run, String name) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  /** All hashes that the manifests of a run list. */
  static SortedMap<String, String> hashes(Path run) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path manifest : files.filter(file -> file.endsWith("manifest.json")).toList()) {
        JsonNode artefacts = JSON.readTree(manifest.toFile()).get("manifest").get("artefacts");
        for (Map.Entry<String, JsonNode> artefact : artefacts.properties()) {
          found.put(
              run.relativize(manifest.resolveSibling(artefact.getKey())).toString(),
              artefact.getValue().get("sha256").asText());
        }
      }
    }
    assertThat(found).hasSizeGreaterThan(15);
    return found;
  }
}
