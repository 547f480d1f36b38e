package org.onemall.bridge;

import java.nio.file.Path;
import org.onemall.model.Device;

/** The project's virtual environment, with the test's own model {@code probe} registered. */
final class Probe {
  static final Path ROOT = Path.of(System.getProperty("onemall.root", ""));
  static final Path VENV = ROOT.resolve(".venv");

  private Probe() {}

  static PythonModels start() {
    PythonModels models = PythonModels.start(VENV, Device.CPU, 1);
    String folder = ROOT.resolve("java/bridge/src/test/python").toAbsolutePath().toString();
    models
        .python()
        .run(python -> {
          python.exec("import sys; from onemall.bridge import CALLS, MODELS");
          python.set("probe_folder", folder);
          python.exec("sys.path.append(probe_folder); MODELS['probe'] = 'probe:Probe'");
          return "";
        });
    return models;
  }
}
