package org.onemall.orchestrator.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a stage ran on.
 *
 * @param processor as the system calls it, else its kind
 * @param cores that this process may use
 * @param memoryGb of the machine, or of the container around this process
 */
record Machine(String processor, int cores, long memoryGb) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  static Machine here() {
    long bytes =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return new Machine(
        processorName(), Runtime.getRuntime().availableProcessors(), Math.round(bytes / 1e9));
  }

  private static String processorName() {
    try {
      return Files.readAllLines(LINUX).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // another system, which has no such file
    }
  }
}
