package org.onemall.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The compiled production classes, and which package uses which. */
final class Classes {
  static final String ROOT = "org.onemall.";

  private Classes() {}

  static JavaClasses production() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("org.onemall");
  }

  private static boolean isIn(JavaClass type, String root) {
    return (type.getPackageName() + ".").startsWith(root);
  }

  /**
   * Top package of a class below {@code root}: {@code codebook} for org.onemall.codebook.KMeans.
   */
  static String room(JavaClass type, String root) {
    String name = type.getPackageName() + ".";
    String rest = name.startsWith(root) ? name.substring(root.length()) : "";
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** Packages that have packages of their own, each with a dot at its end. */
  static Set<String> roots(JavaClasses classes) {
    Set<String> roots = new TreeSet<>();
    for (JavaClass type : classes) {
      String name = type.getPackageName();
      for (int dot = ROOT.length() - 1; dot >= 0; dot = name.indexOf('.', dot + 1)) {
        roots.add(name.substring(0, dot + 1));
      }
    }
    return roots;
  }

  /**
   * For each package right below {@code root}, the others there that its classes and those of its
   * own packages depend on. Classes of {@code root} itself count as a package without a name.
   */
  static Map<String, Set<String>> uses(JavaClasses classes, String root) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : classes) {
      if (!isIn(type, root)) {
        continue;
      }
      String from = room(type, root);
      uses.computeIfAbsent(from, name -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> isIn(target, root))
          .map(target -> room(target, root))
          .filter(to -> !to.equals(from))
          .forEach(uses.get(from)::add);
    }
    return uses;
  }
}
