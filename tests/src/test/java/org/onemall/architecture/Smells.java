package org.onemall.architecture;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What is too long to be read in one go, found by the compiler's own parser: the length of a method
 * is that of its tree, from its first annotation to its closing brace, however it is wrapped and
 * whatever it holds. A record's components are no parameters: they are read by their names.
 */
final class Smells {
  static final int FILE_LINES = 400;
  static final int STAGE_LINES = 80;
  static final int METHOD_LINES = 60;
  static final int PARAMETERS = 7;

  private Smells() {}

  /** All alarms of Java files, by their names; each must be one that the parser accepts. */
  static List<String> of(Map<String, String> sources) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, source) -> files.add(inMemory(name, source)));
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, List.of(), null, files);
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    List<String> found = new ArrayList<>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        new Finder(unit, positions, found).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!problems.getDiagnostics().isEmpty()) {
      throw new IllegalArgumentException("do not parse: " + problems.getDiagnostics());
    }
    return found;
  }

  private static JavaFileObject inMemory(String name, String source) {
    return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }

  private static final class Finder extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final String file;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final LineMap lines;
    private final List<String> found;
    private @Nullable ClassTree enclosing;

    Finder(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
      file = unit.getSourceFile().getName().substring(1);
      lines = unit.getLineMap();
    }

    @Override
    public @Nullable Void visitCompilationUnit(CompilationUnitTree tree, @Nullable Void nothing) {
      String source;
      try {
        source = tree.getSourceFile().getCharContent(true).toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (source.lines().count() > FILE_LINES) {
        found.add("%s: %d lines, at most %d".formatted(file, source.lines().count(), FILE_LINES));
      }
      return super.visitCompilationUnit(tree, null);
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      String name = type.getSimpleName().toString();
      if (name.endsWith("Stage") && type.getKind() != Tree.Kind.INTERFACE) {
        limit("class " + name, type, STAGE_LINES);
      }
      for (Tree member : type.getMembers()) {
        if (member instanceof BlockTree) {
          limit("initializer of " + name, member, METHOD_LINES);
        }
      }
      ClassTree outer = enclosing;
      enclosing = type;
      super.visitClass(type, null);
      enclosing = outer;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      String name = method.getName().toString();
      limit(name, method, METHOD_LINES);
      if (method.getParameters().size() > PARAMETERS && !isCanonical(method)) {
        found.add(
            "%s: %s has %d parameters, at most %d"
                .formatted(at(method), name, method.getParameters().size(), PARAMETERS));
      }
      return super.visitMethod(method, null);
    }

    /** Whether it is the constructor that a record's header names, compact or not. */
    private boolean isCanonical(MethodTree method) {
      if (enclosing == null
          || enclosing.getKind() != Tree.Kind.RECORD
          || !method.getName().contentEquals("<init>")) {
        return false;
      }
      long components =
          enclosing.getMembers().stream()
              .filter(VariableTree.class::isInstance)
              .map(VariableTree.class::cast)
              .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
              .count();
      return method.getParameters().size() == components;
    }

    @Override
    public @Nullable Void visitLambdaExpression(
        LambdaExpressionTree lambda, @Nullable Void nothing) {
      limit("lambda", lambda, METHOD_LINES);
      return super.visitLambdaExpression(lambda, null);
    }

    private void limit(String name, Tree tree, int most) {
      long first = lines.getLineNumber(positions.getStartPosition(unit, tree));
      long last = lines.getLineNumber(positions.getEndPosition(unit, tree));
      if (last - first + 1 > most) {
        found.add(
            "%s: %s has %d lines, at most %d".formatted(at(tree), name, last - first + 1, most));
      }
    }

    private String at(Tree tree) {
      return file + ":" + lines.getLineNumber(positions.getStartPosition(unit, tree));
    }
  }
}
