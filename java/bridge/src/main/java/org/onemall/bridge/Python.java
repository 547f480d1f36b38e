package org.onemall.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import jep.ClassEnquirer;
import jep.Interpreter;
import jep.JepConfig;
import jep.MainInterpreter;
import jep.PyConfig;
import jep.SharedInterpreter;
import org.jspecify.annotations.Nullable;
import org.onemall.model.ModelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded Python: one interpreter, owned by one platform thread; everybody else's calls wait
 * in that thread's queue. What Python prints goes to the loggers {@code python.stdout} and {@code
 * python.stderr}, line by line.
 *
 * <p>It sees the packages of its virtual environment, and neither PYTHONPATH nor the current
 * folder. It gets no Java class. When the JVM is told to stop while a call does not come back, the
 * process ends anyway after a few seconds, with the status of an interrupted one.
 */
final class Python implements AutoCloseable {
  /** With a default stack of 1 MiB deep recursion in C code kills the process without a trace. */
  private static final long STACK_BYTES = 64L << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What shells call the end by Ctrl-C: 128 and the number of the signal. */
  private static final int INTERRUPTED = 130;

  private static final Logger LOG = LoggerFactory.getLogger(Python.class);

  /** jep starts Python once per process; this is the environment that it took then. */
  private static final AtomicReference<@Nullable Path> STARTED_IN = new AtomicReference<>();

  private final ExecutorService owner;
  private final Interpreter interpreter;
  private final Thread shutdownHook;

  /** Starts the interpreter of an environment; a process can have only one environment. */
  Python(Venv venv) {
    configure(venv);
    owner =
        Executors.newSingleThreadExecutor(work ->
            Thread.ofPlatform().name("python").daemon().stackSize(STACK_BYTES).unstarted(work));
    ProcessExit exit = new ProcessExit();
    shutdownHook = Thread.ofPlatform().name("python-shutdown").unstarted(() -> stop(exit));
    interpreter = await(owner.submit(Python::open));
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  private static void configure(Venv venv) {
    String library = venv.jepLibrary().toString();
    Path started = STARTED_IN.compareAndExchange(null, venv.root());
    if (started == null) {
      MainInterpreter.setJepLibraryPath(library);
      MainInterpreter.setInitParams(PyConfig.isolated().setProgramName(venv.program().toString()));
      SharedInterpreter.setConfig(new JepConfig().setClassEnquirer(new NoClasses()));
      ProcessExit exit = new ProcessExit();
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("native-exit").unstarted(exit::skipDestructors));
    } else if (!started.equals(venv.root())) {
      throw new IllegalStateException(
          "python: this process runs the environment %s already, so it cannot run %s: use a process of its own"
              .formatted(started, venv.root()));
    }
  }

  private static Interpreter open() {
    Interpreter interpreter = new SharedInterpreter();
    try {
      interpreter.exec("from onemall import bridge");
      Consumer<String> output = LoggerFactory.getLogger("python.stdout")::info;
      Consumer<String> error = LoggerFactory.getLogger("python.stderr")::warn;
      interpreter.invoke("bridge.start", output, error);
      return interpreter;
    } catch (RuntimeException e) {
      interpreter.close();
      throw e;
    }
  }

  /**
   * Makes one call and waits for it; interrupts wait too, since the call works in the caller's
   * memory.
   *
   * @throws ModelException if Python raised anything at all
   */
  JsonNode call(PythonCall call, ObjectNode request) {
    String text = Json.write(request);
    String answer = run(python -> String.valueOf(python.invoke("bridge.call", call.key(), text)));
    JsonNode tree = Json.read(answer);
    JsonNode error = tree.get("error");
    if (error != null) {
      throw new ModelException(
          error.get("kind").asText(),
          error.get("message").asText(),
          error.get("traceback").asText());
    }
    return tree.get("value");
  }

  /** Runs something on the interpreter's thread. */
  <T> T run(Function<Interpreter, T> work) {
    try {
      return await(owner.submit(() -> work.apply(interpreter)));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("python: it was closed, no call is possible any more", e);
    }
  }

  /** Whether {@link #close} was called, or the JVM is stopping. */
  boolean isClosed() {
    return owner.isShutdown();
  }

  private static <T> T await(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for the call that runs, if any, then closes the interpreter. */
  @Override
  public void close() {
    if (isClosed()) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      LOG.debug("the JVM is stopping: its hook closes Python", e);
      return;
    }
    Future<?> closing =
        owner.submit(() -> {
          interpreter.invoke("bridge.stop");
          interpreter.close();
        });
    owner.shutdown();
    await(closing);
  }

  private void stop(ProcessExit exit) {
    owner.shutdownNow();
    try {
      if (owner.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.warn(
        "python: a call did not end within {} s; the process ends without it",
        PATIENCE.toSeconds());
    exit.now(INTERRUPTED);
  }

  /** Python gets no Java class: jep's import hook would answer for packages that torch probes. */
  private static final class NoClasses implements ClassEnquirer {
    @Override
    public boolean isJavaPackage(String name) {
      return false;
    }

    @Override
    public String[] getClassNames(String packageName) {
      return new String[0];
    }

    @Override
    public String[] getSubPackages(String packageName) {
      return new String[0];
    }
  }
}
