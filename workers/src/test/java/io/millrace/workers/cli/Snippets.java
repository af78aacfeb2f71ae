package io.millrace.workers.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.ParserException;

/** Whether the code of a page is well formed. Each method says what is wrong, or nothing. */
final class Snippets {

  private Snippets() {}

  static String json(String text) {
    try {
      Object unused = new ObjectMapper().readTree(text);
      return "";
    } catch (JsonProcessingException e) {
      return e.getOriginalMessage();
    }
  }

  static String sql(String text) {
    try {
      Object unused = DSL.using(SQLDialect.POSTGRES).parser().parse(text);
      return "";
    } catch (ParserException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** A file, members of a class, or statements; an ellipsis stands for what is left out. */
  static String java(String text) throws IOException {
    String code = text.replace("…", "").replaceAll("(?m)^\\.\\.\\.$", "");
    String fault = "";
    for (String form :
        List.of("%s", "class Page {\n%s\n}", "class Page { void page() {\n%s\n} }")) {
      fault = parse(form.formatted(code.strip()));
      if (fault.isEmpty()) {
        return "";
      }
    }
    return fault;
  }

  private static String parse(String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            compiler.getTask(null, null, found, List.of("-proc:none"), null, List.of(file(source)));
    Object unused = task.parse();
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .findFirst()
        .map(diagnostic -> diagnostic.getMessage(Locale.ROOT) + " at " + diagnostic.getLineNumber())
        .orElse("");
  }

  private static JavaFileObject file(String source) {
    return new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }
}
