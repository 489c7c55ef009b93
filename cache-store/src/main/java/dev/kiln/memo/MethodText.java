package dev.kiln.memo;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A method's code as text that says what it does and nothing else: no line numbers, no names of
 * local variables, no places in the constant pool; jumps go to the number of an instruction. The
 * bodies of lambdas are written where they are handed out, since a compiler numbers them in the
 * order in which they stand.
 *
 * @param text the instructions, one a line
 * @param methods what it calls, or hands out as a reference
 * @param made classes that it makes objects of
 * @param initialised classes whose static fields it uses, or which it hands out as such
 * @param fields those of objects that it reads
 */
record MethodText(
    String text,
    Set<MethodName> methods,
    Set<ClassDesc> made,
    Set<ClassDesc> initialised,
    Set<FieldName> fields) {
  /** A method. */
  record MethodName(ClassDesc owner, String name, String descriptor) {}

  /** A field of objects. */
  record FieldName(ClassDesc owner, String name) {}

  /** The text of a method that has code, or of one that has none. */
  static MethodText of(MethodModel method) {
    Writer writer = new Writer();
    writer.write(method);
    return new MethodText(
        writer.text.toString(), writer.methods, writer.made, writer.initialised, writer.fields);
  }

  private static final class Writer {
    final StringBuilder text = new StringBuilder();
    final Set<MethodName> methods = new HashSet<>();
    final Set<ClassDesc> made = new HashSet<>();
    final Set<ClassDesc> initialised = new HashSet<>();
    final Set<FieldName> fields = new HashSet<>();
    private final Map<Label, Integer> places = new HashMap<>();
    private final Deque<MethodModel> open = new ArrayDeque<>();

    /** A method, within the one that is being written if there is one. */
    void write(MethodModel method) {
      open.push(method);
      method.code().ifPresent(this::write);
      open.pop();
    }

    private void write(CodeModel code) {
      int next = 0;
      for (CodeElement element : code) {
        if (element instanceof LabelTarget target) {
          places.put(target.label(), next);
        } else if (element instanceof Instruction) {
          next++;
        }
      }
      for (CodeElement element : code) {
        switch (element) {
          case Instruction instruction -> line(instruction);
          case ExceptionCatch caught ->
              add(
                  "catch",
                  caught.catchType().map(type -> type.asInternalName()).orElse("any"),
                  place(caught.tryStart()),
                  place(caught.tryEnd()),
                  place(caught.handler()));
          default -> {
            // Debugging information, and labels, which are numbers now.
          }
        }
      }
    }

    private void add(Object... words) {
      for (Object word : words) {
        text.append(word).append(' ');
      }
      text.append('\n');
    }

    private int place(Label label) {
      Integer place = places.get(label);
      if (place == null) {
        throw new AssertionError("a label that is nowhere");
      }
      return place;
    }

    private void line(Instruction instruction) {
      switch (instruction) {
        case ConstantInstruction constant ->
            add("const", constant.typeKind(), constant(constant.constantValue()));
        case LoadInstruction load -> add("load", load.typeKind(), load.slot());
        case StoreInstruction store -> add("store", store.typeKind(), store.slot());
        case IncrementInstruction increment ->
            add("increment", increment.slot(), increment.constant());
        case BranchInstruction branch ->
            add(branch.opcode().toString().replace("_W", ""), place(branch.target()));
        case TableSwitchInstruction table ->
            add("switch", place(table.defaultTarget()), cases(table.cases()));
        case LookupSwitchInstruction lookup ->
            add("switch", place(lookup.defaultTarget()), cases(lookup.cases()));
        case FieldInstruction field -> field(field);
        case InvokeInstruction invoke -> {
          ClassDesc owner = invoke.owner().asSymbol();
          String name = invoke.name().stringValue();
          String descriptor = invoke.type().stringValue();
          add(
              invoke.opcode(),
              owner.descriptorString(),
              reference(new MethodName(owner, name, descriptor)));
        }
        case InvokeDynamicInstruction dynamic -> dynamic(dynamic);
        case NewObjectInstruction object -> {
          ClassDesc type = object.className().asSymbol();
          made.add(type);
          add("new", type.descriptorString());
        }
        case NewPrimitiveArrayInstruction array -> add("newarray", array.typeKind());
        case NewReferenceArrayInstruction array ->
            add("newarray", array.componentType().asSymbol().descriptorString());
        case NewMultiArrayInstruction array ->
            add("newarray", array.arrayType().asSymbol().descriptorString(), array.dimensions());
        case TypeCheckInstruction check ->
            add(check.opcode(), check.type().asSymbol().descriptorString());
        default -> add(instruction.opcode());
      }
    }

    private List<String> cases(List<SwitchCase> cases) {
      return cases.stream().map(one -> one.caseValue() + ":" + place(one.target())).toList();
    }

    private void field(FieldInstruction field) {
      ClassDesc owner = field.owner().asSymbol();
      String name = field.name().stringValue();
      switch (field.opcode()) {
        case GETSTATIC, PUTSTATIC -> initialised.add(owner);
        case GETFIELD -> fields.add(new FieldName(owner, name));
        default -> {
          // An object that the code made itself.
        }
      }
      add(field.opcode(), owner.descriptorString(), name, field.type().stringValue());
    }

    private void dynamic(InvokeDynamicInstruction dynamic) {
      List<Object> words = new ArrayList<>();
      words.add("dynamic");
      words.add(dynamic.name().stringValue());
      words.add(dynamic.type().stringValue());
      DirectMethodHandleDesc bootstrap = dynamic.bootstrapMethod();
      words.add(bootstrap.owner().descriptorString() + bootstrap.methodName());
      for (ConstantDesc argument : dynamic.bootstrapArgs()) {
        words.add(constant(argument));
      }
      add(words.toArray());
      // An object whose interface may have methods of its own.
      made.add(dynamic.typeSymbol().returnType());
      dynamic.bootstrapArgs().forEach(this::lambda);
    }

    /** The body of a lambda, if that is one. */
    private void lambda(ConstantDesc argument) {
      if (argument instanceof DirectMethodHandleDesc handle) {
        body(handle.methodName(), handle.lookupDescriptor(), handle.owner())
            .filter(body -> !open.contains(body))
            .ifPresent(
                body -> {
                  add("lambda", handle.lookupDescriptor());
                  write(body);
                  add("end");
                });
      }
    }

    /** What a compiler made of the body of a lambda of the class that is being read. */
    private Optional<MethodModel> body(String name, String descriptor, ClassDesc owner) {
      return open.getLast()
          .parent()
          .filter(type -> name.startsWith("lambda$") && type.thisClass().asSymbol().equals(owner))
          .flatMap(
              type ->
                  type.methods().stream()
                      .filter(method -> method.flags().has(AccessFlag.SYNTHETIC))
                      .filter(method -> method.methodName().equalsString(name))
                      .filter(method -> method.methodType().equalsString(descriptor))
                      .findFirst());
    }

    private String constant(ConstantDesc constant) {
      return switch (constant) {
        case String string -> '"' + string.replace("\\", "\\\\").replace("\n", "\\n") + '"';
        case Double number -> Long.toHexString(Double.doubleToRawLongBits(number));
        case Float number -> Integer.toHexString(Float.floatToRawIntBits(number));
        case DirectMethodHandleDesc handle -> {
          MethodName name =
              new MethodName(handle.owner(), handle.methodName(), handle.lookupDescriptor());
          if (handle.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR) {
            made.add(handle.owner());
          }
          yield handle.kind() + " " + handle.owner().descriptorString() + reference(name);
        }
        case ClassDesc type -> {
          // Whoever has the class of an enum has its constants.
          initialised.add(type);
          yield type.toString();
        }
        default -> constant.toString();
      };
    }

    /** The number of a lambda is no part of the code; its body is. */
    private String reference(MethodName method) {
      if (body(method.name(), method.descriptor(), method.owner()).isPresent()) {
        return "lambda" + method.descriptor();
      }
      methods.add(method);
      return method.name() + method.descriptor();
    }
  }
}
