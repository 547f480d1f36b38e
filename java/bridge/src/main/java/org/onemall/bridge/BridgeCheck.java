package org.onemall.bridge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.onemall.model.Device;
import org.onemall.model.ItemVectors;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Looks at both halves and at the way between them: versions, flags, memory, device, and a call
 * with a tensor there and back, with its time.
 */
public final class BridgeCheck {
  private static final int CALLS = 2000;
  private static final long FLOATS = 1 << 18;
  private static final long GIB = 1L << 30;
  private static final int ITEMS = 16;
  private static final int WIDTH = 8;

  private BridgeCheck() {}

  /** All findings, the bad ones with their fix; nothing is thrown for what is wrong. */
  public static List<Finding> run(Path venv, Device device) {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(flags());
    findings.add(memory());
    python(venv, device, findings);
    return findings;
  }

  private static Finding java() {
    String found = "%s (%s)".formatted(Runtime.version(), System.getProperty("java.vm.name"));
    String fix = "install a JDK 25 and set ONEMALL_JAVA_HOME to its folder";
    return Finding.of("java", Runtime.version().feature() >= 25, found, fix);
  }

  private static Finding flags() {
    Module ours = BridgeCheck.class.getModule();
    List<String> missing = new ArrayList<>();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      missing.add("--add-modules=jdk.incubator.vector");
    }
    if (!Buffer.class.getModule().isOpen("java.nio", ours)) {
      missing.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    }
    if (!ours.isNativeAccessEnabled()) {
      missing.add("--enable-native-access=ALL-UNNAMED");
    }
    String unsafe = "--sun-misc-unsafe-memory-access=allow";
    if (!ManagementFactory.getRuntimeMXBean().getInputArguments().contains(unsafe)) {
      missing.add(unsafe);
    }
    String found = missing.isEmpty() ? "all set" : "missing " + String.join(" ", missing);
    return Finding.of(
        "jvm flags", missing.isEmpty(), found, "start through ./onemall: it sets them");
  }

  private static Finding memory() {
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long total = machine.getTotalMemorySize();
    String found =
        "%.1f GiB, %.1f GiB free; Java heap up to %.1f GiB; %d cores"
            .formatted(
                (double) total / GIB,
                (double) machine.getFreeMemorySize() / GIB,
                (double) Runtime.getRuntime().maxMemory() / GIB,
                Runtime.getRuntime().availableProcessors());
    return Finding.of(
        "memory", total >= 6 * GIB, found, "the default run needs 6 GiB: use a larger machine");
  }

  private static void python(Path venv, Device device, List<Finding> findings) {
    String step = "python";
    Device there = device == Device.CUDA ? Device.AUTO : device;
    try (PythonModels models = PythonModels.start(venv, there, 0);
        BufferAllocator allocator = new RootAllocator()) {
      Map<String, String> versions = models.versions();
      findings.add(Finding.good(step, "%s in %s".formatted(versions, venv)));
      findings.add(device(device, String.valueOf(versions.get("device"))));
      step = "round trip";
      findings.add(roundTrip(models.python(), allocator));
      step = "network";
      findings.add(network(models, allocator));
    } catch (RuntimeException | LinkageError e) {
      findings.add(
          new Finding(
              step,
              false,
              e.toString(),
              "delete " + venv + " and run ./onemall again: it is made anew"));
    }
  }

  /** What is asked for against what torch takes. */
  private static Finding device(Device wanted, String found) {
    return wanted == Device.CUDA && !found.equals(Device.CUDA.key())
        ? new Finding(
            "device",
            false,
            "cuda is asked for, torch finds no GPU",
            "use --device auto or cpu, and `device: auto` or `cpu` in configs; where there should be"
                + " a GPU, nvidia-smi must list it, with a driver for the CUDA of this torch")
        : Finding.good("device", wanted.key() + " is " + found);
  }

  private static Finding roundTrip(Python python, BufferAllocator allocator) {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Tensor sent = in.add("x", allocator, DType.FLOAT32, FLOATS);
      Tensor back = out.add("x", allocator, DType.FLOAT32, FLOATS);
      for (long i = 0; i < FLOATS; i++) {
        sent.setFloat(i, (float) i);
      }
      ObjectNode crossing = Json.object();
      crossing.set("inputs", Crossing.tensors(in));
      ObjectNode copying = crossing.deepCopy();
      copying.set("outputs", Crossing.tensors(out));
      python.call(PythonCall.ECHO, copying);
      boolean same = sent.segment().mismatch(back.segment()) == -1;
      String found =
          "%.0f us empty, %.0f us with a tensor of 1 MiB; its copy by Python is %s"
              .formatted(
                  medianMicros(python, Json.object()),
                  medianMicros(python, crossing),
                  same ? "equal" : "different");
      return Finding.of("round trip", same, found, "report this with the output of `doctor`");
    }
  }

  /** A small network answers on the device, and another one alike once it has its weights. */
  private static Finding network(PythonModels models, BufferAllocator allocator) {
    Map<String, Integer> config = Map.of("items", ITEMS, "width", WIDTH);
    try (Model one = models.open(Models.Kind.TWO_TOWER, config, 1);
        Model other = models.open(Models.Kind.TWO_TOWER, config, 2);
        Tensor first = ItemVectors.infer(one, "items", new int[] {ITEMS}, WIDTH, ITEMS, allocator);
        Tensor fresh =
            ItemVectors.infer(other, "items", new int[] {ITEMS}, WIDTH, ITEMS, allocator)) {
      other.copyFrom(one);
      try (Tensor copied =
          ItemVectors.infer(other, "items", new int[] {ITEMS}, WIDTH, ITEMS, allocator)) {
        boolean differed = first.segment().mismatch(fresh.segment()) != -1;
        boolean same = first.segment().mismatch(copied.segment()) == -1;
        String found =
            "vectors of two seeds are %s, those of a copy %s"
                .formatted(differed ? "different" : "equal", same ? "equal" : "different");
        return Finding.of(
            "network", differed && same, found, "report this with the output of `doctor`");
      }
    }
  }

  private static double medianMicros(Python python, ObjectNode request) {
    long[] nanos = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      python.call(PythonCall.ECHO, request);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[CALLS / 2] / 1e3;
  }
}
