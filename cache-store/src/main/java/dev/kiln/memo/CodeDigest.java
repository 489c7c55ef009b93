package dev.kiln.memo;

import dev.kiln.KilnException;
import dev.kiln.memo.MethodText.FieldName;
import dev.kiln.memo.MethodText.MethodName;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a method and all that it calls in the same code base do: a digest of their texts. The code
 * base is where the method's class was loaded from, one folder or jar; what comes from elsewhere
 * counts by its name.
 *
 * <p>Which method a virtual call reaches is not known. So of each class that the code makes an
 * object of, all methods count, and what it extends and implements; of one whose static fields it
 * uses, the static initialiser. Of the classes of objects that the code is given, those methods
 * count that are called by their name anywhere in it, and those that code from elsewhere may call.
 *
 * @param hex the digest
 * @param fields of objects that the code reads
 * @param given classes of the objects that it works on
 * @param read names of the given classes, and of those that they extend, whose code was read
 */
record CodeDigest(String hex, Set<FieldName> fields, Set<Class<?>> given, Set<String> read) {
  /**
   * Reads the code.
   *
   * @param given classes of the objects that it works on
   * @throws KilnException where the class has no class file to read
   */
  static CodeDigest of(Implementation implementation, Set<Class<?>> given) {
    return new Walk(implementation.type(), given).run(implementation);
  }

  private static final class Walk {
    private final @Nullable ClassLoader loader;
    private final @Nullable CodeSource base;
    private final Map<String, Optional<ClassModel>> classes = new HashMap<>();
    private final ArrayDeque<MethodName> open = new ArrayDeque<>();
    private final Set<MethodName> seen = new HashSet<>();
    private final Set<ClassDesc> touched = new HashSet<>();
    private final Set<ClassDesc> declared = new HashSet<>();
    private final Set<ClassDesc> initialised = new HashSet<>();
    private final Set<String> texts = new TreeSet<>();
    private final Set<FieldName> fields = new HashSet<>();
    private final Set<Class<?>> given;
    private final Set<String> read = new HashSet<>();

    Walk(Class<?> start, Set<Class<?>> given) {
      this.given = given;
      loader = start.getClassLoader();
      base = start.getProtectionDomain().getCodeSource();
    }

    CodeDigest run(Implementation implementation) {
      MethodName first =
          new MethodName(
              implementation.type().describeConstable().orElseThrow(),
              implementation.method(),
              implementation.descriptor());
      if (base == null || find(first).isEmpty()) {
        throw new KilnException(
            "cannot read the code of "
                + implementation.name()
                + "; say which version of it this is with version(\"…\")");
      }
      open.add(first);
      given.forEach(this::take);
      while (!open.isEmpty()) {
        MethodName name = open.poll();
        if (seen.add(name)) {
          find(name).ifPresent(this::visit);
          if (!name.name().startsWith("<") && !name.name().startsWith("lambda$")) {
            given.forEach(type -> open.add(in(type, name.name(), name.descriptor())));
          }
        }
      }
      return new CodeDigest(digest(), Set.copyOf(fields), Set.copyOf(given), Set.copyOf(read));
    }

    private static MethodName in(Class<?> type, String method, String descriptor) {
      return new MethodName(type.describeConstable().orElseThrow(), method, descriptor);
    }

    /** What may be called of a given object from elsewhere, and what made its constants. */
    private void take(Class<?> type) {
      declare(type.describeConstable().orElseThrow());
      for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
        if (model(owner.describeConstable().orElseThrow()).isPresent()) {
          read.add(owner.getName());
          open.add(in(owner, "<clinit>", "()V"));
        }
        callbacks(type, owner);
      }
    }

    private void callbacks(Class<?> type, Class<?> owner) {
      if (model(owner.describeConstable().orElseThrow()).isEmpty()) {
        for (Method method : owner.getDeclaredMethods()) {
          String descriptor =
              MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                  .descriptorString();
          open.add(in(type, method.getName(), descriptor));
        }
      }
      for (Class<?> parent : owner.getInterfaces()) {
        callbacks(type, parent);
      }
    }

    /** A method, and whose it is. */
    private record Owned(ClassModel owner, MethodModel method) {}

    private void visit(Owned owned) {
      MethodText text = MethodText.of(owned.method());
      String name = owned.method().methodName().stringValue();
      texts.add(
          owned.owner().thisClass().asInternalName()
              + "."
              + (name.startsWith("lambda$") ? "lambda" : name)
              + owned.method().methodType().stringValue()
              + "\n"
              + text.text());
      open.addAll(text.methods());
      fields.addAll(text.fields());
      text.made().forEach(this::touch);
      text.initialised().forEach(this::initialise);
    }

    /** A static field may be one that a class inherits, so static initialisers all count. */
    private void initialise(ClassDesc type) {
      if (initialised.add(type)) {
        open.add(new MethodName(type, "<clinit>", "()V"));
        parents(type).forEach(this::initialise);
      }
    }

    /** What an object is: it decides which methods are inherited, and which tests of types hold. */
    private void declare(ClassDesc type) {
      if (!declared.add(type)) {
        return;
      }
      model(type)
          .ifPresent(
              model -> {
                StringJoiner text = new StringJoiner(" ");
                text.add(model.thisClass().asInternalName()).add("is a");
                model.superclass().ifPresent(parent -> text.add(parent.asInternalName()));
                model.interfaces().forEach(parent -> text.add(parent.asInternalName()));
                texts.add(text.toString());
              });
      parents(type).forEach(this::declare);
    }

    private List<ClassDesc> parents(ClassDesc type) {
      List<ClassDesc> parents = new ArrayList<>();
      model(type)
          .ifPresent(
              model -> {
                model.superclass().ifPresent(parent -> parents.add(parent.asSymbol()));
                model.interfaces().forEach(parent -> parents.add(parent.asSymbol()));
              });
      return parents;
    }

    /**
     * All methods of a class that objects are made of, those that it inherits and the static
     * initialiser among them.
     */
    private void touch(ClassDesc type) {
      if (!touched.add(type)) {
        return;
      }
      declare(type);
      model(type)
          .ifPresent(
              model -> {
                for (MethodModel method : model.methods()) {
                  String name = method.methodName().stringValue();
                  // Lambdas count where they are used.
                  if (!name.startsWith("lambda$") && !name.equals("$deserializeLambda$")) {
                    open.add(new MethodName(type, name, method.methodType().stringValue()));
                  }
                }
              });
      parents(type).forEach(this::touch);
    }

    /** The method itself, or the one that a class inherits. */
    private Optional<Owned> find(MethodName name) {
      List<ClassDesc> candidates = new ArrayList<>(List.of(name.owner()));
      for (int k = 0; k < candidates.size(); k++) {
        Optional<ClassModel> model = model(candidates.get(k));
        if (model.isEmpty()) {
          continue;
        }
        for (MethodModel method : model.get().methods()) {
          if (method.methodName().equalsString(name.name())
              && method.methodType().equalsString(name.descriptor())) {
            return Optional.of(new Owned(model.get(), method));
          }
        }
        candidates.addAll(parents(candidates.get(k)));
      }
      return Optional.empty();
    }

    private Optional<ClassModel> model(ClassDesc type) {
      return type.isClassOrInterface()
          ? classes.computeIfAbsent(binaryName(type), this::read)
          : Optional.empty();
    }

    private static String binaryName(ClassDesc type) {
      String descriptor = type.descriptorString();
      return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    private Optional<ClassModel> read(String name) {
      try {
        Class<?> type = Class.forName(name, false, loader);
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || base == null || !source.equals(base)) {
          return Optional.empty();
        }
        String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
        try (InputStream stream = type.getResourceAsStream(file)) {
          return stream == null
              ? Optional.empty()
              : Optional.of(ClassFile.of().parse(stream.readAllBytes()));
        }
      } catch (ClassNotFoundException | LinkageError e) {
        // An optional part of something else; it counts by its name.
        return Optional.empty();
      } catch (IOException e) {
        throw new KilnException("cannot read the class file of " + name, e);
      }
    }

    private String digest() {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (String text : texts) {
          sha.update(text.getBytes(StandardCharsets.UTF_8));
          sha.update((byte) 0);
        }
        return HexFormat.of().formatHex(sha.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java has SHA-256", e);
      }
    }
  }
}
