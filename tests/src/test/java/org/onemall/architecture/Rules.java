package org.onemall.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules of the design, each a function from what it reads to the violations it found, so that a
 * planted one can be shown to it.
 */
final class Rules {
  private static final Set<String> EMPTY_NAMES =
      Set.of("util", "utils", "common", "helper", "helpers", "manager", "impl", "misc");

  private Rules() {}

  /** Classes outside {@code room} that use a class whose name starts with one of the prefixes. */
  static List<String> onlyIn(JavaClasses classes, String root, String room, List<String> prefixes) {
    List<String> found = new ArrayList<>();
    for (JavaClass type : classes) {
      if (!Classes.room(type, root).equals(room)) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(d -> prefixes.stream().anyMatch(d.getTargetClass().getName()::startsWith))
            .forEach(d -> found.add(d.getDescription()));
      }
    }
    return found;
  }

  /** Sources that name something, but for those whose path contains one of {@code allowed}. */
  static List<String> naming(Pattern what, Collection<Path> sources, Set<String> allowed) {
    return sources.stream()
        .filter(file -> what.matcher(Sources.read(file)).find())
        .map(file -> Sources.ROOT.relativize(file).toString())
        .filter(name -> allowed.stream().noneMatch(name::contains))
        .map(name -> name + " names " + what)
        .toList();
  }

  /** Names that two classes have: whoever reads one of them must look at the imports. */
  static List<String> sharedNames(JavaClasses classes) {
    Map<String, Set<String>> packages = new TreeMap<>();
    for (JavaClass type : classes) {
      if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
        packages
            .computeIfAbsent(type.getSimpleName(), name -> new TreeSet<>())
            .add(type.getPackageName());
      }
    }
    return packages.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(entry -> entry.getKey() + " is a class of " + entry.getValue())
        .toList();
  }

  /** Packages that depend on each other in a ring. */
  static List<String> cycles(Map<String, Set<String>> uses) {
    List<String> found = new ArrayList<>();
    for (String start : uses.keySet()) {
      if (reaches(uses, start, start, new TreeSet<>())) {
        found.add(start + " depends on itself through " + uses.get(start));
      }
    }
    return found;
  }

  private static boolean reaches(
      Map<String, Set<String>> uses, String from, String target, Set<String> seen) {
    for (String next : uses.getOrDefault(from, Set.of())) {
      if (next.equals(target) || (seen.add(next) && reaches(uses, next, target, seen))) {
        return true;
      }
    }
    return false;
  }

  /** Packages whose name says nothing. */
  static List<String> emptyNames(JavaClasses classes) {
    Set<String> found = new LinkedHashSet<>();
    for (JavaClass type : classes) {
      Stream.of(type.getPackageName().split("\\.", -1))
          .filter(EMPTY_NAMES::contains)
          .forEach(part -> found.add(type.getPackageName()));
    }
    return List.copyOf(found);
  }

  /** Calls of randomness that nobody passed in, and of output that nobody can redirect. */
  static List<String> forbiddenCalls(JavaClasses classes, Set<String> mayPrint) {
    List<String> found = new ArrayList<>();
    for (JavaClass type : classes) {
      type.getAccessesFromSelf().stream()
          .filter(access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getName();
            return (owner.equals("java.lang.Math") && name.equals("random"))
                || owner.equals("java.util.concurrent.ThreadLocalRandom")
                || (owner.equals("java.lang.System")
                    && (name.equals("out") || name.equals("err"))
                    && !mayPrint.contains(type.getSimpleName()));
          })
          .forEach(access -> found.add(access.getDescription()));
    }
    return found;
  }

  /**
   * Streams on the common pool, which no setting of threads limits, and pools of one's own outside
   * the rooms that may have some.
   */
  static List<String> sharedOut(JavaClasses classes, List<String> rooms) {
    List<String> found = new ArrayList<>();
    for (JavaClass type : classes) {
      boolean mayHavePools = rooms.stream().anyMatch(type.getPackageName()::startsWith);
      type.getAccessesFromSelf().stream()
          .filter(access -> {
            String owner = access.getTargetOwner().getName();
            boolean stream = owner.startsWith("java.util.stream.");
            boolean pool =
                owner.startsWith("java.util.concurrent.Executor")
                    || owner.equals("java.util.concurrent.CompletableFuture");
            return (stream && access.getName().equals("parallel"))
                || access.getName().equals("parallelStream")
                || owner.equals("java.util.concurrent.ForkJoinPool")
                || (pool && !mayHavePools);
          })
          .forEach(access -> found.add(access.getDescription()));
    }
    return found;
  }

  /**
   * Public methods that no production class calls; overriding ones and what frameworks call are
   * exempt.
   */
  static List<String> uncalled(JavaClasses classes, Set<String> calledFromOutside) {
    List<String> found = new ArrayList<>();
    for (JavaClass type : classes) {
      for (JavaMethod method : type.getMethods()) {
        if (method.getModifiers().contains(JavaModifier.PUBLIC)
            && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
            && !isExempt(type, method)
            && !calledFromOutside.contains(type.getSimpleName() + "." + method.getName())
            && method.getAccessesToSelf().isEmpty()) {
          found.add(type.getName() + "." + method.getName());
        }
      }
    }
    return found;
  }

  /**
   * Settings that nobody reads: components of a config record, or of one within it, that no code
   * but the record's own constructor looks at.
   */
  static List<String> unreadSettings(JavaClass root) {
    List<String> found = new ArrayList<>();
    Set<JavaClass> seen = new LinkedHashSet<>();
    Deque<JavaClass> waiting = new ArrayDeque<>(List.of(root));
    while (!waiting.isEmpty()) {
      JavaClass type = waiting.remove();
      if (!type.isRecord() || !seen.add(type)) {
        continue;
      }
      for (JavaField field : type.getFields()) {
        if (!field.getModifiers().contains(JavaModifier.STATIC)) {
          waiting.addAll(field.getAllInvolvedRawTypes());
          if (!isRead(field)) {
            found.add(type.getName() + "." + field.getName());
          }
        }
      }
    }
    return found;
  }

  private static boolean isRead(JavaField field) {
    JavaMethod accessor = field.getOwner().getMethod(field.getName());
    return !accessor.getAccessesToSelf().isEmpty()
        || field.getAccessesToSelf().stream()
            .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.GET)
            .anyMatch(access -> !access.getOrigin().equals(accessor));
  }

  private static boolean isExempt(JavaClass type, JavaMethod method) {
    boolean recordPart = type.isRecord() && method.getRawParameterTypes().isEmpty();
    boolean enumPart = type.isEnum() && Set.of("values", "valueOf").contains(method.getName());
    boolean main = method.getName().equals("main");
    boolean framework = !method.getAnnotations().isEmpty();
    return recordPart || enumPart || main || framework || overrides(type, method);
  }

  private static boolean overrides(JavaClass type, JavaMethod method) {
    if (Set.of("toString", "equals", "hashCode").contains(method.getName())) {
      return true;
    }
    return Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
        .flatMap(parent -> parent.getMethods().stream())
        .anyMatch(parent ->
            parent.getName().equals(method.getName())
                && parent.getRawParameterTypes().size() == method.getRawParameterTypes().size());
  }

  /** A first sentence of package-info that doesn't say what goes in and what comes out. */
  static List<String> packageInfo(String packageName, String source) {
    Matcher comment = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL).matcher(source);
    boolean says =
        comment.find()
            && comment.group(1).replaceAll("\\s*\\*\\s*", " ").strip().matches("(?s)In: .*Out: .*");
    return says
        ? List.of()
        : List.of(packageName + ": package-info must begin with 'In: ... Out: ...'");
  }

  /** Modules of the Python package that a source imports. */
  static Set<String> pythonImports(String source) {
    Set<String> found = new TreeSet<>();
    Matcher matcher =
        Pattern.compile(
                "^\\s*(?:from onemall\\.(\\w+) import|import onemall\\.(\\w+)|from onemall import (\\w+)|from \\.(\\w+) import)",
                Pattern.MULTILINE)
            .matcher(source);
    while (matcher.find()) {
      for (int group = 1; group <= 4; group++) {
        if (matcher.group(group) != null) {
          found.add(matcher.group(group));
        }
      }
    }
    return found;
  }
}
