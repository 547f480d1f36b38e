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

  /**
   * Top package of a class below {@code root}: {@code codebook} for org.onemall.codebook.KMeans.
   */
  static String room(JavaClass type, String root) {
    String name = type.getPackageName() + ".";
    String rest = name.startsWith(root) ? name.substring(root.length()) : "";
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** For each package, the other packages that its classes depend on. */
  static Map<String, Set<String>> uses(JavaClasses classes, String root) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : classes) {
      String from = room(type, root);
      uses.computeIfAbsent(from, name -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(root))
          .map(target -> room(target, root))
          .filter(to -> !to.equals(from))
          .forEach(uses.get(from)::add);
    }
    return uses;
  }
}
