package io.millrace.stack;

import io.millrace.stack.ProgressListener.Phase;
import io.millrace.stack.process.Supervisor;
import io.millrace.stack.server.Server;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One start of several components: side by side, each after those that it needs. */
final class Startup {
  private final Function<Component, Server> servers;
  private final Supervisor supervisor;
  private final ProgressListener listener;
  private final Map<Component, Consumer<Endpoints>> preparations;
  private final Endpoints endpoints;
  private final long start = System.nanoTime();

  Startup(
      Function<Component, Server> servers,
      Supervisor supervisor,
      ProgressListener listener,
      Map<Component, Consumer<Endpoints>> preparations,
      Endpoints endpoints) {
    this.servers = servers;
    this.supervisor = supervisor;
    this.listener = listener;
    this.preparations = preparations;
    this.endpoints = endpoints;
  }

  /** Starts the components and what they need. */
  void run(Set<Component> components) {
    Set<Component> all = withNeeds(components);
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, all.size()));
    try {
      Map<Component, CompletableFuture<Void>> started = new EnumMap<>(Component.class);
      for (Component component : inOrder(all)) {
        CompletableFuture<Void> installed =
            CompletableFuture.runAsync(() -> install(component), threads);
        CompletableFuture<Void> needed =
            CompletableFuture.allOf(
                component.needs().stream().map(started::get).toArray(CompletableFuture<?>[]::new));
        started.put(
            component, installed.thenCombineAsync(needed, (a, b) -> start(component), threads));
      }
      await(started);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Starts one component; what it needs is taken to be there. */
  void only(Component component) {
    install(component);
    start(component);
  }

  /** The components and what they need. */
  static Set<Component> withNeeds(Set<Component> components) {
    Set<Component> all = EnumSet.noneOf(Component.class);
    for (Component component : components) {
      all.add(component);
      all.addAll(component.needs());
    }
    return all;
  }

  /** Those that need nothing first. */
  private static Iterable<Component> inOrder(Set<Component> all) {
    return all.stream()
        .sorted((a, b) -> Boolean.compare(!a.needs().isEmpty(), !b.needs().isEmpty()))
        .toList();
  }

  private void install(Component component) {
    tell(component, Phase.INSTALLING, "");
    attempt(() -> servers.apply(component).install());
  }

  private Void start(Component component) {
    tell(component, Phase.STARTING, "");
    attempt(
        () -> {
          Consumer<Endpoints> preparation = preparations.get(component);
          if (preparation != null) {
            preparation.accept(endpoints);
          }
          Server server = servers.apply(component);
          supervisor.start(server.prepare());
          server.settle();
        });
    tell(component, Phase.HEALTHY, "");
    return null;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void attempt(Step step) {
    try {
      step.run();
    } catch (StackException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted", e);
    } catch (Exception e) {
      throw new StackException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  private void await(Map<Component, CompletableFuture<Void>> started) {
    Map<Component, Throwable> failures = new LinkedHashMap<>();
    started.forEach(
        (component, future) -> {
          try {
            future.join();
          } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            boolean own = failures.values().stream().noneMatch(cause::equals);
            String detail = own ? cause.getMessage() : "what it needs could not be started";
            tell(component, Phase.FAILED, detail == null ? cause.toString() : detail);
            if (own) {
              failures.put(component, cause);
            }
          }
        });
    if (!failures.isEmpty()) {
      throw new StackException(
          failures.entrySet().stream()
              .map(failure -> failure.getKey().id() + ": " + failure.getValue().getMessage())
              .collect(Collectors.joining("\n")),
          failures.values().iterator().next());
    }
  }

  private void tell(Component component, Phase phase, String detail) {
    listener.at(component, phase, Duration.ofNanos(System.nanoTime() - start), detail);
  }
}
