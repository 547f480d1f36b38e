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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.onemall.run.Sha256;

/** What lies in run folders. */
final class Runs {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the page says of when and where the run was made, which is never the same twice. */
  private static final Pattern PROVENANCE =
      Pattern.compile(
          "<script type=\"application/json\" id=\"provenance\">.*?</script>", Pattern.DOTALL);

  private Runs() {}

  /** The file of an artefact, of whatever stage writes it first. */
  static Path artefact(Path run, String name) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  /** All hashes that the manifests of a run list; of the page, without its provenance. */
  static SortedMap<String, String> hashes(Path run) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path manifest : files.filter(file -> file.endsWith("manifest.json")).toList()) {
        JsonNode artefacts = JSON.readTree(manifest.toFile()).get("manifest").get("artefacts");
        for (Map.Entry<String, JsonNode> artefact : artefacts.properties()) {
          Path file = manifest.resolveSibling(artefact.getKey());
          found.put(
              run.relativize(file).toString(),
              file.endsWith("report.html")
                  ? withoutProvenance(file)
                  : artefact.getValue().get("sha256").asText());
        }
      }
    }
    assertThat(found).hasSizeGreaterThan(15);
    return found;
  }

  private static String withoutProvenance(Path page) throws IOException {
    String text = Files.readString(page);
    String rest = PROVENANCE.matcher(text).replaceFirst("");
    assertThat(rest.length()).as("the page has its provenance").isLessThan(text.length());
    return Sha256.of(rest);
  }
}
