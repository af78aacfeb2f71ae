package io.millrace.workers.local;

import io.millrace.stack.StackException;
import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * nginx in front of the replicas: the one with the fewest requests gets the next, and one that does
 * not answer, or says that it is not ready, is passed over. A prediction changes nothing, so that
 * another replica may be asked the same again.
 *
 * @param folder its configuration and temporary files
 * @param port where it listens
 * @param replicas their ports
 */
record Nginx(Path folder, int port, List<Integer> replicas) {

  /** Writes the configuration, and says how to start it. */
  List<String> command() {
    Path program =
        Executables.server("nginx")
            .orElseThrow(
                () ->
                    new StackException(
                        "There is no nginx, which several replicas need. Install it (Debian:"
                            + " apt-get install nginx-light), or start one replica."));
    try {
      Files.createDirectories(folder);
      Path file = Files.writeString(folder.resolve("nginx.conf"), configuration());
      return List.of(program.toString(), "-p", folder.toString(), "-c", file.toString());
    } catch (IOException e) {
      throw new StackException("Cannot write nginx.conf into " + folder + ": " + e.getMessage(), e);
    }
  }

  private String configuration() {
    String passedOver = servers("max_fails=1 fail_timeout=1s");
    String neverPassedOver = servers("max_fails=0");
    return """
    daemon off;
    worker_processes auto;
    pid nginx.pid;
    error_log stderr warn;
    events { worker_connections 4096; }
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      client_max_body_size 9m;
      client_body_buffer_size 1m;
      keepalive_timeout 75s;
      keepalive_requests 100000;
      upstream replicas {
        least_conn;
    %s
        keepalive 64;
      }
      upstream any_replica {
        least_conn;
    %s
        keepalive 64;
      }
      server {
        listen 127.0.0.1:%d;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_connect_timeout 1s;
        proxy_read_timeout 60s;
        proxy_next_upstream error timeout invalid_header http_503 non_idempotent;
        proxy_next_upstream_tries %d;
        location / {
          proxy_pass http://replicas;
          # While every replica is passed over, one that was busy a moment ago is still asked.
          error_page 502 = @any_replica;
        }
        location @any_replica {
          proxy_pass http://any_replica;
        }
      }
    }
    """
        .formatted(passedOver, neverPassedOver, port, replicas.size() + 1);
  }

  private String servers(String options) {
    return replicas.stream()
        .map(replica -> "    server 127.0.0.1:%d %s;".formatted(replica, options))
        .collect(Collectors.joining("\n"));
  }
}
