# Millrace: every main of workers in one image; what a container runs is its command. Build at the root of the checkout:
# docker build -f deploy/docker/millrace.Dockerfile -t millrace:0.1.0 .
FROM maven:3.9.11-eclipse-temurin-17 AS build
# jOOQ's classes come from a PostgreSQL that the build starts, which refuses to run as root.
RUN useradd --uid 10001 --create-home build && install -d -o build /src
USER build
WORKDIR /src
COPY --chown=build:build . .
RUN --mount=type=cache,target=/home/build/.m2,uid=10001,gid=10001 \
    mvn -B -q -pl workers -am package -Dmaven.test.skip=true -Dspotless.check.skip=true

FROM eclipse-temurin:17.0.17_10-jre-noble
RUN useradd --uid 10001 --create-home millrace
COPY --from=build /src/workers/target/lib /opt/millrace/lib
COPY --from=build /src/workers/target/millrace-workers.jar /opt/millrace/
COPY --chmod=755 deploy/docker/healthy /usr/local/bin/healthy
USER 10001:10001
WORKDIR /home/millrace
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["healthy", "/health/live"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", \
            "-cp", "/opt/millrace/millrace-workers.jar:/opt/millrace/lib/*"]
CMD ["-Dlogback.configurationFile=logback-serving.xml", "io.millrace.workers.serving.ServingMain"]
