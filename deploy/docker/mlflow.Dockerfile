# The MLflow server with what PostgreSQL and S3 need, in the versions of the local stack. Build at the root of the checkout:
# docker build -f deploy/docker/mlflow.Dockerfile -t millrace-mlflow:3.17.2 .
FROM python:3.11.13-slim-bookworm
COPY stack/src/main/resources/io/millrace/stack/install/mlflow.lock /tmp/mlflow.lock
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r /tmp/mlflow.lock && \
    useradd --uid 10001 --create-home mlflow
USER 10001:10001
WORKDIR /home/mlflow
EXPOSE 5001
ENTRYPOINT ["python", "-m", "mlflow", "server"]
