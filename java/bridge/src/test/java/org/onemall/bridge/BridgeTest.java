package org.onemall.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.Device;
import org.onemall.model.Model;
import org.onemall.model.ModelException;
import org.onemall.model.Models;
import org.onemall.shop.Behavior;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.slf4j.LoggerFactory;

/** The boundary with the real Python on the other side. */
class BridgeTest {
  private static PythonModels models;
  private BufferAllocator allocator;
  private Model probe;

  @BeforeAll
  static void startPython() {
    models = Probe.start();
  }

  @AfterAll
  static void closePython() {
    models.close();
  }

  @BeforeEach
  void open() {
    allocator = new RootAllocator();
    probe = models.open("probe", Map.of(), 1);
  }

  /** Closing an allocator that has something left throws. */
  @AfterEach
  void nothingIsLeft() {
    probe.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void callsHaveTheNamesOfThePythonSide() {
    assertThat(evaluate("','.join(CALLS)").split(","))
        .containsExactly(
            Arrays.stream(PythonCall.values()).map(PythonCall::key).toArray(String[]::new));
  }

  @Test
  void everyKindOfModelIsKnownToThePythonSide() {
    assertThat(evaluate("','.join(name for name in MODELS if name != 'probe')").split(","))
        .containsExactlyInAnyOrder(
            Arrays.stream(Models.Kind.values()).map(Models.Kind::key).toArray(String[]::new));
  }

  private static String evaluate(String expression) {
    return models.python().run(python -> python.getValue(expression, String.class));
  }

  @Test
  void versionsNameBothPythonAndTorch() {
    assertThat(models.versions())
        .containsKeys("python", "torch", "transformers", "jep")
        .containsEntry("device", "cpu");
  }

  @Test
  void tensorsHaveTheSameAddressOnBothSidesAndWritesShowInBothDirections() {
    for (DType type : DType.values()) {
      try (Tensors in = new Tensors();
          Tensors out = new Tensors()) {
        Tensor x = in.add("x", allocator, type, 3, 2);
        Tensor y = out.add("x", allocator, type, 3, 2);
        x.segment().fill((byte) 0);
        Map<String, Double> addresses = probe.infer("add_one", in, out);
        assertThat(addresses).containsEntry("x", (double) x.address());
        byte[] one = one(type);
        for (Tensor tensor : List.of(x, y)) {
          byte[] found = tensor.segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
          for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("%s byte %d", type, i).isEqualTo(one[i % one.length]);
          }
        }
      }
    }
  }

  private static byte[] one(DType type) {
    return switch (type) {
      case FLOAT32 -> new byte[] {0, 0, (byte) 0x80, 0x3f};
      case INT32 -> new byte[] {1, 0, 0, 0};
      case INT64 -> new byte[] {1, 0, 0, 0, 0, 0, 0, 0};
      case UINT8 -> new byte[] {1};
    };
  }

  @Test
  void emptyTensorsPass() {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      in.add("x", allocator, DType.FLOAT32, 0, 5);
      out.add("x", allocator, DType.FLOAT32, 0, 5);
      assertThat(probe.infer("add_one", in, out)).containsKey("x");
    }
  }

  @Test
  void everyBitOfRandomTensorsComesBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      try (Tensors in = new Tensors();
          Tensors out = new Tensors()) {
        int rows = random.nextInt(50);
        int columns = random.nextInt(1, 50);
        Tensor x = in.add("x", allocator, DType.UINT8, rows, columns);
        Tensor y = out.add("x", allocator, DType.UINT8, rows, columns);
        for (long i = 0; i < x.size(); i++) {
          x.setByte(i, (byte) random.nextInt());
        }
        ObjectNode request = Json.object();
        request.set("inputs", Crossing.tensors(in));
        request.set("outputs", Crossing.tensors(out));
        models.python().call(PythonCall.ECHO, request);
        assertThat(x.segment().mismatch(y.segment())).as("seed %d", seed).isEqualTo(-1);
      }
    }
  }

  @Test
  void tablesGoThereAndBackWithoutACopy() {
    try (VectorSchemaRoot table = table("anise", null, "crème brûlée \uD83D\uDED2");
        Crossing.Table lent = Crossing.lend(table);
        ArrowArray array = ArrowArray.allocateNew(allocator);
        ArrowSchema schema = ArrowSchema.allocateNew(allocator)) {
      ObjectNode request = Json.object();
      request.set("table", lent.addresses());
      request.set(
          "returned_table", Json.array().add(array.memoryAddress()).add(schema.memoryAddress()));
      models.python().call(PythonCall.ECHO, request);
      try (VectorSchemaRoot back = Data.importVectorSchemaRoot(allocator, array, schema, null)) {
        assertThat(back.getSchema()).isEqualTo(table.getSchema());
        assertThat(back.contentToTSVString()).isEqualTo(table.contentToTSVString());
        IntVector sent = (IntVector) table.getVector("item");
        IntVector returned = (IntVector) back.getVector("item");
        assertThat(returned.getDataBufferAddress()).isEqualTo(sent.getDataBufferAddress());
        sent.set(0, 77);
        assertThat(returned.get(0)).isEqualTo(77);
        returned.getDataBuffer().setInt(4, 88);
        assertThat(sent.get(1)).isEqualTo(88);
      }
    }
  }

  @Test
  void fedTablesAreFreedWhetherTheCallSucceedsOrNot() {
    try (VectorSchemaRoot table = table("one", "two");
        Tensors none = new Tensors()) {
      probe.feed("table", table);
      assertThat(probe.infer("kept", none, none)).containsEntry("fed", 2.0);
      assertThatThrownBy(() -> probe.feed("fail", table)).hasMessageContaining("refused 2 rows");
      Model closed = models.open("probe", Map.of(), 1);
      closed.close();
      assertThatThrownBy(() -> closed.feed("table", table)).hasMessageContaining("no open model");
    }
  }

  @Test
  void emptyTablesPass() {
    try (VectorSchemaRoot table = table();
        Tensors none = new Tensors()) {
      probe.feed("table", table);
      assertThat(probe.infer("kept", none, none)).containsEntry("fed", 0.0);
    }
  }

  private VectorSchemaRoot table(@Nullable String... titles) {
    IntVector item = new IntVector("item", allocator);
    VarCharVector title = new VarCharVector("title", allocator);
    item.allocateNew(titles.length);
    title.allocateNew();
    for (int i = 0; i < titles.length; i++) {
      item.setSafe(i, 10 + i);
      String text = titles[i];
      if (text != null) {
        title.setSafe(i, text.getBytes(StandardCharsets.UTF_8));
      } else {
        title.setNull(i);
      }
    }
    item.setValueCount(titles.length);
    title.setValueCount(titles.length);
    return new VectorSchemaRoot(List.of(item, title));
  }

  @Test
  void errorsArriveWithKindMessageAndTheWholeChain() {
    ModelException error = failure("chain");
    assertThat(error.kind()).isEqualTo("ValueError");
    assertThat(error).hasMessage("ValueError: the outer error: ä€\uD83D\uDED2");
    assertThat(error.traceback())
        .contains(
            "KeyError: 'no such key'", "The above exception was the direct cause", "probe.py");
  }

  @Test
  void exitAndInterruptAreErrorsLikeAnyOther() {
    assertThat(failure("leave").kind()).isEqualTo("SystemExit");
    assertThat(failure("interrupt").kind()).isEqualTo("KeyboardInterrupt");
  }

  @Test
  void endlessRecursionIsAnErrorAndDeepRecursionHasRoom() {
    assertThat(failure("recurse_forever").kind()).isEqualTo("RecursionError");
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      in.add("depth", allocator, DType.INT64, 1).setLong(0, 20_000);
      assertThat(probe.infer("recurse_deeply", in, out)).containsEntry("depth", 20_000.0);
    }
  }

  private ModelException failure(String what) {
    try (Tensors none = new Tensors()) {
      return catchThrowableOfType(ModelException.class, () -> probe.infer(what, none, none));
    }
  }

  @Test
  void numbersThatAreNotFinitePass() {
    try (Tensors none = new Tensors()) {
      assertThat(probe.step("any", none, Map.of("learning_rate", Double.POSITIVE_INFINITY)))
          .containsEntry("loss", Double.NaN)
          .containsEntry("floor", Double.NEGATIVE_INFINITY)
          .containsEntry("learning_rate", Double.POSITIVE_INFINITY);
    }
  }

  @Test
  void weightsAreCopiedBetweenOpenNetworksOfOneKind() {
    try (Model other = models.open("probe", Map.of(), 2);
        Tensors none = new Tensors()) {
      assertThat(other.infer("kept", none, none)).containsEntry("seed", 2.0);
      other.copyFrom(probe);
      assertThat(other.infer("kept", none, none)).containsEntry("seed", 1.0);
      Model closed = models.open("probe", Map.of(), 3);
      closed.close();
      assertThatThrownBy(() -> other.copyFrom(closed)).hasMessageContaining("it was closed");
    }
  }

  @Test
  void textIsNeverExecuted(@TempDir Path folder) {
    Path planted = folder.resolve("planted");
    String code = "open('" + planted + "', 'w').close()";
    List<String> texts =
        List.of(
            code,
            "\");" + code + "#",
            "'''\n" + code + "\n'''",
            "\\\"+" + code,
            "{x!r}",
            "\0",
            "\u2028\uD83D\uDED2 \uD800 lone");
    for (String text : texts) {
      ObjectNode request = Json.object();
      request.set("settings", Json.tree(Map.of("text", text)));
      JsonNode back = models.python().call(PythonCall.ECHO, request);
      assertThat(back.get("text").asText()).isEqualTo(text);
    }
    assertThat(Files.exists(planted)).isFalse();
  }

  record Inner(int headCount, @Nullable String note) {}

  record Config(
      int modelWidth, List<Behavior> behaviors, Path vocabularyFile, Inner inner, Device device) {
    public boolean isLarge() {
      return modelWidth > 100;
    }
  }

  @Test
  void configRecordsCrossInSnakeCaseWithLowerCaseEnums() {
    Config config =
        new Config(
            8,
            List.of(Behavior.BUY, Behavior.LONG_VIEW),
            Path.of("a", "b"),
            new Inner(2, null),
            Device.AUTO);
    assertThat(Json.write(Json.tree(config)))
        .isEqualTo(
            "{\"model_width\":8,\"behaviors\":[\"buy\",\"long_view\"],\"vocabulary_file\":\"a/b\","
                + "\"inner\":{\"head_count\":2,\"note\":null},\"device\":\"auto\"}");
  }

  @Test
  void callsOfManyThreadsAreMadeOneAfterTheOther() {
    int threads = 16;
    int calls = 25;
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Tensor count = in.add("count", allocator, DType.INT64, 1);
      List<Thread> running =
          IntStream.range(0, threads)
              .mapToObj(i ->
                  Thread.startVirtualThread(() -> {
                    for (int call = 0; call < calls; call++) {
                      probe.infer("count", in, out);
                    }
                  }))
              .toList();
      running.forEach(BridgeTest::join);
      assertThat(count.getLong(0)).isEqualTo((long) threads * calls);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptedCallerStillWaitsForItsCall() {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Tensor count = in.add("count", allocator, DType.INT64, 1);
      Thread.currentThread().interrupt();
      probe.infer("count", in, out);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(count.getLong(0)).isEqualTo(1);
    }
  }

  @Test
  void whatPythonPrintsIsLoggedLineByLine() {
    Logger logger = (Logger) LoggerFactory.getLogger("python");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try (Tensors none = new Tensors()) {
      probe.infer("say", none, none);
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(lines.list.stream().map(e -> e.getLoggerName() + " " + e.getFormattedMessage()))
        .containsExactlyInAnyOrder(
            "python.stdout first line",
            "python.stdout second line",
            "python.stdout from another thread",
            "python.stderr a warning",
            "python.stdout begun");
  }

  @Test
  void anUnknownKindNamesTheKnownOnes() {
    assertThatThrownBy(() -> models.open("nothing", Map.of(), 1))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no model of kind 'nothing', there are two_tower");
  }

  @Test
  void aFolderWithoutAnEnvironmentIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> PythonModels.start(folder, Device.CPU, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("./onemall");
  }
}
